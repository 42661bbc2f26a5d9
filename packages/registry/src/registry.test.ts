import { describe, expect, expectTypeOf, test } from "vitest";
import { BackendError, createRegistry, CONTRACT, definePlugin, FormatError, UnknownNameError, ValueError, type Plugin, type Registry } from "./index.js";

class Linear {
  static readonly type = "nn/Linear";
  readonly sizes: readonly [number, number];
  readonly options: { bias?: boolean };
  constructor(inFeatures: number, outFeatures: number, options: { bias?: boolean } = {}) {
    if (!(inFeatures > 0)) throw new ValueError("Linear", `inFeatures is ${String(inFeatures)}`, "Give it a size");
    this.sizes = [inFeatures, outFeatures];
    this.options = options;
  }
}

class Sequential {
  static readonly type = "nn/Sequential";
  readonly layers: object[];
  constructor(...layers: object[]) {
    this.layers = layers;
  }
}

class Wrapper {
  static readonly type = "nn/Wrapper";
  readonly named = new Map<string | number, object>([["first", new Linear(1, 1)], [2, new Linear(1, 1)]]);
  readonly frozen = Object.freeze([new Linear(1, 1)]);
  inner: object = new Sequential(new Linear(1, 1));
  readonly options: unknown;
  constructor(options?: unknown) {
    this.options = options;
  }
  get fixed(): object {
    return this.inner;
  }
}

class UNet {
  static readonly type = "vision/UNet";
  readonly depth = 4;
}

class Tensor {
  readonly shape = [1];
}

const gelu = (x: number): number => x;
const huber = (x: number, delta: number): number => x * delta;
const wasm = (options: { threads?: number } = {}) => Promise.resolve({ name: "wasm" as const, threads: options.threads ?? 1 });

const nn = definePlugin({ name: "@dl/nn", contract: 1, layers: { Linear, Sequential, Wrapper }, ops: { gelu }, losses: { huber } });
const vision = definePlugin({ name: "@dl/vision", contract: 1, layers: { UNet } });
const wasmBackend = definePlugin({ name: "@dl/backend-wasm", contract: 1, backends: { wasm } });
const registry = createRegistry(nn, vision, wasmBackend);

const thrown = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe("definePlugin", () => {
  test("SYS-02 keeps literal names and exact types", () => {
    expectTypeOf(nn.name).toEqualTypeOf<"@dl/nn">();
    expectTypeOf(nn.ops.gelu).toEqualTypeOf<(x: number) => number>();
    expect(nn).toStrictEqual({ name: "@dl/nn", contract: 1, layers: { Linear, Sequential, Wrapper }, ops: { gelu }, losses: { huber } });
  });

  test.each([
    [CONTRACT + 1, /acme.*contract 2, this @dl\/registry speaks contract 1\. Update @dl\/registry/],
    [CONTRACT - 1, /acme.*contract 0, this @dl\/registry speaks contract 1\. Update the plugin/],
  ])("SYS-02 refuses contract %d and names both", (contract, message) => {
    const refuse = (): unknown => definePlugin({ name: "acme", contract });
    expect(refuse).toThrow(ValueError);
    expect(refuse).toThrow(message);
    expect(() => createRegistry({ name: "acme", contract })).toThrow(message);
  });

  test("rejects malformed plugins", () => {
    const json = (text: string): Plugin => JSON.parse(text) as Plugin;
    expect(() => definePlugin(json('{"contract":1}'))).toThrow(/name is undefined/);
    expect(() => definePlugin(json('{"name":"a"}'))).toThrow(/contract is undefined\. Write contract: 1/);
    expect(() => definePlugin(json('{"name":"a","contract":1.5}'))).toThrow(/contract is 1.5/);
    expect(() => definePlugin(json('{"name":"a","contract":1,"layer":{}}'))).toThrow(/unknown option "layer"\. Did you mean "layers"/);
    expect(() => definePlugin(json('{"name":"a","contract":1,"ops":[]}'))).toThrow(/ops is not an object/);
    expect(() => definePlugin(json('{"name":"a","contract":1,"ops":{"f":3}}'))).toThrow(/op "f" is of type number/);
    expect(() => definePlugin(json('{"name":"a","contract":1,"datasets":{"f":null}}'))).toThrow(/data set "f" is null/);
    const typeless: Record<string, unknown> = { name: "a", contract: 1, layers: { Nameless: Tensor } };
    expect(() => definePlugin(typeless as Plugin)).toThrow(/layer "Nameless" has no type\. Add it to the class: static readonly type = "<package>\/Nameless";/);
  });

  test("an unknown kind does not compile", () => {
    // @ts-expect-error the kind is called layers
    expect(() => definePlugin({ name: "acme", contract: 1, layer: {} })).toThrow(UnknownNameError);
  });
});

describe("createRegistry", () => {
  test("SYS-02 layers are keyed by type, other kinds by key, all typed", () => {
    expectTypeOf(registry.layers["vision/UNet"]).toEqualTypeOf<typeof UNet>();
    expectTypeOf(registry.ops.gelu).toEqualTypeOf<(x: number) => number>();
    expectTypeOf<keyof typeof registry.layers>().toEqualTypeOf<"nn/Linear" | "nn/Sequential" | "nn/Wrapper" | "vision/UNet">();
    expectTypeOf<keyof typeof registry.recipes>().toEqualTypeOf<never>();
    expect(registry.layers["vision/UNet"]).toBe(UNet);
    expect(Object.keys(registry.layers)).toStrictEqual(["nn/Linear", "nn/Sequential", "nn/Wrapper", "vision/UNet"]);
    expect(registry.plugins.map(({ name }) => name)).toStrictEqual(["@dl/nn", "@dl/vision", "@dl/backend-wasm"]);
  });

  test("maps are frozen and inherit nothing", () => {
    expect("constructor" in registry.ops).toBe(false);
    expect(Object.isFrozen(registry.layers)).toBe(true);
    expect(Object.isFrozen(registry)).toBe(true);
  });

  test("passes as a registry of any plugins", () => {
    const any: Registry<Plugin> = registry;
    expectTypeOf(any.recipes).toEqualTypeOf<Readonly<Record<string, object>>>();
    expect(any.get("backends", "wasm")).toBe(wasm);
  });

  test("a name taken twice names both packages", () => {
    class OtherLinear extends Linear {}
    const acme = definePlugin({ name: "acme", contract: 1, layers: { OtherLinear } });
    const error = thrown(() => createRegistry(nn, acme));
    expect(error).toBeInstanceOf(ValueError);
    expect(error).toHaveProperty("message", 'createRegistry: layer "nn/Linear" is in both "@dl/nn" and "acme". Rename one, or leave one out.');
    expect(() => createRegistry(nn, nn)).toThrow(/plugin "@dl\/nn" is there twice/);
  });

  test("a subclass that forgot its own type clashes with its parent", () => {
    class Deeper extends UNet {}
    expect(() => createRegistry(definePlugin({ name: "acme", contract: 1, layers: { UNet, Deeper } }))).toThrow(
      /layer "vision\/UNet" is there twice, both from "acme"/,
    );
  });

  test("the same key in two kinds is no clash", () => {
    const both = createRegistry(definePlugin({ name: "acme", contract: 1, ops: { gelu }, losses: { gelu } }));
    expect(both.ops.gelu).toBe(both.losses.gelu);
  });

  test("get is typed and an unknown name helps", () => {
    expectTypeOf(registry.get("layers", "nn/Linear")).toEqualTypeOf<typeof Linear>();
    const name = ["nn", "Linear"].join("/");
    expectTypeOf(registry.get("layers", name)).toEqualTypeOf<typeof Linear | typeof Sequential | typeof Wrapper | typeof UNet>();
    expect(registry.get("layers", name)).toBe(Linear);
    const error = thrown(() => registry.get("layers", "nn/Linaer"));
    expect(error).toBeInstanceOf(UnknownNameError);
    expect(error).toHaveProperty(
      "message",
      'registry.get: unknown layer "nn/Linaer". Did you mean "nn/Linear"? Plugins present: @dl/nn, @dl/vision, @dl/backend-wasm.',
    );
    expect(() => createRegistry().get("recipes", "x")).toThrow(/unknown recipe "x"\. Known: none\. Plugins present: none\./);
    expect(() => registry.get("ops", "constructor")).toThrow(UnknownNameError);
  });

  test("backend awaits its factory with typed options", async () => {
    const backend = await registry.backend("wasm", { threads: 2 });
    expectTypeOf(backend).toExtend<{ name: "wasm"; threads: number }>();
    expect(backend).toStrictEqual({ name: "wasm", threads: 2 });
    await expect(registry.backend("wsam")).rejects.toThrow(/unknown backend "wsam"\. Did you mean "wasm"\?/);
  });

  test("backend opens what can be asked first, or refuses", async () => {
    const opener = (threads = 1) => ({ name: "gpu", isAvailable: () => threads > 0, create: () => ({ name: "gpu" as const, threads }) });
    const reference = { name: "reference", create: (options: { strict?: boolean } = {}) => Promise.resolve(options) };
    const apps = createRegistry(definePlugin({ name: "acme", contract: 1, backends: { opener, reference } }));
    const gpu = await apps.backend("opener", 3);
    expectTypeOf(gpu).toExtend<{ name: "gpu"; threads: number }>();
    expect(gpu).toStrictEqual({ name: "gpu", threads: 3 });
    expect(await apps.backend("reference", { strict: true })).toStrictEqual({ strict: true });
    await expect(apps.backend("opener", 0)).rejects.toThrow(BackendError);
  });
});

describe("build", () => {
  const linear = { type: "nn/Linear", args: [2, 3, { bias: false }] } as const;

  test("SYS-02 makes the layer that the JSON names", () => {
    const layer = registry.build(linear);
    expectTypeOf(layer).toEqualTypeOf<Linear>();
    expect(layer).toStrictEqual(new Linear(2, 3, { bias: false }));
    const read: unknown = JSON.parse(JSON.stringify(linear));
    expectTypeOf(registry.build(read)).toEqualTypeOf<Linear | Sequential | Wrapper | UNet>();
    expect(registry.build(read)).toStrictEqual(layer);
  });

  test("modules nest in arguments, arrays and options", () => {
    expect(registry.build({ type: "nn/Sequential", args: [linear, linear] })).toStrictEqual(
      new Sequential(new Linear(2, 3, { bias: false }), new Linear(2, 3, { bias: false })),
    );
    const options = { head: linear, tail: [linear, null, "x"], type: "plain" };
    const inner = new Linear(2, 3, { bias: false });
    expect(registry.build({ type: "nn/Wrapper", args: [options] })).toHaveProperty("options", { head: inner, tail: [inner, null, "x"], type: "plain" });
  });

  test("functions travel by name", () => {
    const built = registry.build({ type: "nn/Wrapper", args: [{ activation: { function: "gelu" }, loss: { function: "huber" } }] });
    expect(built.options).toStrictEqual({ activation: gelu, loss: huber });
    expect(() => registry.build({ type: "nn/Wrapper", args: [{ function: "gleu" }] })).toThrow(/at \$\.args\[0\]: unknown op "gleu"\. Did you mean "gelu"\?/);
  });

  test("children replace submodules in objects, arrays and maps", () => {
    const built = registry.build({ type: "nn/Wrapper", args: [], children: { "inner.layers.0": linear, "named.first": linear, "named.2": linear } });
    const expected = new Linear(2, 3, { bias: false });
    expect(built.inner).toStrictEqual(new Sequential(expected));
    expect([...built.named]).toStrictEqual([["first", expected], [2, expected]]);
    expect(registry.build({ type: "nn/Wrapper", args: [], children: { inner: linear } }).inner).toStrictEqual(expected);
  });

  const deep = Array.from({ length: 1000 }).reduce<unknown>((inner) => [inner], 1);
  test.each<[string, unknown, RegExp]>([
    ["a string", "{}", /at \$: expected { type, args }, got the string "{}"/],
    ["null", null, /at \$: expected { type, args }, got null/],
    ["no type", { args: [] }, /at \$\.type: expected a layer's type, got undefined/],
    ["no args", { type: "nn/Linear" }, /at \$\.args: expected an array, got undefined/],
    ["args that are no array", { type: "nn/Sequential", args: [{ type: "nn/Linear", args: {} }] }, /at \$\.args\[0\]\.args: expected an array, got an object/],
    ["another key", { type: "nn/Linear", args: [], weights: 1 }, /at \$\.weights: a layer has type, args and children/],
    ["a tensor", { type: "nn/Wrapper", args: [{ a: [new Tensor()] }] }, /at \$\.args\[0\]\.a\[0\]: an instance of Tensor is not JSON/],
    ["NaN", { type: "nn/Wrapper", args: [NaN] }, /at \$\.args\[0\]: NaN is not JSON/],
    ["a function that is no name", { type: "nn/Wrapper", args: [{ function: 3 }] }, /at \$\.args\[0\]\.function: expected the name of an op or a loss, got 3/],
    ["__proto__", JSON.parse('{"type":"nn/Wrapper","args":[{"__proto__":{}}]}'), /at \$\.args\[0\]\.__proto__: the key is not allowed/],
    ["a child that is not there", { type: "nn/Wrapper", args: [], children: { "inner.body.0": linear } }, /at \$\.children\["inner\.body\.0"\]: there is no field "inner\.body"/],
    ["a child that is frozen", { type: "nn/Wrapper", args: [], children: { "frozen.0": linear } }, /the field "frozen\.0" cannot be replaced/],
    ["a child that no map has", { type: "nn/Wrapper", args: [], children: { "named.3": linear } }, /there is no field "named\.3"/],
    ["a child through the prototype", { type: "nn/Wrapper", args: [], children: { "constructor.type": linear } }, /there is no field "constructor"/],
    ["children that are no object", { type: "nn/Wrapper", args: [], children: [] }, /at \$\.children: expected an object of layers by path/],
    ["bottomless nesting", { type: "nn/Wrapper", args: [deep] }, /nests deeper than 256 levels/],
  ])("rejects %s with its JSON path", (_, json, message) => {
    expect(() => registry.build(json)).toThrow(FormatError);
    expect(() => registry.build(json)).toThrow(message);
  });

  test("an unknown type lists near matches and plugins", () => {
    const build = (): unknown => registry.build({ type: "nn/Sequential", args: [{ type: "vision/Unet2", args: [] }] });
    expect(build).toThrow(/at \$\.args\[0\]: unknown layer "vision\/Unet2"\. Did you mean "vision\/UNet"\? Plugins present: @dl\/nn/);
  });

  test("an argument that a layer refuses keeps the layer's own error, anything else gets the path", () => {
    expect(() => registry.build({ type: "nn/Linear", args: [-1, 2] })).toThrow(/^Linear: inFeatures is -1/);
    class Fragile {
      static readonly type = "acme/Fragile";
      readonly size: number;
      constructor(text: string) {
        this.size = text.trim().length;
      }
    }
    const fragile = createRegistry(definePlugin({ name: "acme", contract: 1, layers: { Fragile } }));
    expect(() => fragile.build({ type: "acme/Fragile", args: [1] })).toThrow(/at \$: acme\/Fragile refused its arguments: TypeError/);
  });
});
