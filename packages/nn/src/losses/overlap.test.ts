import { gradcheck, gradgradcheck } from "@dl/autograd";
import { DTypeError, ShapeError, UnknownNameError, ValueError } from "@dl/registry";
import { oneHot, rand, randn, tensor } from "@dl/tensor";
import type { Nested, Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { bceWithLogits, crossEntropy, diceLoss, focalLoss, sigmoidFocalLoss } from "./index.js";

const labels = (values: Nested): Tensor => tensor(values, { dtype: "int32" });
const wide = (values: Nested): Tensor => tensor(values, { dtype: "float64" });

describe("SEG-01 soft Dice", () => {
  const mask = labels([[[0, 1], [1, 2]]]);
  const planes = oneHot(mask, 3).to("float32").permute([0, 3, 1, 2]);

  test("is 0 for the mask itself, whichever form the target has", () => {
    expect(diceLoss(planes, mask).item()).toBe(0);
    expect(diceLoss(planes, planes).item()).toBe(0);
    expect(diceLoss(planes.mul(200).sub(100), mask, { activation: "softmax" }).item()).toBeCloseTo(0, 6);
  });

  test("counts the overlap per class", () => {
    const other = oneHot(labels([[[0, 1], [0, 0]]]), 3).to("float32").permute([0, 3, 1, 2]);
    const each = diceLoss(other, mask, { reduction: "none", smooth: 1e-6 });
    expect(each.shape).toEqual([1, 3]);
    [1 - 2 / 4, 1 - 2 / 3, 1].forEach((wanted, c) => { expect(each.dataSync()[c]).toBeCloseTo(wanted, 5); });
  });

  test("over the whole batch gives one value per class", () => {
    const [p, t] = [rand([4, 2, 3, 3]), rand([4, 2, 3, 3]).gt(0.5).to("float32")];
    const each = diceLoss(p, t, { reduction: "none", batch: true });
    expect(each.shape).toEqual([2]);
    const [own, truth] = [p, t].map((x) => x.select(1, 1).flatten());
    expect(each.dataSync()[1]).toBeCloseTo(1 - (2 * own.mul(truth).sum().item() + 1) / (own.sum().item() + truth.sum().item() + 1), 5);
  });
});

describe("focal losses", () => {
  test("without a discount are cross-entropy", () => {
    const [x, t] = [randn([3, 4], { dtype: "float64" }), rand([3, 4], { dtype: "float64" })];
    expect(sigmoidFocalLoss(x, t, { gamma: 0, alpha: -1 }).item()).toBeCloseTo(bceWithLogits(x, t).item(), 12);
    const [rows, weight] = [labels([0, 3, -100]), wide([1, 2, 3, 4])];
    expect(focalLoss(x, rows, { gamma: 0 }).item()).toBeCloseTo(crossEntropy(x, rows).item(), 12);
    const summed = { weight, reduction: "sum" } as const;
    expect(focalLoss(x, rows, { gamma: 0, ...summed }).item()).toBeCloseTo(crossEntropy(x, rows, summed).item(), 12);
  });

  test("discount what is right already", () => {
    const logits = wide([Math.log(9)]);
    expect(sigmoidFocalLoss(logits, wide([1])).item()).toBeCloseTo(0.25 * 0.01 * -Math.log(0.9), 12);
    expect(sigmoidFocalLoss(logits, wide([0])).item()).toBeCloseTo(0.75 * 0.81 * -Math.log(0.1), 12);
    expect(focalLoss(wide([[Math.log(9), 0]]), labels([0])).item()).toBeCloseTo(0.01 * -Math.log(0.9), 12);
    expect(sigmoidFocalLoss(wide([800, -800]), wide([1, 0])).item()).toBe(0);
    expect(sigmoidFocalLoss(wide([-800]), wide([1]), { alpha: -1 }).item()).toBe(800);
  });
});

test.each<[string, (x: Tensor) => Tensor]>([
  ["SEG-01 diceLoss by softmax", (x) => diceLoss(x, labels([[1, 0], [0, 1]]), { activation: "softmax" })],
  ["SEG-01 diceLoss by sigmoid", (x) => diceLoss(x, x.mul(0.3).sigmoid(), { activation: "sigmoid", batch: true, smooth: 0.1 })],
  ["sigmoidFocalLoss", (x) => sigmoidFocalLoss(x, x.square().sigmoid(), { gamma: 1.5 })],
  ["focalLoss", (x) => focalLoss(x, labels([[1, 0], [0, -100]]), { gamma: 2.5, weight: wide([1, 3]) })],
])("gradients of %s to second order", (_, loss) => {
  const x = wide([[[0.4, -0.9], [1.1, 0.3]], [[-0.2, 0.8], [0.5, -1.3]]]);
  expect(gradcheck(loss, [x])).toBe(true);
  expect(gradgradcheck(loss, [x])).toBe(true);
});

const x = rand([2, 3, 4]);
test.each<[string, () => unknown, new (...args: never[]) => Error, RegExp]>([
  ["a mask of another size", () => diceLoss(x, labels([[0, 1], [1, 0]])), ShapeError, /needs a target of shape \[2, 4\], got \[2, 2\]/],
  ["a class that is not there", () => diceLoss(x, labels([[0, 1, 2, 3], [0, 0, 0, 0]])), ValueError, /target 3 at position \[0, 3\]/],
  ["planes of another shape", () => diceLoss(x, rand([2, 1, 4])), ShapeError, /input of shape \[2, 3, 4\] and target of shape \[2, 1, 4\] differ/],
  ["a vector", () => diceLoss(rand([3]), rand([3])), ShapeError, /Give \[N, C, \.\.\]/],
  ["an unknown activation", () => diceLoss(x, x, { activation: "softMax" as "softmax" }), UnknownNameError, /unknown activation "softMax"\. Did you mean "softmax"/],
  ["a smooth of 0", () => diceLoss(x, x, { smooth: 0 }), ValueError, /smooth is 0/],
  ["a negative gamma", () => focalLoss(rand([2, 3]), labels([0, 1]), { gamma: -1 }), ValueError, /gamma is -1/],
  ["an alpha of 2", () => sigmoidFocalLoss(x, x, { alpha: 2 }), ValueError, /alpha is 2\. Give a weight from 0 to 1/],
  ["float labels", () => focalLoss(rand([2, 3]), rand([2])), DTypeError, /class indices are float32/],
  ["a weight of another size", () => focalLoss(rand([2, 3]), labels([0, 1]), { weight: rand([2]) }), ShapeError, /weight has shape \[2\] for 3 classes/],
])("%s is refused", (_, call, error, message) => {
  expect(call).toThrow(error);
  expect(call).toThrow(message);
});
