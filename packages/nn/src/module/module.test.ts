import { backward } from "@dl/autograd";
import { DTypeError, ShapeError, StateError, UnknownNameError } from "@dl/registry";
import { arange, createReferenceBackend, ones, tensor, zeros } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { Linear, ReLU, Sequential } from "../layers/index.js";
import { Layer, Module, buffer, parameter, registerBackwardHook, registerForwardHook, registerForwardPreHook } from "./index.js";

class Net extends Module {
  weightIh = parameter(ones([2, 2]));
  runningMean = buffer(zeros([2]));
  scratch = buffer(zeros([1]), { persistent: false });
  plain = ones([3]);
  note = "not a tensor";
  blocks = [new Linear(2, 2), new Linear(2, 2, { bias: false })];
  heads = new Map<string, Module>([["mainHead", new Linear(2, 1)]]);
  extra = { sideNet: new Linear(2, 1, { bias: false }) };
  nothing = null;
  readonly #hidden = parameter(ones([1]));

  forward(x: Tensor): Tensor {
    return this.blocks.reduce((y, block) => block.forward(y), x.matmul(this.weightIh)).add(this.#hidden);
  }
}

class Tied extends Module {
  a = new Linear(2, 2);
  b = this.a;
  forward(x: Tensor): Tensor { return this.b.forward(this.a.forward(x)); }
}

class Cyclic extends Module {
  child = new Linear(1, 1);
  parent: Module = this;
  forward(x: Tensor): Tensor { return this.child.forward(x); }
}

const keys = ["weight_ih", "running_mean", "blocks.0.weight", "blocks.0.bias", "blocks.1.weight", "heads.mainHead.weight", "heads.mainHead.bias", "extra.side_net.weight"];

describe("walking", () => {
  test("finds parameters in fields, arrays, maps and objects, under PyTorch's names", () => {
    const net = new Net();
    expect(net.namedParameters().map(([key]) => key)).toStrictEqual(keys.filter((key) => key !== "running_mean"));
    expect(net.namedBuffers().map(([key]) => key)).toStrictEqual(["running_mean", "scratch"]);
    expect(net.namedModules().map(([key]) => key)).toStrictEqual(["", "blocks.0", "blocks.1", "heads.mainHead", "extra.side_net"]);
    expect(net.children()).toHaveLength(4);
    expect([...net.stateDict().keys()]).toStrictEqual(keys);
  });

  test("MLP-02 containers add no segment", () => {
    const model = new Sequential(new Linear(2, 3), new ReLU(), new Sequential(new Linear(3, 1)));
    expect([...model.stateDict().keys()]).toStrictEqual(["0.weight", "0.bias", "2.0.weight", "2.0.bias"]);
  });

  test("a shared module counts once, and stands in the state under both names", () => {
    const tied = new Tied();
    expect(tied.parameters()).toHaveLength(2);
    expect([...tied.stateDict().keys()]).toStrictEqual(["a.weight", "a.bias", "b.weight", "b.bias"]);
  });

  test("a cycle ends", () => {
    expect(new Cyclic().namedModules().map(([key]) => key)).toStrictEqual(["", "child"]);
  });

  test("two fields with one key are refused", () => {
    class Twice extends Module {
      biasA = parameter(ones([1]));
      bias_a = parameter(ones([1]));
      forward(x: Tensor): Tensor { return x; }
    }
    expect(() => new Twice().stateDict()).toThrow(/two fields give the key "bias_a"/);
  });

  test("modules of another copy of the package are found by their brand", () => {
    const foreign = { [Symbol.for("dl/module")]: true, training: true, weight: parameter(ones([1])), forward: (x: Tensor) => x };
    const net = Object.assign(new Net(), { foreign });
    expect(net.namedParameters().map(([key]) => key)).toContain("foreign.weight");
    expect(net.eval().training || foreign.training).toBe(false);
  });
});

describe("state dict", () => {
  test("SYS-02 goes back, in whole, from a map or an object", () => {
    const [a, b] = [new Net(), new Net()];
    b.loadStateDict(a.stateDict());
    expect(b.blocks[0].weight.toArray()).toStrictEqual(a.blocks[0].weight.toArray());
    const c = new Net();
    expect(c.loadStateDict(Object.fromEntries(a.stateDict()))).toStrictEqual({ missing: [], unexpected: [] });
    expect(c.blocks[1].weight.toArray()).toStrictEqual(a.blocks[1].weight.toArray());
  });

  test("is a snapshot", () => {
    const layer = new Linear(1, 1);
    const state = layer.stateDict();
    const before = layer.weight.item();
    layer.weight.assign(tensor([[before + 1]]));
    expect(state.get("weight")?.item()).toBe(before);
  });

  test("of another model lists what is missing and unexpected, and changes nothing", () => {
    const layer = new Linear(2, 1);
    const before = layer.weight.toArray();
    const load = (): unknown => layer.loadStateDict({ weights: ones([1, 2]), weight: ones([1, 2]) });
    expect(load).toThrow(UnknownNameError);
    expect(load).toThrow('loadStateDict: the state belongs to another model: missing "bias"; unexpected "weights".');
    expect(() => layer.loadStateDict({ weigth: ones([1, 2]), bias: ones([1]) })).toThrow(/missing "weight" \(near: "weigth"\); unexpected "weigth" \(near: "weight"\)/);
    expect(layer.weight.toArray()).toStrictEqual(before);
    expect(layer.loadStateDict({ weight: ones([1, 2]), other: ones([1]) }, { strict: false })).toStrictEqual({ missing: ["bias"], unexpected: ["other"] });
    expect(layer.weight.toArray()).toStrictEqual([[1, 1]]);
  });

  test("values that do not fit are refused before any is taken", () => {
    const layer = new Linear(2, 1);
    const before = layer.weight.toArray();
    expect(() => layer.loadStateDict({ weight: ones([1, 2]), bias: ones([2]) })).toThrow(ShapeError);
    expect(() => layer.loadStateDict({ weight: ones([1, 2]), bias: ones([1], { dtype: "float64" }) })).toThrow(DTypeError);
    expect(() => layer.loadStateDict({ weight: ones([1, 2]), bias: ones([1]) }, { strikt: true } as object)).toThrow(UnknownNameError);
    expect(layer.weight.toArray()).toStrictEqual(before);
  });
});

describe("modes", () => {
  test("train, eval and apply reach every module, children first", () => {
    const net = new Sequential(new Sequential(new ReLU()), new ReLU());
    net.eval();
    expect(net.namedModules().map(([, module]) => module.training)).toStrictEqual([false, false, false, false]);
    const seen: Module[] = [];
    net.train().apply((module) => { seen.push(module); });
    expect(seen.at(-1)).toBe(net);
    expect(seen.every(({ training }) => training)).toBe(true);
  });

  test("frozen parameters collect nothing; zeroGrad forgets", () => {
    const layer = new Linear(2, 1);
    layer.requiresGrad_(false);
    expect(layer.forward(ones([1, 2])).requiresGrad).toBe(false);
    layer.requiresGrad_();
    backward(layer.forward(ones([1, 2])).sum());
    expect(layer.weight.grad?.toArray()).toStrictEqual([[1, 1]]);
    layer.zeroGrad();
    expect(layer.weight.grad).toBeNull();
  });

  test("to converts floats and keeps what is shared shared", () => {
    const tied = new Tied().to("float64");
    expect(tied.a.weight.dtype).toBe("float64");
    expect(tied.a).toBe(tied.b);
    expect(tied.parameters()).toHaveLength(2);
    class Counting extends Module {
      steps = buffer(arange(1), { fileDtype: "I64" });
      scale = parameter(ones([1]));
      twin = this.scale;
      forward(x: Tensor): Tensor { return x; }
    }
    const counting = new Counting();
    counting.requiresGrad_(false).to("float64");
    expect([counting.steps.dtype, counting.scale.dtype, counting.scale.requiresGrad]).toStrictEqual(["int32", "float64", false]);
    expect(counting.scale).toBe(counting.twin);
    const backend = createReferenceBackend();
    expect(counting.to(backend).namedBuffers().every(([, value]) => value.backend === backend)).toBe(true);
  });

  test("parameter refuses integers", () => {
    expect(() => parameter(arange(3))).toThrow(DTypeError);
  });
});

describe("hooks", () => {
  test("run around forward, may replace, and go away", () => {
    const layer = new Linear(1, 1, { bias: false });
    layer.weight.assign(tensor([[2]]));
    const seen: unknown[] = [];
    const before = registerForwardPreHook(layer, (module, inputs) => {
      seen.push([module, inputs.length]);
      return [tensor([[10]])];
    });
    const after = registerForwardHook(layer, (_, inputs, output) => {
      seen.push(inputs.length);
      return (output as Tensor).add(1);
    });
    expect(layer.forward(tensor([[1]])).item()).toBe(21);
    expect(seen).toStrictEqual([[layer, 1], 1]);
    expect([...layer.stateDict().keys()]).toStrictEqual(["weight"]);
    expect(Object.keys(layer)).not.toContain("forward");
    before.remove();
    before.remove();
    expect(layer.forward(tensor([[1]])).item()).toBe(3);
    after.remove();
    expect(layer.forward(tensor([[1]])).item()).toBe(2);
    expect(Object.hasOwn(layer, "forward")).toBe(false);
  });

  test("run inside of containers, and around a forward that is a field", () => {
    class Field extends Module {
      forward = (x: Tensor): Tensor => x.mul(2);
    }
    const field = new Field();
    let calls = 0;
    const handle = registerForwardHook(field, () => { calls += 1; });
    const model = new Sequential(field, field);
    expect(model.forward(tensor([1])).item()).toBe(4);
    expect(calls).toBe(2);
    handle.remove();
    expect(field.forward(tensor([1])).item()).toBe(2);
    expect(calls).toBe(2);
  });

  test("see and replace the gradient of the output", () => {
    const layer = new Linear(1, 1, { bias: false });
    const seen: number[] = [];
    registerBackwardHook(layer, (_, grad) => {
      seen.push(grad.item());
      return grad.mul(10);
    });
    backward(layer.forward(tensor([[3]])).mul(2).sum());
    expect(seen).toStrictEqual([2]);
    expect(layer.weight.grad?.item()).toBe(60);
  });
});

describe("JSON", () => {
  test("a plain module is refused with the line to add", () => {
    const write = (): unknown => JSON.stringify(new Sequential(new Tied()));
    expect(write).toThrow(StateError);
    expect(write).toThrow('Tied: the class has no type, so files cannot name it. Extend Layer and add one line: static readonly type = "my-package/Tied";');
  });

  test("a layer that inherits its type is refused", () => {
    class Deeper extends Linear {}
    expect(() => JSON.stringify(new Deeper(1, 1))).toThrow(/Deeper: the class has no type/);
  });

  test("arguments that JSON cannot hold are refused with their place", () => {
    class Holder extends Layer {
      static readonly type = "test/Holder";
      constructor(...args: readonly unknown[]) { super(args); }
      forward(x: Tensor): Tensor { return x; }
    }
    expect(() => new Holder({ a: [ones([1])] }).toJSON()).toThrow(/test\/Holder: args\[0\]\.a\[0\] is a tensor/);
    expect(() => new Holder(NaN).toJSON()).toThrow(/args\[0\] is NaN/);
    expect(() => new Holder((x: Tensor) => x).toJSON()).toThrow(/args\[0\] is a function that is no op/);
    expect(() => new Holder(new Date()).toJSON()).toThrow(/an instance of Date/);
    expect(() => new Holder({ function: "gelu" }).toJSON()).toThrow(/looks like the name of a function/);
    expect(() => new Holder({ type: "x", args: [] }).toJSON()).toThrow(/looks like a layer's JSON/);
    expect(new Holder(1, undefined, undefined).toJSON()).toStrictEqual({ type: "test/Holder", args: [1] });
  });
});
