import { gradcheck, gradgradcheck } from "@dl/autograd";
import { batchNorm, manualSeed, ones, randn, tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { BatchNorm1d, BatchNorm2d, GroupNorm, LayerNorm } from "./index.js";

const column = tensor([[1], [2], [3], [4]]);
const flat = (x: { dataSync(): ArrayLike<number> }): number[] => Array.from(x.dataSync());
const near = (values: ArrayLike<number>, expected: readonly number[]): void => {
  expect(values.length).toBe(expected.length);
  expected.forEach((value, i) => { expect(values[i]).toBeCloseTo(value, 6); });
};

describe("batch normalisation (CNN-08)", () => {
  test("the batch's own statistics in training, running ones in evaluation", () => {
    const layer = new BatchNorm1d(1);
    near(flat(layer.forward(column)), [-1.3416354, -0.4472118, 0.4472118, 1.3416354]);
    near(layer.runningMean?.dataSync() ?? [], [0.25]);
    near(layer.runningVar?.dataSync() ?? [], [1.0666667]);
    expect(layer.numBatchesTracked?.item()).toBe(1);
    layer.eval();
    near(flat(layer.forward(column)), [0.726181, 1.6944223, 2.6626636, 3.6309049]);
    expect(layer.numBatchesTracked?.item()).toBe(1);
  });

  test("gradients through the batch's statistics, to second order", () => {
    manualSeed(3);
    const wide = (shape: readonly number[]) => randn(shape, { dtype: "float64" });
    const f = (x: ReturnType<typeof wide>, weight: ReturnType<typeof wide>, bias: ReturnType<typeof wide>) => batchNorm(x, { weight, bias });
    const inputs = [wide([3, 2, 2]), wide([2]), wide([2])];
    expect(gradcheck(f, inputs)).toBe(true);
    expect(gradgradcheck(f, inputs)).toBe(true);
  });

  test("one element per channel has no variance", () => {
    expect(() => new BatchNorm2d(3).forward(ones([1, 3, 1, 1]))).toThrow("has one element per channel. Use a larger batch");
    expect(new BatchNorm2d(3).eval().forward(ones([1, 3, 1, 1])).shape).toEqual([1, 3, 1, 1]);
  });

  test("other shapes are refused", () => {
    expect(() => new BatchNorm1d(3).forward(ones([2, 4]))).toThrow("BatchNorm1d: x has shape [2, 4]. Give [N, 3] or [N, 3, L]");
    expect(() => new BatchNorm2d(3).forward(ones([2, 3, 4]))).toThrow("BatchNorm2d: x has shape [2, 3, 4]. Give [N, 3, H, W]");
    expect(() => new BatchNorm1d(3, { momentum: 2 })).toThrow("momentum is 2");
    expect(() => new GroupNorm(3, 4)).toThrow("3 groups do not divide 4 channels");
  });
});

test("TRF-04 layer normalisation of [1, 2, 3, 4]", () => {
  near(flat(new LayerNorm(4).forward(tensor([[1, 2, 3, 4]]))), [-1.3416354, -0.4472118, 0.4472118, 1.3416354]);
  expect(() => new LayerNorm([2, 3]).forward(ones([3, 2]))).toThrow("x of shape [3, 2] does not end in [2, 3]");
});
