import { backward, grad } from "@dl/autograd";
import { DTypeError, ShapeError, UnknownNameError, ValueError } from "@dl/registry";
import { Generator, attentionWeights, createReferenceBackend, manualSeed, ones, randn, scaledDotProductAttention, tensor, zeros } from "@dl/tensor";
import type { AttentionOptions, Backend, Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { MultiheadAttention } from "./index.js";

/** A backend that knows its largest allocation. */
function watched(): { readonly backend: Backend; readonly largest: () => number } {
  const inner = createReferenceBackend();
  let largest = 0;
  const backend: Backend = {
    ...inner,
    alloc: (dtype, size) => {
      largest = Math.max(largest, size);
      return inner.alloc(dtype, size);
    },
  };
  return { backend, largest: () => largest };
}

const draw = (seed: number, shape: readonly number[], options: object = {}): Tensor => randn(shape, { generator: new Generator(seed), ...options });

function expectClose(actual: Tensor, expected: Tensor, tolerance: number): void {
  expect(actual.shape).toStrictEqual(expected.shape);
  expect(actual.sub(expected).abs().max().item()).toBeLessThan(tolerance);
}

describe("TRF-03 scaled dot-product attention", () => {
  const pattern = tensor([[1, 0], [0, 1], [1, 1]]);
  const values = tensor([[1, 2], [3, 4], [5, 6]]);

  test("the worked example, plain and causal, with its maps", () => {
    const expected = tensor([[3, 4], [3.4066726, 4.4066726], [3.5104695, 4.5104695]]);
    expectClose(scaledDotProductAttention(pattern, pattern, values), expected, 1e-6);
    const causal = tensor([[1, 2], [2.3395231, 3.3395231], [3.5104695, 4.5104695]]);
    expectClose(scaledDotProductAttention(pattern, pattern, values, { isCausal: true }), causal, 1e-6);
    const map = attentionWeights(pattern, pattern, { isCausal: true });
    expectClose(map.matmul(values), causal, 1e-6);
    expect(map.slice(1, 2).slice(0, 0, 2).toArray()).toStrictEqual([[0], [0]]);
  });

  test("the whole matrix of weights never exists, neither forward nor backward", () => {
    const { backend, largest } = watched();
    const [q, k, v] = [1, 2, 3].map((seed) => draw(seed, [1024, 8], { backend, requiresGrad: true }));
    const output = scaledDotProductAttention(q, k, v);
    backward(output.sum());
    expect(largest()).toBeLessThanOrEqual(1024 * 1024 / 8);
    backward(attentionWeights(q, k).matmul(v).sum());
    expect(largest()).toBe(1024 * 1024);
  });

  const shape = [50, 90, 2];
  const seen = tensor(Uint8Array.from({ length: 90 }, (_, i) => Number(i % 7 !== 3)), { dtype: "bool" });
  const blind = tensor(Uint8Array.from({ length: 90 * 90 }, (_, i) => Number(Math.floor(i / 90) % 5 !== 2 && i % 3 !== 0)), { dtype: "bool", shape: [90, 90] });
  test.each<[string, AttentionOptions]>([
    ["without a mask", {}],
    ["causal", { isCausal: true }],
    ["with a mask of keys", { mask: seen }],
    ["with queries that see nothing", { mask: blind, isCausal: true, scale: 2 }],
    ["with a float mask", { mask: draw(4, [90, 90], { dtype: "float64" }) }],
  ])("several blocks give what the whole matrix gives, with first and second gradients: %s", (_, options) => {
    const results = [
      (q: Tensor, k: Tensor, v: Tensor): Tensor => scaledDotProductAttention(q, k, v, options),
      (q: Tensor, k: Tensor, v: Tensor): Tensor => attentionWeights(q, k, options).matmul(v),
    ].map((attend) => {
      const inputs = [1, 2, 3].map((seed) => draw(seed, shape, { dtype: "float64", requiresGrad: true }));
      const output = attend(inputs[0], inputs[1], inputs[2]);
      const first = grad(output.mul(draw(5, shape, { dtype: "float64" })).sum(), inputs, { createGraph: true });
      const plain = grad(output.mul(draw(5, shape, { dtype: "float64" })).sum(), inputs, { retainGraph: true });
      const second = grad(first.map((x) => x.square().sum()).reduce((a, b) => a.add(b)), inputs);
      return [output, ...first, ...plain, ...second];
    });
    results[0].forEach((x, i) => { expectClose(x, results[1][i], 1e-10); });
  });

  test("a query that may attend to nothing gives 0, and poisons nothing", () => {
    const [q, k, v] = [1, 2, 3].map((seed) => draw(seed, [2, 3], { requiresGrad: true }));
    const mask = tensor([[false, false], [true, false]]);
    const output = scaledDotProductAttention(q, k, v, { mask });
    expect(output.select(0, 0).toArray()).toStrictEqual([0, 0, 0]);
    backward(output.sum());
    expect(q.grad?.select(0, 0).toArray()).toStrictEqual([0, 0, 0]);
    expect(v.grad?.toArray()).toStrictEqual([[1, 1, 1], [0, 0, 0]]);
  });

  test("a learnt mask gets its gradient", () => {
    const mask = zeros([3, 3], { requiresGrad: true });
    backward(scaledDotProductAttention(pattern, pattern, values, { mask }).select(1, 0).sum());
    expect(mask.grad?.abs().max().item()).toBeGreaterThan(0.1);
    expect(mask.grad?.sum(1).abs().max().item()).toBeLessThan(1e-6);
  });

  test("dropout repeats with its generator, and shows in the map", () => {
    const options = { dropout: 0.5 };
    const run = (): Tensor => scaledDotProductAttention(pattern, pattern, values, { ...options, generator: new Generator(1) });
    expect(run().toArray()).toStrictEqual(run().toArray());
    const map = attentionWeights(ones([20, 1]), ones([20, 1]), { ...options, generator: new Generator(1) });
    expect(new Set(map.mul(20).dataSync())).toStrictEqual(new Set([0, 2]));
    expect(scaledDotProductAttention(pattern, pattern, values, { dropout: 1 }).toArray()).toStrictEqual([[0, 0], [0, 0], [0, 0]]);
  });

  test.each<[string, () => unknown, new (...args: never[]) => Error, string]>([
    ["a mask of whole numbers", () => scaledDotProductAttention(pattern, pattern, values, { mask: ones([3, 3], { dtype: "int32" }) }), DTypeError, 'the mask is int32, the query float32. Give a bool mask, true where a query may attend: mask.to("bool").'],
    ["a mask of another float", () => scaledDotProductAttention(pattern, pattern, values, { mask: ones([3, 3], { dtype: "float64" }) }), DTypeError, 'Convert it: mask.to("float32")'],
    ["a mask that does not fit", () => attentionWeights(pattern, pattern, { mask: ones([3, 2]) }), ShapeError, "do not broadcast"],
    ["a mask larger than the scores", () => attentionWeights(pattern, pattern, { mask: ones([2, 3, 3]) }), ShapeError, "the mask of shape [2, 3, 3] is larger than the scores, [3, 3]"],
    ["whole numbers", () => attentionWeights(ones([2, 2], { dtype: "int32" }), ones([2, 2], { dtype: "int32" })), DTypeError, "attentionWeights: the query is int32"],
    ["no keys", () => attentionWeights(pattern, ones([0, 2])), ShapeError, "key of shape [0, 2] holds no keys"],
    ["a dropout above 1", () => attentionWeights(pattern, pattern, { dropout: 2 }), ValueError, "dropout is 2"],
    ["a scale of NaN", () => attentionWeights(pattern, pattern, { scale: NaN }), ValueError, "scale is NaN"],
    ["an unknown option", () => attentionWeights(pattern, pattern, { causal: true } as object), UnknownNameError, 'unknown option "causal"'],
  ])("refuses %s", (_, call, error, message) => {
    expect(call).toThrow(error);
    expect(call).toThrow(message);
  });
});

describe("TRF-03 multi-head attention", () => {
  test("gives one map per head, or their mean", () => {
    const model = new MultiheadAttention(4, 2, { batchFirst: true });
    const x = draw(1, [3, 5, 4]);
    const { output, weights } = model.forward(x, x, x, { averageWeights: false });
    expect([output.shape, weights?.shape]).toStrictEqual([[3, 5, 4], [3, 2, 5, 5]]);
    const mean = model.forward(x).weights;
    expect(mean?.shape).toStrictEqual([3, 5, 5]);
    expectClose(mean ?? x, weights?.mean(1) ?? x, 1e-6);
    expect(model.forward(x, x, x, { needWeights: false }).weights).toBeNull();
    expectClose(model.forward(x, x, x, { needWeights: false }).output, output, 1e-6);
  });

  test("has PyTorch's keys", () => {
    const keys = (options: object): string[] => [...new MultiheadAttention(4, 2, options).stateDict().keys()];
    expect(keys({})).toStrictEqual(["in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias"]);
    expect(keys({ kdim: 3, bias: false, addBiasKv: true })).toStrictEqual(["q_proj_weight", "k_proj_weight", "v_proj_weight", "bias_k", "bias_v", "out_proj.weight"]);
  });

  test("a causal position does not see what comes later", () => {
    const model = new MultiheadAttention(4, 2);
    const x = draw(2, [5, 4]);
    const changed = x.slice(0, 0, 4).dataSync();
    const y = tensor(Float32Array.from([...changed, 9, 9, 9, 9]), { shape: [5, 4] });
    const run = (z: Tensor): unknown => model.forward(z, z, z, { isCausal: true }).output.slice(0, 0, 4).toArray();
    expect(run(y)).toStrictEqual(run(x));
  });

  test("drops weights in training only, repeatably", () => {
    const model = new MultiheadAttention(4, 2, { dropout: 0.5 });
    const run = (): unknown => { manualSeed(3); return model.forward(draw(1, [6, 4])).weights?.toArray(); };
    const trained = run();
    expect(run()).toStrictEqual(trained);
    model.eval();
    expect(run()).not.toStrictEqual(trained);
  });

  const model = new MultiheadAttention(4, 2, { kdim: 3 });
  const x = ones([2, 5, 4]);
  test.each<[string, () => unknown, new (...args: never[]) => Error, string]>([
    ["heads that do not divide the features", () => new MultiheadAttention(5, 2), ValueError, "MultiheadAttention: 2 heads do not divide embedDim 5"],
    ["a key of other features", () => model.forward(x), ShapeError, "expected key of shape [L, N, 3] or [L, 3], got [2, 5, 4]"],
    ["different batches", () => new MultiheadAttention(4, 2).forward(x, ones([2, 3, 4])), ShapeError, "do not go together"],
    ["a padding mask of another layout", () => new MultiheadAttention(4, 2).forward(x, x, x, { keyPaddingMask: zeros([2, 5], { dtype: "bool" }) }), ShapeError, "keyPaddingMask has shape [2, 5], not [N, S] = [5, 2]"],
    ["a mask for other lengths", () => new MultiheadAttention(4, 2).forward(x, x, x, { attnMask: zeros([3, 3], { dtype: "bool" }) }), ShapeError, "attnMask has shape [3, 3], not [L, S] = [2, 2] or [N·heads, L, S] = [10, 2, 2]"],
    ["a mask of whole numbers", () => new MultiheadAttention(4, 2).forward(x, x, x, { attnMask: zeros([2, 2], { dtype: "int32" }) }), DTypeError, "attnMask is int32, the query float32. Give a bool mask, true = left out"],
  ])("refuses %s", (_, call, error, message) => {
    expect(call).toThrow(error);
    expect(call).toThrow(message);
  });
});
