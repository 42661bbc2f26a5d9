import { backward, grad } from "@dl/autograd";
import { DTypeError, ShapeError, UnknownNameError, ValueError } from "@dl/registry";
import { full, logSoftmax, rand, randn, tensor } from "@dl/tensor";
import type { Nested, Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { CTCLoss, ctcLoss } from "./index.js";

const labels = (values: Nested): Tensor => tensor(values, { dtype: "int32" });
/** log(1/classes) everywhere. */
const uniform = (frames: number, samples: number, classes: number): Tensor => full([frames, samples, classes], -Math.log(classes), { dtype: "float64" });

describe("counted alignments", () => {
  test.each<[string, number, number[], number, number]>([
    // frames, labels, number of alignments, classes
    ["one frame reads as its label", 1, [1], 1, 3],
    ["two frames: a a, a -, - a", 2, [1], 3, 2],
    ["a repeated label needs a blank between", 3, [1, 1], 1, 2],
    ["two labels in three frames", 3, [1, 2], 5, 3],
    ["no label: blanks only", 3, [], 1, 3],
  ])("%s", (_, frames, sequence, ways, classes) => {
    const loss = ctcLoss(uniform(frames, 1, classes), labels([[...sequence, 0]]), [frames], [sequence.length], { reduction: "sum" });
    expect(loss.item()).toBeCloseTo(-Math.log(ways / classes ** frames), 12);
  });

  test("too few frames give Infinity, or 0 without a gradient", () => {
    const x = randn([3, 2, 3], { requiresGrad: true });
    const targets = labels([[1, 1], [1, 2]]);
    const strict = ctcLoss(logSoftmax(x, 2), targets, [2, 2], [2, 2], { reduction: "none" });
    expect(strict.dataSync()[0]).toBe(Infinity);
    expect(strict.dataSync()[1]).toBeLessThan(20);
    const loss = ctcLoss(logSoftmax(x, 2), targets, [2, 2], [2, 2], { zeroInfinity: true });
    backward(loss);
    const slopes = x.grad?.select(1, 0).toArray();
    expect(slopes).toEqual([[0, 0, 0], [0, 0, 0], [0, 0, 0]]);
    expect(x.grad?.abs().sum().item()).toBeGreaterThan(0);
    expect(Array.from(x.grad?.dataSync() ?? [NaN]).every(Number.isFinite)).toBe(true);
  });
});

describe("forms of one call", () => {
  const logP = logSoftmax(randn([6, 3, 5], { dtype: "float64" }), 2);
  const targets = labels([[1, 2, 3], [4, 4, 0], [2, 0, 0]]);
  const wanted = ctcLoss(logP, targets, [6, 5, 4], [3, 2, 1], { reduction: "none" });

  test("concatenated targets, lengths as tensors, and the layer", () => {
    const joined = labels([1, 2, 3, 4, 4, 2]);
    expect(ctcLoss(logP, joined, labels([6, 5, 4]), labels([3, 2, 1]), { reduction: "none" }).toArray()).toEqual(wanted.toArray());
    expect(new CTCLoss({ reduction: "none" }).forward(logP, targets, [6, 5, 4], [3, 2, 1]).toArray()).toEqual(wanted.toArray());
    expect(ctcLoss(logP, targets, [6, 5, 4], [3, 2, 1]).item()).toBeCloseTo((wanted.dataSync()[0] / 3 + wanted.dataSync()[1] / 2 + wanted.dataSync()[2]) / 3, 12);
  });

  test("one sample without a batch dim", () => {
    const one = ctcLoss(logP.select(1, 1), labels([4, 4]), [5], [2], { reduction: "none" });
    expect(one.shape).toEqual([]);
    expect(one.item()).toBeCloseTo(wanted.dataSync()[1], 12);
  });

  test("frames beyond a sample's length count for nothing, and neither do fillers of the targets", () => {
    const x = logP.detach();
    x.requiresGrad = true;
    const [slopes] = grad(ctcLoss(x, labels([[1, 2, 3], [4, 4, 9], [2, -1, 77]]), [6, 5, 4], [3, 2, 1]), [x]);
    expect(slopes.slice(0, 4).select(1, 2).abs().sum().item()).toBe(0);
    expect(slopes.slice(0, 5).select(1, 1).abs().sum().item()).toBe(0);
    // Each frame stands in exactly one state, so its gradients add up to −1/(labels·samples).
    expect(slopes.sum(2).select(1, 0).toArray()).toEqual(Array.from({ length: 6 }, () => expect.closeTo(-1 / 9, 12) as number));
  });

  test("permuted and float32 inputs", () => {
    const strided = logP.permute([1, 0, 2]).contiguous().permute([1, 0, 2]);
    expect(ctcLoss(strided, targets, [6, 5, 4], [3, 2, 1], { reduction: "none" }).toArray()).toEqual(wanted.toArray());
    const narrow = ctcLoss(logP.to("float32"), targets, [6, 5, 4], [3, 2, 1], { reduction: "none" });
    expect(narrow.dtype).toBe("float32");
    narrow.dataSync().forEach((value: number, n: number) => { expect(value).toBeCloseTo(wanted.dataSync()[n], 5); });
  });

  test("a probability of 0 closes its ways, NaN is not hidden", () => {
    const closed = tensor([[[0, -Infinity]], [[-Infinity, 0]]], { requiresGrad: true });
    const loss = ctcLoss(closed, labels([[1]]), [2], [1]);
    expect(loss.item()).toBe(0);
    expect(grad(loss, [closed])[0].toArray()).toEqual([[[-1, -0]], [[-0, -1]]].map((frame) => frame.map((row) => row.map((v) => expect.closeTo(v, 12) as number))));
    expect(ctcLoss(full([2, 1, 2], NaN), labels([[1]]), [2], [1], { zeroInfinity: true }).item()).toBeNaN();
  });
});

const x = rand([4, 2, 3]);
const y = labels([[1, 2], [1, 1]]);
test.each<[string, () => unknown, new (...args: never[]) => Error, RegExp]>([
  ["the blank among the labels", () => ctcLoss(x, labels([[1, 0], [1, 1]]), [4, 4], [2, 2]), ValueError, /target 0 at position 1 of sample 0 is the blank\. Labels are classes from 0 to 2 other than the blank, 0/],
  ["a label out of range", () => ctcLoss(x, labels([[1, 2], [1, 3]]), [4, 4], [2, 2]), ValueError, /target 3 at position 1 of sample 1 is not in \[0, 3\)/],
  ["more frames than there are", () => ctcLoss(x, y, [4, 5], [2, 2]), ValueError, /inputLengths\[1\] is 5\. Give whole numbers from 1 to 4/],
  ["no frames", () => ctcLoss(x, y, [0, 4], [2, 2]), ValueError, /inputLengths\[0\] is 0/],
  ["more labels than there are", () => ctcLoss(x, y, [4, 4], [2, 3]), ValueError, /targetLengths\[1\] is 3\. Give whole numbers from 0 to 2/],
  ["lengths for another batch", () => ctcLoss(x, y, [4], [2, 2]), ShapeError, /there are 1 inputLengths for 2 samples/],
  ["targets for another batch", () => ctcLoss(x, labels([[1, 2]]), [4, 4], [2, 2]), ShapeError, /targets of shape \[1, 2\] for 2 samples/],
  ["a wrong sum of lengths", () => ctcLoss(x, labels([1, 2, 1]), [4, 4], [2, 2]), ShapeError, /targetLengths add up to 4, but there are 3 targets/],
  ["float targets", () => ctcLoss(x, y.to("float32"), [4, 4], [2, 2]), DTypeError, /targets are float32/],
  ["integer log-probabilities", () => ctcLoss(x.to("int32"), y, [4, 4], [2, 2]), DTypeError, /the log-probabilities are int32/],
  ["a blank out of range", () => ctcLoss(x, y, [4, 4], [2, 2], { blank: 3 }), ValueError, /blank is 3\. Give a class from 0 to 2/],
  ["a vector", () => ctcLoss(rand([3]), labels([1]), [3], [1]), ShapeError, /Give \[T, N, C\]/],
  ["targets in a grid", () => ctcLoss(rand([4, 3]), y, [4], [2]), ShapeError, /targets have shape \[2, 2\]/],
  ["nothing", () => ctcLoss(rand([0, 2, 3]), y, [4, 4], [2, 2]), ShapeError, /hold nothing/],
  ["an unknown option", () => ctcLoss(x, y, [4, 4], [2, 2], { zeroInf: true } as object), UnknownNameError, /Did you mean "zeroInfinity"/],
  ["an unknown reduction", () => ctcLoss(x, y, [4, 4], [2, 2], { reduction: "avg" as "sum" }), UnknownNameError, /unknown reduction "avg"/],
])("%s is refused", (_, call, error, message) => {
  expect(call).toThrow(error);
  expect(call).toThrow(message);
});
