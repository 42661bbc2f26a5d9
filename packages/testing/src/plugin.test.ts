import { Layer, Linear } from "@dl/nn";
import { definePlugin } from "@dl/registry";
import type { Plugin } from "@dl/registry";
import { elementwise, example } from "@dl/tensor";
import type { Example, Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { runChecks } from "./check.js";
import { testPlugin } from "./plugin.js";
import type { PluginOptions } from "./plugin.js";
import { bindSuite } from "./vitest.js";

const bell = elementwise("bell", (x) => x.square().neg().exp());
const examples = (): Example[] => [example(bell, { shapes: [[2, 3]] }), example(bell, { inputs: [[-1, 3]], expect: [Math.exp(-1), Math.exp(-9)] })];

class Bell extends Layer {
  static readonly type = "acme/Bell";
  constructor() { super([]); }
  forward(x: Tensor): Tensor { return bell(x); }
}

const acme = definePlugin({ name: "acme-bell", contract: 1, ops: { bell }, layers: { Bell } });

bindSuite("a sound plugin (SYS-02, SYS-03)", testPlugin(acme, { examples }));

async function faultsOf(plugin: Plugin, options: PluginOptions = {}): Promise<Record<string, string>> {
  const results = await runChecks(testPlugin(plugin, options));
  return Object.fromEntries(results.filter(({ outcome }) => outcome === "failed").map(({ name, message }) => [name, message]));
}

describe("planted faults in plugins (SYS-03)", () => {
  test("an op without examples", async () => {
    const swish = elementwise("swish", (x) => x.mul(x.sigmoid()));
    const found = await faultsOf({ ...acme, ops: { bell, swish } }, { examples });
    expect(found).toEqual({ "swish: has examples": expect.stringContaining("swish: the op has no examples") as string });
  });

  test("an example of somebody else's op", async () => {
    const other = elementwise("other", (x) => x.neg());
    const found = await faultsOf(acme, { examples: () => [...examples(), example(other, { shapes: [[2]] })] });
    expect(found["acme-bell: examples are of its own ops"]).toContain('an example is of "other"');
  });

  test("an op under another name, and a plain function", async () => {
    const found = await faultsOf({ name: "acme", contract: 1, ops: { knell: bell, plain: (x: Tensor) => x } }, { examples });
    expect(found["acme: ops.knell is an op of that name"]).toContain('the op calls itself "bell"');
    expect(found["acme: ops.plain is an op of that name"]).toContain("it is a plain function");
  });

  test("an op whose name the core has", async () => {
    const gelu = elementwise("gelu", (x) => x.neg());
    const found = await faultsOf({ name: "acme", contract: 1, ops: { gelu } }, { examples: () => [example(gelu, { shapes: [[2]] })] });
    expect(found).toEqual({ "acme: composes with other plugins": expect.stringContaining('op "gelu" is in both "@dl/tensor" and "acme"') as string });
  });

  test("another contract", async () => {
    expect((await faultsOf({ name: "acme", contract: 2 }))["acme: fits the contract"]).toContain("the plugin speaks contract 2");
  });

  test("a layer's type that is not its name, and one that is taken", async () => {
    class Clone extends Layer {
      static readonly type = "acme/Bell";
      constructor() { super([]); }
      forward(x: Tensor): Tensor { return x; }
    }
    const found = await faultsOf({ name: "copycat", contract: 1, layers: { Clone } }, { plugins: [acme] });
    expect(found["copycat: layers.Clone has a type of its own"]).toContain('its type is "acme/Bell"');
    expect(found["copycat: composes with other plugins"]).toContain('layer "acme/Bell" is in both "acme-bell" and "copycat"');
  });

  test("a layer that needs arguments and has no example", async () => {
    class Affine extends Layer {
      static readonly type = "acme/Affine";
      readonly linear: Linear;
      constructor(...sizes: readonly [number, number]) {
        super(sizes);
        this.linear = new Linear(...sizes);
      }
      forward(x: Tensor): Tensor { return this.linear.forward(x); }
    }
    const plugin = { name: "acme", contract: 1, layers: { Affine } };
    expect(await faultsOf(plugin)).toEqual({ "acme/Affine: has examples": expect.stringContaining("the layer has no example and cannot be made without arguments (Linear: inFeatures is undefined.") as string });
    expect(await faultsOf(plugin, { layers: () => [{ layer: () => new Affine(3, 2), shapes: [[2, 3]], outputShape: [2, 2] }] })).toEqual({});
  });
});
