import { grad, gradcheck, gradgradcheck } from "@dl/autograd";
import { Generator, gather, indexSelect, scatter, segmentMax, segmentMean, segmentMin, segmentProd, segmentSoftmax, segmentSum, tensor } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";

const ids = (values: readonly number[]): Tensor => tensor(values, { dtype: "int32" });

function random(shape: readonly number[], seed: number, requiresGrad = false): Tensor {
  const values = new Float64Array(shape.reduce((a, b) => a * b, 1));
  new Generator(seed).fillUniform(values, -2, 2);
  return tensor(values, { shape, requiresGrad });
}

const aggregates = { segmentSum, segmentMean, segmentMax, segmentMin, segmentProd } as const;

describe("aggregating the edges that enter each node (GNN-02)", () => {
  // Edges 0→1 and 2→1 with e′ = [113, 125]: both enter node 1.
  const edges = tensor([113, 125]);
  const targets = ids([1, 1]);

  test("the worked example sums to [0, 238, 0]", () => {
    expect(segmentSum(edges, targets, 3).toArray()).toEqual([0, 238, 0]);
  });

  test("its mean, maximum, minimum, product and softmax; nodes without entering edges get 0", () => {
    expect(segmentMean(edges, targets, 3).toArray()).toEqual([0, 119, 0]);
    expect(segmentMax(edges, targets, 3).toArray()).toEqual([0, 125, 0]);
    expect(segmentMin(edges, targets, 3).toArray()).toEqual([0, 113, 0]);
    expect(segmentProd(edges, targets, 3).toArray()).toEqual([0, 14125, 0]);
    const [first, second] = segmentSoftmax(edges, targets, 3).dataSync();
    expect(first).toBeCloseTo(1 / (1 + Math.exp(12)), 10);
    expect(first + second).toBeCloseTo(1, 6);
  });

  test.each(Object.entries(aggregates))("%s does not depend on the order of edges, and follows relabelled nodes", (_, aggregate) => {
    const [numEdges, numNodes] = [40, 9];
    const x = random([numEdges, 3], 5);
    const to = Array.from({ length: numEdges }, (_, e) => (e * e + 1) % 8);
    const order = Int32Array.from({ length: numEdges }, (_, e) => (e * 7 + 3) % numEdges);
    const relabelled = Array.from({ length: numNodes }, (_, v) => (v * 4 + 2) % numNodes);
    const plain = aggregate(x, ids(to), numNodes);
    const moved = aggregate(indexSelect(x, 0, tensor(order)), ids(Array.from(order, (e) => relabelled[to[e]])), numNodes);
    const back = indexSelect(moved, 0, ids(relabelled));
    const error = back.sub(plain).abs().max().item();
    expect(error).toBeLessThan(1e-6);
    expect(plain.abs().max().item()).toBeGreaterThan(0.5);
  });

  test.each(Object.entries({ ...aggregates, segmentSoftmax }))("%s has gradients to second order, with edges in any order", (_, aggregate) => {
    const f = (x: Tensor): Tensor => aggregate(x, ids([3, 0, 3, 1, 3, 0]), 5);
    expect(gradcheck(f, [random([6, 2], 11)])).toBe(true);
    expect(gradgradcheck(f, [random([6, 2], 11)])).toBe(true);
  });
});

describe("ties share the gradient evenly", () => {
  test("between all rows of a segment that attain its maximum", () => {
    const x = tensor([4, 1, 4, 4, 2], { dtype: "float64", requiresGrad: true });
    const [first] = grad(segmentMax(x, ids([0, 0, 0, 0, 2]), 4), [x], { gradOutputs: [tensor([6, 7, 8, 9], { dtype: "float64" })], createGraph: true });
    expect(first.toArray()).toEqual([2, 0, 2, 2, 8]);
  });

  test("between the place itself and what is scattered there", () => {
    const x = tensor([4, 5], { dtype: "float64", requiresGrad: true });
    const src = tensor([4, 1, 4], { dtype: "float64", requiresGrad: true });
    const out = scatter(x, 0, ids([0, 0, 0]), src, { reduce: "amax" });
    expect(grad(out.sum(), [x, src]).map((g) => g.toArray())).toEqual([[1 / 3, 1], [1 / 3, 0, 1 / 3]]);
    const without = scatter(x, 0, ids([0, 0, 0]), src, { reduce: "amax", includeSelf: false });
    expect(grad(without.sum(), [x, src]).map((g) => g.toArray())).toEqual([[0, 1], [0.5, 0, 0.5]]);
  });

  test("the gradient of a gradient does not meet empty places with 0/0", () => {
    const x = tensor([1, 2], { dtype: "float64", requiresGrad: true });
    const weights = tensor([1, 1, 1], { dtype: "float64", requiresGrad: true });
    const [first] = grad(segmentMax(x.square(), ids([0, 0]), 3).mul(weights).sum(), [x], { createGraph: true });
    expect(grad(first.sum(), [x, weights]).map((g) => g.toArray())).toEqual([[0, 2], [4, 0, 0]]);
  });
});

test("of values scattered to one place only the one that stays has a gradient", () => {
  const x = tensor([1, 2], { dtype: "float64", requiresGrad: true });
  const src = tensor([5, 6, 7], { dtype: "float64", requiresGrad: true });
  const out = scatter(x, 0, ids([1, 1, 1]), src);
  expect(out.toArray()).toEqual([1, 7]);
  expect(grad(out.sum(), [x, src]).map((g) => g.toArray())).toEqual([[1, 0], [0, 0, 1]]);
  expect(gather(out, 0, ids([1])).item()).toBe(7);
});
