import { StateError, createRegistry } from "@dl/registry";
import { Generator, manualSeed, randn } from "@dl/tensor";
import type { DType, Shape, Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import {
  BatchNorm1d, BatchNorm2d, BatchNorm3d, Conv1d, Conv2d, Conv3d, Dropout, Dropout2d, Flatten, Identity, Linear, MLP, ReLU, Sequential, Tanh,
} from "../layers/index.js";
import type { Chain, TensorModule } from "../layers/index.js";
import { Layer, Module } from "../module/index.js";
import { nn } from "../plugin.js";
import { simplify } from "./index.js";

const generator = new Generator(7);
const linear = (inputs: number, outputs: number, bias = true): Linear => new Linear(inputs, outputs, { dtype: "float64", bias, generator });

const names = (chain: Chain): string[] => [...chain].map((layer) => layer.constructor.name);

const sample = (shape: Shape, dtype: DType = "float64"): Tensor => randn(shape, { dtype, generator });

/** Largest difference of the outputs in evaluation, relative to the largest value. */
function difference(a: TensorModule, b: TensorModule, x: Tensor): number {
  const wanted = a.eval().forward(x);
  return b.forward(x).sub(wanted).abs().max().item() / wanted.abs().max().item();
}

/** Runs a few batches in training, so that running statistics and scales are those of no one. */
function used<M extends TensorModule>(model: M, shape: Shape): M {
  for (let i = 0; i < 3; i++) model.train().forward(sample(shape).mul(2).add(1));
  for (const [key, value] of model.namedParameters()) if (value.ndim === 1) value.assign(sample(value.shape).add(key.endsWith("weight") ? 1 : 0));
  return model;
}

describe("LIN-05 simplify", () => {
  test.each([
    ["with biases", true, true],
    ["without the first bias", false, true],
    ["without the second bias", true, false],
    ["without biases", false, false],
  ])("two affine layers %s equal one, to 1e-12", (_, first, second) => {
    const stack = new Sequential(linear(5, 7, first), linear(7, 3, second));
    const one = simplify(stack);
    const x = sample([16, 5]);
    expect(one.length).toBe(1);
    expect([...one.stateDict().keys()]).toStrictEqual(first || second ? ["0.weight", "0.bias"] : ["0.weight"]);
    expect(one.forward(x).sub(stack.forward(x)).abs().max().item()).toBeLessThan(1e-12);
  });

  test("folds runs of layers on both sides of a non-linearity, and not across it", () => {
    const stack = new Sequential(linear(4, 6), linear(6, 5), linear(5, 8), new Tanh(), linear(8, 3), linear(3, 2));
    const folded = simplify(stack);
    const x = sample([9, 4]);
    expect(names(folded)).toStrictEqual(["Linear", "Tanh", "Linear"]);
    expect(folded.forward(x).sub(stack.forward(x)).abs().max().item()).toBeLessThan(1e-12);
    expect(stack.length).toBe(6);
  });
});

describe("simplify", () => {
  const norm = { dtype: "float64" } as const;

  test.each<[string, () => Sequential, Shape]>([
    ["Linear and BatchNorm1d", () => new Sequential(linear(4, 6), new BatchNorm1d(6, norm)), [8, 4]],
    ["Linear without bias", () => new Sequential(linear(4, 6, false), new BatchNorm1d(6, norm)), [8, 4]],
    ["a norm without scales", () => new Sequential(linear(4, 6), new BatchNorm1d(6, { affine: false, ...norm })), [8, 4]],
    ["Conv1d", () => new Sequential(new Conv1d(3, 4, 3, { padding: 1, generator, ...norm }), new BatchNorm1d(4, norm)), [5, 3, 7]],
    ["Conv2d with stride, groups and a padding mode", () => new Sequential(new Conv2d(4, 6, 3, { stride: 2, groups: 2, padding: 1, paddingMode: "reflect", generator, ...norm }), new BatchNorm2d(6, { eps: 0.1, ...norm })), [3, 4, 6, 5]],
    ["Conv2d without bias", () => new Sequential(new Conv2d(2, 5, [3, 2], { bias: false, generator, ...norm }), new BatchNorm2d(5, norm)), [3, 2, 5, 5]],
    ["Conv3d", () => new Sequential(new Conv3d(2, 3, 2, { generator, ...norm }), new BatchNorm3d(3, norm)), [4, 2, 3, 3, 3]],
    ["an affine layer, a norm and another affine layer", () => new Sequential(linear(4, 6), new BatchNorm1d(6, norm), linear(6, 2)), [8, 4]],
  ])("folds batch normalisation into %s, to 1e-12", (_, make, shape) => {
    const model = used(make(), shape);
    const folded = simplify(model);
    expect(folded.length).toBe(1);
    expect(difference(model, folded, sample(shape))).toBeLessThan(1e-12);
    const copy = createRegistry(nn).build(JSON.parse(JSON.stringify(folded)));
    expect([...(copy as Module).stateDict().keys()]).toStrictEqual([...folded.stateDict().keys()]);
  });

  test("a CNN shrinks in float32 to 1e-5", () => {
    manualSeed(3);
    const block = (from: number, to: number): TensorModule[] => [new Conv2d(from, to, 3, { padding: 1 }), new BatchNorm2d(to), new ReLU(), new Dropout2d(0.2)];
    const model = new Sequential(...block(1, 4), new Sequential(...block(4, 4), new Identity()), new Flatten(), new Dropout(0.5), new Linear(4 * 36, 8), new Linear(8, 3));
    for (let i = 0; i < 3; i++) model.forward(randn([4, 1, 6, 6]));
    const folded = simplify(model);
    expect(names(folded)).toStrictEqual(["Conv2d", "ReLU", "Conv2d", "ReLU", "Flatten", "Linear"]);
    expect(difference(model, folded, randn([2, 1, 6, 6]))).toBeLessThan(1e-5);
    expect(folded.namedModules().every(([, { training }]) => !training)).toBe(true);
  });

  test("leaves what cannot be folded: statistics of the batch, other channels, a norm that comes first, subclasses", () => {
    class MyLinear extends Linear {}
    const models: [Sequential, Shape][] = [
      [new Sequential(linear(4, 6), new BatchNorm1d(6, { trackRunningStats: false, ...norm })), [8, 4]],
      [new Sequential(linear(4, 6), new BatchNorm1d(3, norm)), [8, 3, 4]],
      [new Sequential(new BatchNorm1d(4, norm), linear(4, 6)), [8, 4]],
      [new Sequential(new MyLinear(4, 6, norm), new MyLinear(6, 2, norm)), [8, 4]],
    ];
    for (const [model, shape] of models) {
      const folded = simplify(used(model, shape));
      expect(names(folded)).toStrictEqual(names(model));
      expect(difference(model, folded, sample(shape))).toBeLessThan(1e-12);
    }
  });

  test("simplifies the chains within other layers, and keeps their class", () => {
    class Residual extends Layer {
      static readonly type = "test/Residual";
      constructor(readonly body: TensorModule) { super([body]); }
      forward(x: Tensor): Tensor { return x.add(this.body.forward(x)); }
    }
    const model = used(new Sequential(new Residual(new Sequential(linear(4, 8), new Dropout(0.5), linear(8, 4), new BatchNorm1d(4, norm)))), [8, 4]);
    const folded = simplify(model);
    const alone = simplify(new Residual(new MLP([4, 3, 2])));
    expect(alone).toBeInstanceOf(Residual);
    expect([...folded.stateDict().keys()]).toStrictEqual(["0.body.0.weight", "0.body.0.bias"]);
    expect(difference(model, folded, sample([5, 4]))).toBeLessThan(1e-12);
  });

  test("the copy has values of its own, frozen parameters included", () => {
    const model = new Sequential(linear(3, 3), new Tanh());
    model.requiresGrad_(false);
    const x = sample([2, 3]);
    const before = model.forward(x).toArray();
    const copy = simplify(model);
    copy.parameters()[0].assign(sample([3, 3]));
    expect(model.forward(x).toArray()).toStrictEqual(before);
    expect(copy.parameters().map(({ requiresGrad }) => requiresGrad)).toStrictEqual([false, false]);
    expect(model.training).toBe(true);
  });

  test("draws no random numbers", () => {
    manualSeed(9);
    const model = new Sequential(new Linear(3, 3), new Linear(3, 3));
    const next = randn([1]).item();
    manualSeed(9);
    simplify(new Sequential(new Linear(3, 3), new Linear(3, 3)));
    expect(randn([1]).item()).toBe(next);
    expect(model.length).toBe(2);
  });

  test("a module that cannot be made again is refused by name", () => {
    class Net extends Module {
      inner = new Linear(2, 2);
      forward(x: Tensor): Tensor { return this.inner.forward(x); }
    }
    expect(() => simplify(new Sequential(new Net()))).toThrow(StateError);
    expect(() => simplify(new Sequential(new Net()))).toThrow(/Net is no Layer, so it cannot be made again/);
    const grown = Object.assign(new ReLU(), { more: new Linear(1, 1) });
    expect(() => simplify(new Sequential(grown))).toThrow(/"more" of ReLU is not as its constructor makes it/);
  });
});
