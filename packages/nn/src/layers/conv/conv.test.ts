import { gradcheck } from "@dl/autograd";
import { conv2d, manualSeed, ones, randn } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { Conv1d, Conv2d, ConvTranspose2d } from "./index.js";

const wide = (shape: readonly number[]) => randn(shape, { dtype: "float64" });

describe("convolution layers", () => {
  test("CNV-05 gradients hold with dilation 2 and stride 2 together", () => {
    manualSeed(1);
    expect(gradcheck((x, w) => conv2d(x, w, { dilation: 2, stride: 2, padding: 1 }), [wide([1, 2, 6, 5]), wide([2, 2, 2, 3])])).toBe(true);
  });

  test("CNN-01 grouped and depthwise layers have the parameters they should", () => {
    const count = (layer: Conv2d): number => layer.parameters().reduce((sum, p) => sum + p.size, 0);
    expect(count(new Conv2d(4, 8, 3))).toBe(296);
    expect(count(new Conv2d(4, 8, 3, { groups: 2 }))).toBe(152);
    expect(count(new Conv2d(4, 8, 3, { groups: 4 }))).toBe(80);
  });

  test("initial weights lie within 1/√fan-in", () => {
    manualSeed(2);
    const { weight, bias } = new Conv2d(8, 16, 3, { groups: 2 });
    expect(weight.abs().max().item()).toBeLessThanOrEqual(1 / 6);
    expect(weight.abs().max().item()).toBeGreaterThan(0.16);
    expect(bias?.abs().max().item()).toBeLessThanOrEqual(1 / 6);
  });

  test.each<[() => object, string]>([
    [() => new Conv2d(3, 4, 3, { groups: 2 }), "Conv2d: groups 2 do not divide 3 input channels. Use a divisor of 3."],
    [() => new Conv2d(3, 4, 2, { padding: 0.5 }), "Conv2d: padding is 0.5"],
    [() => new Conv2d(3, 4, [2, 2, 2]), "Conv2d: kernelSize is [2, 2, 2] for 2 spatial dims"],
    [() => new Conv1d(0, 4, 2), "Conv1d: inChannels is 0"],
    [() => new ConvTranspose2d(2, 4, 2, { outputPadding: -1 }), "ConvTranspose2d: outputPadding is -1"],
  ])("refuses bad arguments when made: %#", (make, message) => {
    expect(make).toThrow(message);
  });

  test("refuses an input of other channels, and one that is too small", () => {
    expect(() => new Conv2d(3, 4, 3).forward(ones([1, 1, 8, 8]))).toThrow("x of shape [1, 1, 8, 8] has 1 channels, the weight of shape [4, 3, 3, 3] takes 3");
    expect(() => new Conv2d(1, 4, 5).forward(ones([1, 1, 3, 3]))).toThrow("kernel 5 does not fit input 3 with padding 0");
  });
});
