import { grad, gradcheck, gradgradcheck } from "@dl/autograd";
import { ShapeError, ValueError } from "@dl/registry";
import { rand, randn, tensor, zeros } from "@dl/tensor";
import type { Nested, Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import {
  CosineEmbeddingLoss, CosineSimilarity, cosineEmbeddingLoss, cosineSimilarity, pairwiseDistance, tripletMarginLoss,
  tripletMarginWithDistanceLoss,
} from "./index.js";

const wide = (values: Nested): Tensor => tensor(values, { dtype: "float64" });
const signs = (values: Nested): Tensor => tensor(values, { dtype: "int32" });

describe("TXT-07 cosine similarity", () => {
  test.each<[string, number[], number[], number]>([
    ["0° gives 1", [3, 0], [0.5, 0], 1],
    ["90° gives 0", [0, 2], [7, 0], 0],
    ["180° gives -1", [1, 2], [-2, -4], -1],
    ["[1, 2, 3]·[4, 5, 6]", [1, 2, 3], [4, 5, 6], 0.9746318],
    ["a zero vector gives 0", [0, 0], [1, 2], 0],
    ["two zero vectors give 0", [0, 0], [0, 0], 0],
  ])("%s", (_, a, b, wanted) => {
    expect(cosineSimilarity(tensor(a), tensor(b), { dim: 0 }).item()).toBeCloseTo(wanted, 6);
    expect(new CosineSimilarity().forward(wide([a]), wide([b])).item()).toBeCloseTo(wanted, 7);
  });

  test("a zero vector has a finite gradient", () => {
    for (const dtype of ["float32", "float64"] as const) {
      const [a, b] = [zeros([2, 3], { dtype, requiresGrad: true }), randn([2, 3], { dtype, requiresGrad: true })];
      const gradients = grad(cosineSimilarity(a, b).sum(), [a, b]);
      for (const gradient of gradients) expect(Array.from(gradient.dataSync()).every(Number.isFinite)).toBe(true);
    }
  });

  test("operands broadcast", () => {
    const [a, b] = [randn([4, 1, 3]), randn([5, 3])];
    const all = cosineSimilarity(a, b, { dim: 2 });
    expect(all.shape).toEqual([4, 5]);
    const one = cosineSimilarity(a.select(0, 3).select(0, 0), b.select(0, 1), { dim: -1 });
    expect(all.select(0, 3).select(0, 1).item()).toBeCloseTo(one.item(), 6);
  });

  test("cosineEmbeddingLoss draws together and pushes apart", () => {
    const [a, b] = [tensor([[1, 0], [1, 0], [1, 0]]), tensor([[1, 0], [1, 0], [-1, 0]])];
    expect(cosineEmbeddingLoss(a, b, signs([1, -1, -1]), { reduction: "none" }).toArray()).toEqual([0, 1, 0]);
    expect(new CosineEmbeddingLoss({ margin: 0.25 }).forward(a, b, tensor([1, -1, 1])).item()).toBeCloseTo(2.75 / 3, 6);
    const zero = cosineEmbeddingLoss(tensor([[0, 0]]), tensor([[1, 2]]), signs([1]));
    expect(zero.item()).toBe(1);
  });
});

test("distances", () => {
  const [a, b] = [wide([[0, 0], [1, 1]]), wide([[3, 4], [1, 1]])];
  expect(pairwiseDistance(a, b, { eps: 0 }).toArray()).toEqual([5, 0]);
  expect(pairwiseDistance(a, b, { p: 1, eps: 0, keepDim: true }).toArray()).toEqual([[7], [0]]);
  expect(pairwiseDistance(a, b, { p: Infinity, eps: 0 }).toArray()).toEqual([4, 0]);
});

test("the triplet losses", () => {
  const [anchor, positive, negative] = [wide([[0, 0]]), wide([[3, 4]]), wide([[6, 8]])];
  expect(tripletMarginLoss(anchor, positive, negative, { margin: 7 }).item()).toBeCloseTo(2, 5);
  expect(tripletMarginLoss(anchor, positive, negative, { margin: 1 }).item()).toBe(0);
  expect(tripletMarginLoss(anchor, positive, negative, { margin: 7, swap: true }).item()).toBeCloseTo(7, 5);
  const manhattan = (x: Tensor, y: Tensor): Tensor => x.sub(y).abs().sum(-1);
  expect(tripletMarginWithDistanceLoss(anchor, positive, negative, { distanceFunction: manhattan, margin: 10 }).item()).toBeCloseTo(3, 12);
});

test.each<[string, (a: Tensor, b: Tensor, c: Tensor) => Tensor]>([
  ["TXT-07 cosineSimilarity", (a, b) => cosineSimilarity(a, b)],
  ["TXT-07 cosineEmbeddingLoss", (a, b) => cosineEmbeddingLoss(a, b, signs([1, -1]), { margin: -0.9 })],
  ["pairwiseDistance", (a, b) => pairwiseDistance(a, b)],
  ["pairwiseDistance, p = 3", (a, b) => pairwiseDistance(a, b, { p: 3 })],
  ["tripletMarginLoss", (a, b, c) => tripletMarginLoss(a, b, c, { margin: 9 })],
])("gradients of %s to second order", (_, f) => {
  const inputs = [0.3, 1.7, -0.9].map((phase) => wide([[0, 1, 2], [3, 4, 5]].map((row) => row.map((k) => Math.sin(2 * k + phase)))));
  expect(gradcheck(f, inputs)).toBe(true);
  // Most leave c out, and a gradient that is 0 has no graph of its own.
  expect(gradgradcheck((a, b, c) => f(a, b, c).add(c.square().sum()), inputs)).toBe(true);
});

test.each<[string, () => unknown, new (...args: never[]) => Error, RegExp]>([
  ["an eps of 0", () => cosineSimilarity(rand([2, 3]), rand([2, 3]), { eps: 0 }), ValueError, /eps is 0/],
  ["a dim out of range", () => cosineSimilarity(rand([3]), rand([3])), ShapeError, /dim 1 is out of range/],
  ["p = 0", () => pairwiseDistance(rand([2, 3]), rand([2, 3]), { p: 0 }), ValueError, /the order p is 0/],
  ["a target per component", () => cosineEmbeddingLoss(rand([2, 3]), rand([2, 3]), signs([[1], [1]])), ShapeError, /need a target of shape \[2\], got \[2, 1\]/],
  ["labels of 0 and 1", () => cosineEmbeddingLoss(rand([2, 3]), rand([2, 3]), signs([1, 0])), ValueError, /target 0 at position 1 is not 1 or -1/],
  ["another shape of anchors", () => tripletMarginLoss(rand([2, 3]), rand([1, 3]), rand([2, 3])), ShapeError, /anchor of shape \[2, 3\] and positive of shape \[1, 3\] differ/],
])("%s is refused", (_, call, error, message) => {
  expect(call).toThrow(error);
  expect(call).toThrow(message);
});
