import { Dropout, Layer, Linear, Sequential, buffer, parameter } from "@dl/nn";
import type { Buffer, Parameter } from "@dl/nn";
import { definePlugin } from "@dl/registry";
import { ones, randn, tensor, zeros } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { runChecks } from "../check.js";
import type { LayerExample } from "./example.js";
import { testLayer } from "./layer.js";

const shapes = [[2, 3]];

/** Failed checks of one example, with their messages. */
async function faultsOf(example: LayerExample): Promise<Record<string, string>> {
  const results = await runChecks(testLayer(example));
  return Object.fromEntries(results.filter(({ outcome }) => outcome === "failed").map(({ name, message }) => [name, message]));
}

/** weight·x, and a running mean that evaluation subtracts. */
class Centre extends Layer {
  static readonly type: string = "test/Centre";
  weight: Parameter;
  runningMean: Buffer;

  constructor(readonly size: number, readonly options: { readonly momentum?: number } = {}) {
    super([size, options]);
    this.weight = parameter(randn([size]));
    this.runningMean = buffer(zeros([size]));
  }

  forward(x: Tensor): Tensor {
    const { momentum = 0.1 } = this.options;
    if (this.training) this.runningMean.assign(this.runningMean.mul(1 - momentum).add(x.detach().mean(0).mul(momentum)));
    return x.sub(this.training ? x.mean(0) : this.runningMean).mul(this.weight);
  }
}

describe("sound layers pass (SYS-03)", () => {
  const examples: Record<string, LayerExample> = {
    "parameters and a running mean": { layer: () => new Centre(3, { momentum: 0.3 }), shapes, outputShape: [2, 3] },
    "a container": { layer: () => new Sequential(new Linear(3, 4), new Dropout(0.3), new Linear(4, 2, { bias: false })), shapes, outputShape: [2, 2] },
  };
  test.each(Object.entries(examples))("%s", async (_, example) => {
    expect(await faultsOf(example)).toEqual({});
  });
});

describe("planted faults in layers (SYS-03)", () => {
  test("a layer that forgets a parameter in a #private field", async () => {
    class Hidden extends Layer {
      static readonly type = "test/Hidden";
      readonly #weight: Parameter;
      constructor() {
        super([]);
        this.#weight = parameter(ones([3]));
      }
      forward(x: Tensor): Tensor { return x.mul(this.#weight); }
    }
    expect((await faultsOf({ layer: () => new Hidden(), shapes }))["parameters found"]).toContain(
      "Hidden: forward uses a tensor of shape [3] that requires a gradient but is not in parameters()",
    );
  });

  test("a layer that forgets a parameter in a closure", async () => {
    class Closed extends Layer {
      static readonly type = "test/Closed";
      readonly scale: (x: Tensor) => Tensor;
      constructor() {
        super([]);
        const weight = ones([1], { requiresGrad: true });
        this.scale = (x) => x.mul(weight);
      }
      forward(x: Tensor): Tensor { return this.scale(x); }
    }
    expect(await faultsOf({ layer: () => new Closed(), shapes })).toHaveProperty("parameters found");
  });

  test("a layer that keeps state in a plain tensor", async () => {
    class Plain extends Layer {
      static readonly type = "test/Plain";
      readonly mask: Tensor = ones([3]);
      constructor() { super([]); }
      forward(x: Tensor): Tensor { return x.mul(this.mask); }
    }
    const found = await faultsOf({ layer: () => new Plain(), shapes });
    expect(found["fields are parameters or buffers"]).toContain('Plain: the field "mask" holds a plain tensor');
    expect(found["moves to another backend"]).toContain("operands live on backends");
  });

  test("a layer whose JSON loses an option", async () => {
    class Forgetful extends Centre {
      static override readonly type = "test/Forgetful";
      override get args(): readonly unknown[] { return [this.size]; }
    }
    const found = await faultsOf({ layer: () => new Forgetful(3, { momentum: 0.5 }), shapes });
    expect(Object.keys(found)).toEqual(["JSON round trip"]);
  });

  test("a layer without a type of its own", async () => {
    class Untyped extends Centre {}
    expect((await faultsOf({ layer: () => new Untyped(3), shapes }))["JSON round trip"]).toContain("Untyped: the class has no type");
  });

  test("a layer that cuts the gradient", async () => {
    class Cut extends Centre {
      static override readonly type = "test/Cut";
      override forward(x: Tensor): Tensor { return super.forward(x).detach().add(x); }
    }
    const found = await faultsOf({ layer: () => new Cut(3), shapes });
    expect(found["gradients reach all parameters"]).toContain('no gradient reaches the parameter "weight"');
    expect(found["gradient in evaluation"]).toContain("analytically");
  });

  test("a layer whose state lies outside of its state dict", async () => {
    class Counting extends Layer {
      static readonly type = "test/Counting";
      weight = parameter(randn([3]));
      calls = 0;
      constructor() { super([]); }
      forward(x: Tensor): Tensor {
        if (this.training) this.calls += 1;
        return x.mul(this.weight).mul(this.calls);
      }
    }
    expect(await faultsOf({ layer: () => new Counting(), shapes })).toHaveProperty("state round trip");
  });

  test("a layer that learns in evaluation", async () => {
    class Restless extends Centre {
      static override readonly type = "test/Restless";
      override forward(x: Tensor): Tensor {
        this.runningMean.assign(x.detach().mean(0));
        return super.forward(x);
      }
    }
    expect((await faultsOf({ layer: () => new Restless(3), shapes }))["evaluation changes nothing"]).toContain("Restless: state after forward in evaluation");
  });

  test("a layer with randomness of its own", async () => {
    let calls = 0;
    class Noisy extends Centre {
      static override readonly type = "test/Noisy";
      override forward(x: Tensor): Tensor { return super.forward(x).add(tensor([calls++])); }
    }
    expect(await faultsOf({ layer: () => new Noisy(3), shapes })).toHaveProperty("deterministic");
  });

  test("a key that is not snake_case, and a wrong output shape", async () => {
    class Oddly extends Layer {
      static readonly type = "test/Oddly";
      readonly "weight-1" = parameter(ones([3]));
      constructor() { super([]); }
      forward(x: Tensor): Tensor { return x.mul(this["weight-1"]); }
    }
    const found = await faultsOf({ layer: () => new Oddly(), shapes, outputShape: [2, 4] });
    expect(found["state keys"]).toContain('"weight-1" is not snake_case');
    expect(found["output shape"]).toContain("Oddly: the output has shape [2, 3], not [2, 4]");
  });

  test("a layer whose file needs a plugin that is not there", async () => {
    const example: LayerExample = { layer: () => new Sequential(new Centre(3)), shapes };
    expect(await faultsOf(example)).toEqual({});
    const plugins = [definePlugin({ name: "other", contract: 1, layers: { Centre: class extends Centre { static override readonly type = "test/Centre"; } } })];
    const results = await runChecks(testLayer(example, { plugins }));
    expect(results.find(({ name }) => name === "JSON round trip")?.outcome).toBe("passed");
  });
});
