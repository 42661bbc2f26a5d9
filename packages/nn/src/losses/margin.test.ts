import { gradcheck, gradgradcheck } from "@dl/autograd";
import { DTypeError, ShapeError, UnknownNameError, ValueError } from "@dl/registry";
import { rand, tensor } from "@dl/tensor";
import type { Nested, Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import {
  HingeLoss, MultiMarginLoss, hingeEmbeddingLoss, hingeLoss, marginRankingLoss, multiLabelMarginLoss, multiLabelSoftMarginLoss,
  multiMarginLoss, softMarginLoss,
} from "./index.js";

const labels = (values: Nested): Tensor => tensor(values, { dtype: "int32" });
const wide = (values: Nested): Tensor => tensor(values, { dtype: "float64" });

describe("values", () => {
  const z = tensor([0.5, -1.2, 2]);
  const signs = tensor([1, -1, -1]);
  test.each<[string, () => Tensor, number]>([
    ["OPT-04 hinge", () => hingeLoss(z, signs), 1.1666667],
    ["OPT-04 hinge as a layer", () => new HingeLoss().forward(z, signs), 1.1666667],
    ["OPT-04 squared hinge", () => hingeLoss(z, signs, { squared: true }), (0.25 + 0 + 9) / 3],
    ["OPT-04 multi-margin", () => multiMarginLoss(tensor([[0.1, 0.2, 0.4, 0.8]]), labels([3])), 0.325],
    ["OPT-04 multi-margin of one row", () => new MultiMarginLoss().forward(tensor([0.1, 0.2, 0.4, 0.8]), labels(3)), 0.325],
    ["OPT-04 squared multi-margin", () => multiMarginLoss(tensor([[0.1, 0.2, 0.4, 0.8]]), labels([3]), { p: 2 }), (0.09 + 0.16 + 0.36) / 4],
    ["multi-label margin", () => multiLabelMarginLoss(tensor([[0.1, 0.2, 0.4, 0.8]]), labels([[3, 0, -1, 1]])), 0.85],
    ["soft margin of thousands", () => softMarginLoss(tensor([1000, -1000]), tensor([-1, -1])), 500],
    ["hinge embedding", () => hingeEmbeddingLoss(tensor([0.3, 0.3, 2]), tensor([1, -1, -1])), (0.3 + 0.7) / 3],
    ["margin ranking", () => marginRankingLoss(tensor([1, 2]), tensor([2, 1]), tensor([1, 1]), { margin: 0.5 }), 0.75],
    ["multi-label soft margin", () => multiLabelSoftMarginLoss(tensor([[0, 0]]), tensor([[1, 0]])), Math.LN2],
  ])("%s", (_, loss, wanted) => {
    expect(loss().item()).toBeCloseTo(wanted, 5);
  });

  test("a label that is listed twice, or after -1, counts as listed", () => {
    const x = wide([[0.1, 0.2, 0.4, 0.8]]);
    expect(multiLabelMarginLoss(x, labels([[3, 0, -1, 2]])).item()).toBe(multiLabelMarginLoss(x, labels([[3, 0, -1, 1]])).item());
    expect(multiLabelMarginLoss(x, labels([[-1, 0, 1, 2]])).item()).toBe(0);
  });
});

describe("gradients to second order", () => {
  const signs = wide([[1, -1, 1], [-1, -1, 1]]);
  const rows = labels([2, 0]);
  test.each<[string, (x: Tensor) => Tensor]>([
    ["OPT-04 hingeLoss", (x) => hingeLoss(x, signs)],
    ["OPT-04 hingeLoss, squared", (x) => hingeLoss(x, signs, { squared: true })],
    ["OPT-04 multiMarginLoss", (x) => multiMarginLoss(x, rows, { margin: 0.9, weight: wide([1, 2, 3]) })],
    ["OPT-04 multiMarginLoss, squared", (x) => multiMarginLoss(x, rows, { p: 2 })],
    ["softMarginLoss", (x) => softMarginLoss(x, signs)],
    ["hingeEmbeddingLoss", (x) => hingeEmbeddingLoss(x, signs)],
    ["marginRankingLoss", (x) => marginRankingLoss(x, x.square(), signs, { margin: 0.1 })],
    ["multiLabelMarginLoss", (x) => multiLabelMarginLoss(x, labels([[2, 0, -1], [1, -1, 0]]))],
    ["multiLabelSoftMarginLoss", (x) => multiLabelSoftMarginLoss(x, signs.add(1).div(2))],
  ])("%s", (_, loss) => {
    const x = wide([[0.21, -0.73, 0.48], [1.37, 0.86, -0.35]]);
    expect(gradcheck(loss, [x])).toBe(true);
    expect(gradgradcheck((z) => loss(z).square(), [x])).toBe(true);
  });
});

describe("bad input", () => {
  const x = rand([2, 3]);
  test.each<[string, () => unknown, new (...args: never[]) => Error, RegExp]>([
    ["labels of 0 and 1", () => hingeLoss(x, tensor([[1, 0, 1], [0, 1, 1]])), ValueError, /hingeLoss: target 0 at position 1 is not 1 or -1\. Two classes as 0 and 1/],
    ["integer signs", () => softMarginLoss(x, labels([[1, -1, 1], [1, 1, 1]])), DTypeError, /the target is int32/],
    ["a broadcast", () => marginRankingLoss(x, x, rand([2, 1])), ShapeError, /marginRankingLoss: input1 of shape \[2, 3\] and target of shape \[2, 1\] differ/],
    ["an infinite margin", () => hingeEmbeddingLoss(x, x, { margin: Infinity }), ValueError, /margin is Infinity/],
    ["p = 3", () => multiMarginLoss(x, labels([0, 1]), { p: 3 as 1 }), ValueError, /p is 3\. Use 1 or 2/],
    ["a label out of range", () => multiMarginLoss(x, labels([0, 3])), ValueError, /target 3 at row 1 is not in \[0, 3\)/],
    ["an ignored label", () => multiMarginLoss(x, labels([0, -100])), ValueError, /target -100/],
    ["a grid of scores", () => multiMarginLoss(rand([2, 3, 4]), labels([0, 1])), ShapeError, /Give \[N, C\] or \[C\]/],
    ["labels of another shape", () => multiLabelMarginLoss(x, labels([0, 1])), ShapeError, /Fill each row's list of labels with -1/],
    ["a list with a wrong label", () => multiLabelMarginLoss(x, labels([[0, 5, -1], [0, -1, -1]])), ValueError, /target 5 at position \[0, 1\]/],
    ["float lists", () => multiLabelMarginLoss(x, x), DTypeError, /labels are float32/],
    ["a weight of another size", () => multiLabelSoftMarginLoss(x, x, { weight: rand([2]) }), ShapeError, /weight has shape \[2\] for 3 classes/],
    ["an unknown option", () => hingeLoss(x, x, { square: true } as object), UnknownNameError, /Did you mean "squared"/],
  ])("%s is refused", (_, call, error, message) => {
    expect(call).toThrow(error);
    expect(call).toThrow(message);
  });
});
