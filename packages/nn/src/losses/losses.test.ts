import { backward, gradcheck, gradgradcheck } from "@dl/autograd";
import { DTypeError, ShapeError, UnknownNameError, ValueError } from "@dl/registry";
import { logSoftmax, rand, randn, softmax, tensor } from "@dl/tensor";
import type { Nested, Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import {
  CrossEntropyLoss, MSELoss, bceLoss, bceWithLogits, crossEntropy, huberLoss, l1Loss, mseLoss, nllLoss, smoothL1Loss,
} from "./index.js";

const labels = (values: Nested): Tensor => tensor(values, { dtype: "int32" });
const wide = (values: Nested): Tensor => tensor(values, { dtype: "float64" });

describe("values", () => {
  const p = tensor([2.5, 0, 2, 8]);
  const t = tensor([3, -0.5, 2, 7]);

  test.each<[string, () => Tensor, number]>([
    ["OPT-02 MSE", () => mseLoss(p, t), 0.375],
    ["OPT-02 MAE", () => l1Loss(p, t), 0.5],
    ["OPT-02 sum", () => mseLoss(p, t, { reduction: "sum" }), 1.5],
    ["OPT-05 Huber", () => huberLoss(p, t), 0.1875],
    ["OPT-05 Huber, δ = 0.5", () => huberLoss(p, t, { delta: 0.5 }), 0.15625],
    ["smooth L1 is Huber over β", () => smoothL1Loss(p, t, { beta: 0.5 }), 0.3125],
    ["OPT-03 cross-entropy", () => crossEntropy(tensor([2, 1, 0.1]), labels(0)), 0.41703001627783354],
    ["OPT-03 one row", () => crossEntropy(tensor([[2, 1, 0.1]]), labels([0])), 0.41703001627783354],
    ["OPT-03 probabilities", () => crossEntropy(tensor([[2, 1, 0.1]]), tensor([[1, 0, 0]])), 0.41703001627783354],
    ["OPT-03 BCE with logits", () => bceWithLogits(tensor([0, 2]), tensor([1, 0])), 1.410037595801459],
    ["OPT-03 BCE", () => bceLoss(tensor([0, 2]).sigmoid(), tensor([1, 0])), 1.410037595801459],
    ["OPT-03 NLL", () => nllLoss(logSoftmax(tensor([[2, 1, 0.1]]), 1), labels([0])), 0.41703001627783354],
    ["OPT-03 logits of thousands", () => crossEntropy(tensor([[2000, 1000, 100]]), labels([1])), 1000],
    ["logits of a hundred", () => bceWithLogits(tensor([-100, 100]), tensor([1, 0])), 100],
    ["certain probabilities", () => bceLoss(tensor([0, 1]), tensor([1, 1])), 50],
  ])("%s", (_, loss, wanted) => {
    expect(loss().item()).toBeCloseTo(wanted, 5);
  });

  test("OPT-03 the gradient is softmax minus target", () => {
    const logits = tensor([[2, 1, 0.1]], { requiresGrad: true });
    backward(crossEntropy(logits, labels([0])));
    const wanted = [-0.3409988611140321, 0.24243297070471392, 0.09856589040931818];
    logits.grad?.dataSync().forEach((value, i) => { expect(value).toBeCloseTo(wanted[i], 6); });
  });

  test("layers keep their options", () => {
    expect(new MSELoss({ reduction: "sum" }).forward(p, t).item()).toBeCloseTo(1.5, 6);
    expect(new CrossEntropyLoss().forward(tensor([[2, 1, 0.1]]), labels([0])).item()).toBeCloseTo(0.41703, 5);
  });
});

describe("options of crossEntropy", () => {
  const logits = wide([[0.2, -1.1, 0.5], [1.7, 0.4, -0.3], [0.1, 0.2, 0.3]]);
  const target = labels([2, 0, 1]);
  const weight = wide([1, 2, 0.5]);
  const logP = logSoftmax(logits, 1).toArray() as number[][];
  const nll = [-logP[0][2], -logP[1][0], -logP[2][1]];
  const spread = (row: number, w = [1, 1, 1]): number => -logP[row].reduce((sum, value, k) => sum + w[k] * value, 0);

  test("weights divide by their own sum", () => {
    expect(crossEntropy(logits, target, { weight }).item()).toBeCloseTo((0.5 * nll[0] + nll[1] + 2 * nll[2]) / 3.5, 12);
    const each = crossEntropy(logits, target, { weight, reduction: "none" });
    expect(each.shape).toStrictEqual([3]);
    expect(each.dataSync()[2]).toBeCloseTo(2 * nll[2], 12);
  });

  test("ignored targets count for nothing, not in the mean either", () => {
    const some = labels([2, -100, 1]);
    expect(crossEntropy(logits, some).item()).toBeCloseTo((nll[0] + nll[2]) / 2, 12);
    expect(crossEntropy(logits, target, { ignoreIndex: 0, weight }).item()).toBeCloseTo((0.5 * nll[0] + 2 * nll[2]) / 2.5, 12);
    expect(crossEntropy(logits, labels([-100, -100, -100])).item()).toBeNaN();
    const infinite = wide([[-Infinity, 0], [1, 2]]);
    expect(crossEntropy(infinite, labels([-100, 0]), { reduction: "sum" }).item()).toBeCloseTo(1.313261687518223, 12);
  });

  test("smoothing mixes in all classes", () => {
    const wanted = nll.map((own, row) => 0.9 * own + (0.1 / 3) * spread(row));
    expect(crossEntropy(logits, target, { labelSmoothing: 0.1 }).item()).toBeCloseTo(wanted.reduce((a, b) => a + b) / 3, 12);
    const both = [0.5 * nll[0], nll[1], 2 * nll[2]].map((own, row) => 0.9 * own + (0.1 / 3) * spread(row, [1, 2, 0.5]));
    expect(crossEntropy(logits, target, { labelSmoothing: 0.1, weight }).item()).toBeCloseTo(both.reduce((a, b) => a + b) / 3.5, 12);
  });

  test("OPT-03 an index is the same as its one-hot row, whatever the smoothing", () => {
    const rows = wide([[0, 0, 1], [1, 0, 0], [0, 1, 0]]);
    for (const labelSmoothing of [0, 0.2]) {
      expect(crossEntropy(logits, rows, { labelSmoothing }).item()).toBeCloseTo(crossEntropy(logits, target, { labelSmoothing }).item(), 12);
    }
  });

  test("further dims follow the class dim", () => {
    const x = randn([2, 3, 4], { dtype: "float64" });
    const y = labels([[0, 1, 2, 0], [2, 2, 1, 0]]);
    const flat = x.permute([0, 2, 1]).reshape([8, 3]);
    expect(crossEntropy(x, y).item()).toBeCloseTo(crossEntropy(flat, y.reshape([8])).item(), 12);
  });

  test("gradients pass in all forms", () => {
    const x = randn([3, 3], { dtype: "float64" });
    const forms: ((z: Tensor) => Tensor)[] = [
      (z) => crossEntropy(z, target),
      (z) => crossEntropy(z, labels([2, -100, 1]), { weight, labelSmoothing: 0.1 }),
      (z) => crossEntropy(z, softmax(logits, 1), { weight, labelSmoothing: 0.1 }),
    ];
    for (const form of forms) {
      expect(gradcheck(form, [x])).toBe(true);
      expect(gradgradcheck(form, [x])).toBe(true);
    }
  });
});

test("posWeight weighs the positive part", () => {
  const [x, t] = [wide([0.5, -1]), wide([1, 0])];
  const plain = bceWithLogits(x, t, { reduction: "none" }).dataSync();
  const weighed = bceWithLogits(x, t, { reduction: "none", posWeight: wide([3]) }).dataSync();
  expect(weighed[0]).toBeCloseTo(3 * plain[0], 12);
  expect(weighed[1]).toBeCloseTo(plain[1], 12);
});

test.each<[string, (x: Tensor, t: Tensor) => Tensor]>([
  ["mseLoss", mseLoss], ["l1Loss", l1Loss], ["huberLoss", (x, t) => huberLoss(x, t, { delta: 0.3 })], ["smoothL1Loss", smoothL1Loss],
  ["bceWithLogits", bceWithLogits], ["bceLoss", (x, t) => bceLoss(x, t)],
  ["posWeight", (x, t) => bceWithLogits(x, t, { posWeight: wide([2]) })],
])("OPT-02 OPT-03 gradients of %s", (_, loss) => {
  const inputs = [rand([2, 3], { dtype: "float64" }).mul(0.8).add(0.1), rand([2, 3], { dtype: "float64" }).mul(0.8).add(0.1)];
  expect(gradcheck(loss, inputs)).toBe(true);
  expect(gradgradcheck(loss, inputs)).toBe(true);
});

describe("bad input", () => {
  const x = rand([4, 10]);
  test.each<[string, () => unknown, new (...args: never[]) => Error, RegExp]>([
    ["a label out of range", () => crossEntropy(x, labels([0, 1, 2, 12])), ValueError, /crossEntropy: target 12 at row 3 is not in \[0, 10\)\. There are 10 classes/],
    ["a negative label", () => nllLoss(x, labels([0, -1, 2, 3])), ValueError, /nllLoss: target -1 at row 1/],
    ["a label in a grid", () => crossEntropy(rand([1, 2, 2, 2]), labels([[[0, 1], [1, 5]]])), ValueError, /target 5 at position \[0, 1, 1\]/],
    ["a scalar label", () => crossEntropy(rand([3]), labels(3)), ValueError, /target 3 is not in \[0, 3\)/],
    ["labels of another shape", () => crossEntropy(x, labels([[0], [1], [2], [3]])), ShapeError, /input of shape \[4, 10\] needs a target of shape \[4\], got \[4, 1\]/],
    ["bool labels", () => crossEntropy(x, tensor([true, false, true, true])), DTypeError, /class indices are bool/],
    ["probabilities of another shape", () => crossEntropy(x, rand([4, 9])), ShapeError, /\[4, 10\] and target of shape \[4, 9\]/],
    ["a weight of another size", () => crossEntropy(x, labels([0, 1, 2, 3]), { weight: rand([3]) }), ShapeError, /weight has shape \[3\] for 10 classes/],
    ["a smoothing of 2", () => crossEntropy(x, labels([0, 1, 2, 3]), { labelSmoothing: 2 }), ValueError, /labelSmoothing is 2/],
    ["an unknown option", () => crossEntropy(x, labels([0, 1, 2, 3]), { weigth: 1 } as object), UnknownNameError, /Did you mean "weight"/],
    ["an unknown reduction", () => mseLoss(x, x, { reduction: "avg" as "sum" }), UnknownNameError, /mseLoss: unknown reduction "avg"/],
    ["class indices as floats", () => crossEntropy(x, tensor([0, 1, 2, 3])), DTypeError, /Class indices are int32/],
    ["a broadcast", () => mseLoss(rand([4, 1]), rand([4])), ShapeError, /input of shape \[4, 1\] and target of shape \[4\] differ/],
    ["integer targets", () => mseLoss(rand([2]), labels([1, 2])), DTypeError, /the target is int32, the input float32\. Convert it: target\.to\("float32"\)/],
    ["a probability above 1", () => bceLoss(tensor([0.5, 1.5]), tensor([0, 1])), ValueError, /probability 1\.5 at position 1/],
    ["a delta of 0", () => huberLoss(x, x, { delta: 0 }), ValueError, /delta is 0/],
  ])("%s is refused", (_, call, error, message) => {
    expect(call).toThrow(error);
    expect(call).toThrow(message);
  });
});
