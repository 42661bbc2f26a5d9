import { gradcheck } from "@dl/autograd";
import { ShapeError, UnknownNameError, ValueError, createRegistry, definePlugin } from "@dl/registry";
import { Generator, defaultGenerator, gelu, manualSeed, ones, rand, tensor } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { coreOps } from "@dl/tensor/ops";
import { describe, expect, expectTypeOf, test } from "vitest";
import { Layer } from "../module/index.js";
import { nn } from "../plugin.js";
import { layerExamples } from "./examples.js";
import { Activation, Dense, Dropout, Flatten, GELU, Identity, LeakyReLU, Linear, MLP, ReLU, Sequential, Softmax, Tanh, Unflatten } from "./index.js";

/** A layer with parts of its own making. */
class Block extends Layer {
  static readonly type = "test/Block";
  readonly body: Sequential | Linear;
  readonly skip = [new Linear(2, 2)];

  constructor(readonly size: number, readonly inner = new Sequential(new Linear(size, size), new ReLU())) {
    super([size, inner]);
    this.body = new Sequential(new Linear(size, size), inner);
  }

  forward(x: Tensor): Tensor { return this.body.forward(x); }
}

const registry = createRegistry(nn, definePlugin({ name: "core", contract: 1, ops: coreOps() }), definePlugin({ name: "test", contract: 1, layers: { Block } }));
const rebuilt = (layer: Layer): object => registry.build(JSON.parse(JSON.stringify(layer)) as unknown);

describe("linear", () => {
  test("LIN-01 hand weights give the labels of six points and the distance to the line", () => {
    const layer = new Linear(2, 1);
    layer.loadStateDict({ weight: tensor([[1, -1]]), bias: tensor([0.5]) });
    const z = layer.forward(tensor([[2, 0], [0, 2], [1, 1], [-1, 0], [0, 0], [-3, -2]]));
    expect([...z.gt(0).dataSync()]).toStrictEqual([1, 0, 1, 0, 1, 0]);
    expect(z.dataSync()[0] / Math.SQRT2).toBeCloseTo(2.5 / Math.SQRT2, 6);
  });

  test("LIN-03 the matrix form equals separate dot products", () => {
    const layer = new Linear(3, 2);
    const x = rand([4, 3]);
    const rows = [0, 1].map((k) => x.mul(layer.weight.select(0, k)).sum(1).add(layer.bias?.dataSync()[k] ?? NaN).dataSync());
    const y = layer.forward(x).dataSync();
    rows.forEach((row, k) => { row.forEach((value, n) => { expect(y[n * 2 + k]).toBeCloseTo(value, 5); }); });
    expect([layer.weight.shape, layer.bias?.shape]).toStrictEqual([[2, 3], [2]]);
  });

  test("starts from U(−1/√in, 1/√in)", () => {
    const { weight, bias } = new Linear(100, 300, { generator: new Generator(1) });
    const values = [...weight.dataSync(), ...(bias?.dataSync() ?? [])];
    expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(0.1);
    expect(Math.max(...values.map(Math.abs))).toBeGreaterThan(0.0999);
    const variance = values.reduce((sum, v) => sum + v * v, 0) / values.length;
    expect(variance).toBeCloseTo(0.01 / 3, 4);
  });

  test("SYS-07 equal seeds give equal weights", () => {
    const weights = (make: () => Linear): number[] => [...make().weight.dataSync()];
    manualSeed(3);
    const first = weights(() => new Linear(2, 2));
    const second = weights(() => new Linear(2, 2));
    manualSeed(3);
    expect(weights(() => new Linear(2, 2))).toStrictEqual(first);
    expect(second).not.toStrictEqual(first);
    expect(weights(() => new Linear(2, 2, { generator: new Generator(3) }))).toStrictEqual(first);
  });

  test("MLP-02 Dense is Linear", () => {
    expect(Dense).toBe(Linear);
    expectTypeOf(new Dense(1, 2)).toEqualTypeOf<Linear>();
  });

  test.each<[string, () => unknown, new (...args: never[]) => Error, string]>([
    ["features", () => new Linear(784, 2).forward(ones([32, 28, 28])), ShapeError, "Linear: expected 784 features in the last dimension, got x of shape [32, 28, 28]. Flatten it first: x.flatten(1)."],
    ["other features", () => new Linear(3, 2).forward(ones([2, 5])), ShapeError, "Give x of shape [.., 3], or make the layer with inFeatures 5."],
    ["a scalar", () => new Linear(3, 2).forward(tensor(1)), ShapeError, "got x of shape []"],
    ["a fractional size", () => new Linear(2.5, 2), ValueError, "Linear: inFeatures is 2.5"],
    ["no outputs", () => new Linear(2, 0), ValueError, "Linear: outFeatures is 0"],
    ["an unknown option", () => new Linear(2, 2, { bais: true } as object), UnknownNameError, 'Linear: unknown option "bais". Did you mean "bias"?'],
    ["one size", () => new MLP([3]), ValueError, "MLP: got 1 sizes"],
    ["a p above 1", () => new Dropout(1.5), ValueError, "Dropout: p is 1.5"],
    ["a function in a Sequential", () => Reflect.construct(Sequential, [gelu]) as unknown, ValueError, "argument 0 is function, not a module"],
    ["a slope of NaN", () => new LeakyReLU({ negativeSlope: NaN }), ValueError, "LeakyReLU: negativeSlope is NaN"],
    ["another approximation", () => new GELU({ approximate: "fast" as "tanh" }), UnknownNameError, 'approximate is "fast"'],
  ])("refuses %s", (_, call, error, message) => {
    expect(call).toThrow(error);
    expect(call).toThrow(message);
  });
});

describe("composition", () => {
  test("MLP-01 a 2-3-2 net equals the hand calculation", () => {
    const net = new MLP([2, 3, 2]);
    net.loadStateDict({
      "0.weight": tensor([[1, 0], [0, 1], [1, -1]]), "0.bias": tensor([0, -1, 0.5]),
      "2.weight": tensor([[1, 1, 1], [-1, 2, 0]]), "2.bias": tensor([0, 1]),
    });
    // Hidden: relu([1, 2 − 1, 1 − 2 + 0.5]) = [1, 1, 0].
    expect(net.forward(tensor([[1, 2]])).toArray()).toStrictEqual([[2, 2]]);
  });

  test("LIN-05 two affine layers in a row equal one", () => {
    const [first, second] = [new Linear(3, 4, { dtype: "float64" }), new Linear(4, 2, { dtype: "float64" })];
    const x = rand([5, 3], { dtype: "float64" });
    const weight = second.weight.matmul(first.weight);
    const bias = second.weight.matmul(first.bias ?? ones([4])).add(second.bias ?? 0);
    const one = x.matmul(weight.transpose()).add(bias).dataSync();
    new Sequential(first, second).forward(x).dataSync().forEach((value, i) => { expect(value).toBeCloseTo(one[i], 12); });
  });

  test("a chain is indexable, iterable and can be changed", () => {
    const model = new Sequential(new Flatten(), new Linear(4, 2));
    expect(model[0]).toBe(model.at(0));
    expect(model.at(-1)).toBeInstanceOf(Linear);
    expect([...model]).toHaveLength(model.length);
    model[1] = new Identity();
    expect(model.forward(ones([2, 2, 2])).shape).toStrictEqual([2, 4]);
    expect([...model.stateDict().keys()]).toStrictEqual([]);
  });

  test("shapes go flat and back", () => {
    const x = rand([2, 3, 4]);
    expect(new Sequential(new Flatten(), new Unflatten(1, [3, 4])).forward(x).toArray()).toStrictEqual(x.toArray());
  });

  test("an MLP drops out between its layers", () => {
    const names = [...new MLP([2, 3, 4, 1], { activation: gelu, dropout: 0.1 })].map((layer) => layer.constructor.name);
    expect(names).toStrictEqual(["Linear", "Activation", "Dropout", "Linear", "Activation", "Dropout", "Linear"]);
  });
});

describe("dropout", () => {
  test("keeps 1 − p of the values, scaled so that the mean stays", () => {
    const layer = new Dropout(0.25, { generator: new Generator(1) });
    const y = [...layer.forward(ones([100, 100])).dataSync()];
    expect(new Set(y)).toStrictEqual(new Set([0, Math.fround(4 / 3)]));
    expect(y.reduce((a, b) => a + b) / y.length).toBeCloseTo(1, 1);
    expect([...new Dropout(0.5).forward(ones([50])).dataSync()].every((v) => v === 0 || v === 2)).toBe(true);
  });

  test("does nothing in evaluation or at p = 0, and everything at p = 1", () => {
    const x = rand([3]);
    expect(new Dropout(0.5).eval().forward(x)).toBe(x);
    expect(new Dropout(0).forward(x)).toBe(x);
    expect(new Dropout(1).forward(x).toArray()).toStrictEqual([0, 0, 0]);
  });

  test("SYS-07 masks repeat with the seed, and backward uses the mask of forward", () => {
    const x = rand([4, 4], { dtype: "float64" });
    const seeded = (): Tensor => new Dropout(0.5, { generator: new Generator(5) }).forward(x);
    expect(seeded().toArray()).toStrictEqual(seeded().toArray());
    expect(gradcheck((z) => new Dropout(0.5, { generator: new Generator(5) }).forward(z), [x])).toBe(true);
  });
});

describe("files", () => {
  test.each(layerExamples().map((example) => [example.layer().constructor.name, example] as const))("SYS-02 %s comes back from its JSON", (_, { layer }) => {
    const original = layer();
    const copy = rebuilt(original);
    expect(copy.constructor).toBe(original.constructor);
    expect(JSON.stringify(copy)).toBe(JSON.stringify(original));
  });

  test("every layer of the plugin has an example", () => {
    const shown = new Set<unknown>(layerExamples().map(({ layer }) => layer().constructor));
    expect(Object.values(nn.layers).filter((layer) => !shown.has(layer))).toStrictEqual([]);
  });

  test("generators of initial values are not written, trailing defaults neither", () => {
    expect(new Linear(1, 2, { generator: new Generator(1) }).toJSON()).toStrictEqual({ type: "nn/Linear", args: [1, 2] });
    expect(new Flatten().toJSON()).toStrictEqual({ type: "nn/Flatten", args: [] });
    expect(new Activation(gelu).toJSON()).toStrictEqual({ type: "nn/Activation", args: [{ function: "gelu" }] });
    expect(new Softmax(1).toJSON()).toStrictEqual({ type: "nn/Softmax", args: [1] });
  });

  test("replaced submodules are stored under their path", () => {
    const block = new Block(2);
    expect(block.toJSON()).not.toHaveProperty("children");
    block.skip[0] = new Linear(2, 3);
    const body = block.body as Sequential;
    body[0] = new Tanh();
    const json = block.toJSON();
    expect(json.children).toStrictEqual({ "body.0": { type: "nn/Tanh", args: [] }, "skip.0": { type: "nn/Linear", args: [2, 3] } });
    const copy = rebuilt(block) as Block;
    expect(JSON.stringify(copy)).toBe(JSON.stringify(block));
    expect([...copy.stateDict().keys()]).toStrictEqual([...block.stateDict().keys()]);
    copy.loadStateDict(block.stateDict());
    expect(copy.forward(ones([1, 2])).toArray()).toStrictEqual(block.forward(ones([1, 2])).toArray());
  });

  test("a whole field replaced, and a replacement inside of an argument", () => {
    const block = new Block(2);
    block.inner[1] = new Tanh();
    Object.assign(block, { body: new Linear(2, 2) });
    const json = block.toJSON();
    expect(json.args[1]).toHaveProperty("children", { 1: { type: "nn/Tanh", args: [] } });
    expect(json.children).toStrictEqual({ body: { type: "nn/Linear", args: [2, 2] } });
    expect(JSON.stringify(rebuilt(block))).toBe(JSON.stringify(block));
  });

  test("submodules added or taken away are refused", () => {
    const block = new Block(2);
    block.skip.push(new Linear(2, 2));
    expect(() => block.toJSON()).toThrow(/the submodule "skip\.1" was added after construction/);
    block.skip.length = 0;
    expect(() => block.toJSON()).toThrow(/the submodule "skip\.0" was taken away/);
  });

  test("writing draws no random numbers", () => {
    const block = new Block(2);
    const before = defaultGenerator().state();
    JSON.stringify(block);
    expect(defaultGenerator().state()).toStrictEqual(before);
  });
});
