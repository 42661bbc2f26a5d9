import { gradcheck, gradgradcheck } from "@dl/autograd";
import { DTypeError, ShapeError, UnknownNameError, ValueError } from "@dl/registry";
import { logSoftmax, rand, softmax, tensor } from "@dl/tensor";
import type { Nested, Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { gaussianNllLoss, klDivLoss, poissonNllLoss } from "./index.js";

const wide = (values: Nested): Tensor => tensor(values, { dtype: "float64" });

describe("values", () => {
  const p = wide([[0.5, 0.25, 0.25], [0.1, 0.6, 0.3]]);
  const q = wide([[0.25, 0.5, 0.25], [0, 0.5, 0.5]]);
  const divergence = 0.25 * Math.log(0.5) + 0.5 * Math.log(2) + 0.5 * Math.log(0.5 / 0.6) + 0.5 * Math.log(0.5 / 0.3);

  test.each<[string, () => Tensor, number]>([
    ["KL per element", () => klDivLoss(p.log(), q), divergence / 6],
    ["KL per sample", () => klDivLoss(p.log(), q, { reduction: "batchMean" }), divergence / 2],
    ["KL of a distribution from itself", () => klDivLoss(p.log(), p.log(), { logTarget: true, reduction: "sum" }), 0],
    ["KL where both are 0", () => klDivLoss(wide([[-Infinity, 0]]), wide([[0, 1]])), 0],
    ["Poisson of log-rates", () => poissonNllLoss(wide([0, Math.log(2)]), wide([1, 3])), (1 + 2 - 3 * Math.LN2) / 2],
    ["Poisson of rates", () => poissonNllLoss(wide([1, 2]), wide([1, 3]), { logInput: false }), (1 + 2 - 3 * Math.LN2) / 2],
    ["Stirling's part", () => poissonNllLoss(wide([0]), wide([2]), { full: true }), 1 + 2 * Math.LN2 - 2 + 0.5 * Math.log(4 * Math.PI)],
    ["Gauss", () => gaussianNllLoss(wide([1, 2]), wide([3, 2]), wide([4, 1])), (Math.log(4) + 1) / 4],
    ["Gauss with its constant", () => gaussianNllLoss(wide([0]), wide([0]), wide([1]), { full: true }), 0.5 * Math.log(2 * Math.PI)],
    ["one variance per row", () => gaussianNllLoss(wide([[1, 2], [0, 0]]), wide([[3, 2], [0, 0]]), wide([4, 1])), (2 * Math.log(4) + 1) / 8],
    ["a variance of 0 is held at eps", () => gaussianNllLoss(wide([0]), wide([0]), wide([0]), { eps: 0.01 }), 0.5 * Math.log(0.01)],
  ])("%s", (_, loss, wanted) => {
    expect(loss().item()).toBeCloseTo(wanted, 7);
  });
});

test.each<[string, (x: Tensor, t: Tensor, v: Tensor) => Tensor]>([
  ["klDivLoss", (x, t) => klDivLoss(logSoftmax(x, 1), softmax(t, 1), { reduction: "batchMean" })],
  ["klDivLoss of logarithms", (x, t) => klDivLoss(x, t, { logTarget: true })],
  ["poissonNllLoss", (x, t) => poissonNllLoss(x, t.square().add(1.5), { full: true })],
  ["poissonNllLoss of rates", (x, t) => poissonNllLoss(x.exp(), t, { logInput: false })],
  ["gaussianNllLoss", (x, t, v) => gaussianNllLoss(x, t, v.exp(), { full: true })],
  ["gaussianNllLoss, one variance per row", (x, t, v) => gaussianNllLoss(x, t, v.exp().sum(1))],
])("gradients of %s to second order", (_, loss) => {
  const inputs = [0.3, 1.7, -0.9].map((phase) => wide([[0, 1, 2], [3, 4, 5]].map((row) => row.map((k) => Math.sin(2 * k + phase)))));
  expect(gradcheck(loss, inputs)).toBe(true);
  // Some leave v out, and a gradient that is 0 has no graph of its own.
  expect(gradgradcheck((x, t, v) => loss(x, t, v).add(v.mul(x).mul(t).sum()), inputs)).toBe(true);
});

const x = rand([2, 3]);
test.each<[string, () => unknown, new (...args: never[]) => Error, RegExp]>([
  ["an unknown reduction", () => klDivLoss(x, x, { reduction: "batchmean" as "sum" }), UnknownNameError, /unknown reduction "batchmean".*"batchMean"/],
  ["a batch mean of a scalar", () => klDivLoss(tensor(0.5), tensor(0.5), { reduction: "batchMean" }), ShapeError, /the input has no batch dim/],
  ["counts of another shape", () => poissonNllLoss(x, rand([2])), ShapeError, /input of shape \[2, 3\] and target of shape \[2\] differ/],
  ["an eps of 0", () => gaussianNllLoss(x, x, x, { eps: 0 }), ValueError, /eps is 0/],
  ["a negative variance", () => gaussianNllLoss(x, x, tensor([[1, 1, -2], [1, 1, 1]])), ValueError, /variance -2 at position 2 is not 0 or more\. Apply softplus or exp/],
  ["a variance of another shape", () => gaussianNllLoss(x, x, rand([3])), ShapeError, /input of shape \[2, 3\] and variance of shape \[3\] do not fit/],
  ["a variance of another dtype", () => gaussianNllLoss(x, x, rand([2], { dtype: "float64" })), DTypeError, /the variance is float64, the input float32/],
])("%s is refused", (_, call, error, message) => {
  expect(call).toThrow(error);
  expect(call).toThrow(message);
});
