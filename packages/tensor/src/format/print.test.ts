import { DTypeError, ShapeError, UnknownNameError, ValueError } from "@dl/registry";
import { describe, expect, test } from "vitest";
import { newArray } from "../dtype.js";
import type { DType } from "../dtype.js";
import { formatTensor } from "./print.js";
import type { PrintOptions } from "./print.js";

function print(dtype: DType, shape: readonly number[], values: ArrayLike<number>, options?: PrintOptions): string {
  const data = newArray(dtype, values.length);
  data.set(values);
  return formatTensor({ dtype, shape, data }, options);
}

const f32 = (...values: number[]): string => print("float32", [values.length], values);

const count = (length: number): number[] => Array.from({ length }, (_, i) => i);

describe("SYS-01 a tensor prints as PyTorch prints it", () => {
  test.each<[string, string]>([
    [f32(1, 2.5), "tensor([1.0000, 2.5000])"],
    [f32(1, 2, 3), "tensor([1., 2., 3.])"],
    [f32(1, -2, 10), "tensor([ 1., -2., 10.])"],
    [f32(0, 0), "tensor([0., 0.])"],
    [f32(0.1, -0.25), "tensor([ 0.1000, -0.2500])"],
    [f32(4, Infinity, 1.5, -Infinity, 0, NaN, 1), "tensor([4.0000,    inf, 1.5000,   -inf, 0.0000,    nan, 1.0000])"],
    [f32(1, Infinity), "tensor([1., inf])"],
    [f32(0, NaN), "tensor([0., nan])"],
    [f32(-0, 1), "tensor([-0., 1.])"],
    [f32(1e28, 1e-28), "tensor([1.0000e+28, 1.0000e-28])"],
    [f32(1e2, 1e-2), "tensor([1.0000e+02, 1.0000e-02])"],
    [f32(1, 1000), "tensor([   1., 1000.])"],
    [f32(1, 1001), "tensor([1.0000e+00, 1.0010e+03])"],
    [f32(1e8), "tensor([100000000.])"],
    [f32(1.00000008e8), "tensor([1.0000e+08])"],
    [f32(1e-5), "tensor([1.0000e-05])"],
    [f32(0.001, -1e-5), "tensor([ 1.0000e-03, -1.0000e-05])"],
    [f32(0.03125, 0.09375), "tensor([0.0312, 0.0938])"],
    [f32(3.14159265), "tensor([3.1416])"],
  ])("%s", (printed, expected) => {
    expect(printed).toBe(expected);
  });

  test.each<[DType, number[], number[], string]>([
    ["float32", [], [3.5], "tensor(3.5000)"],
    ["float32", [], [3], "tensor(3.)"],
    ["int32", [], [-7], "tensor(-7)"],
    ["bool", [], [1], "tensor(true)"],
    ["int32", [2], [1, 2], "tensor([1, 2])"],
    ["int32", [2], [1, -2], "tensor([ 1, -2])"],
    ["bool", [2], [1, 0], "tensor([ true, false])"],
    ["uint8", [2], [1, 255], "tensor([  1, 255], dtype=uint8)"],
    ["int8", [1], [-3], "tensor([-3], dtype=int8)"],
    ["float64", [1], [0.1], "tensor([0.1000], dtype=float64)"],
    ["float32", [2, 2], [1, 2.5, 3, 4], "tensor([[1.0000, 2.5000],\n        [3.0000, 4.0000]])"],
    ["int32", [2, 2, 1], [1, 2, 3, 4], "tensor([[[1],\n         [2]],\n\n        [[3],\n         [4]]])"],
    ["float32", [0], [], "tensor([])"],
    ["float32", [0, 3], [], "tensor([], shape=[0, 3])"],
    ["int32", [0], [], "tensor([], dtype=int32)"],
    ["bool", [2, 0], [], "tensor([], shape=[2, 0], dtype=bool)"],
  ])("%s of shape %j", (dtype, shape, values, expected) => {
    expect(print(dtype, shape, values)).toBe(expected);
  });

  test("float64 extremes, and a suffix that wraps", () => {
    expect(print("float64", [6], [0, 1e-323, 1e-322, 1e307, 1e308, Infinity])).toBe(
      "tensor([ 0.0000e+00, 9.8813e-324, 9.8813e-323, 1.0000e+307, 1.0000e+308,\n                inf], dtype=float64)",
    );
    const line = "1.5000, ".repeat(8).slice(0, -2);
    expect(print("float64", [8], count(8).fill(1.5))).toBe(`tensor([${line}],\n       dtype=float64)`);
    expect(print("float64", [8], count(8).fill(1.5), { requiresGrad: true })).toBe(`tensor([${line}],\n       dtype=float64, requiresGrad=true)`);
  });

  test("long rows wrap at 80 characters", () => {
    expect(print("int32", [30], count(30))).toBe(
      "tensor([ 0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14, 15, 16, 17,\n        18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29])",
    );
    expect(print("int32", [2, 10], count(20), { lineWidth: 30 })).toBe(
      "tensor([[ 0,  1,  2,  3,  4,\n          5,  6,  7,  8,  9],\n        [10, 11, 12, 13, 14,\n         15, 16, 17, 18, 19]])",
    );
  });

  test("above 1,000 elements only the edges show, and only they decide the format", () => {
    expect(print("int32", [1000], count(1000)).includes("...")).toBe(false);
    expect(print("int32", [1001], count(1001))).toBe("tensor([   0,    1,    2,  ...,  998,  999, 1000])");
    const spike = count(2000).fill(1);
    spike[1000] = 1e-9;
    expect(print("float32", [2000], spike)).toBe("tensor([1., 1., 1.,  ..., 1., 1., 1.])");
    expect(print("float32", [100, 100], count(10000))).toBe(
      [
        "tensor([[0.0000e+00, 1.0000e+00, 2.0000e+00,  ..., 9.7000e+01, 9.8000e+01,",
        "         9.9000e+01],",
        "        [1.0000e+02, 1.0100e+02, 1.0200e+02,  ..., 1.9700e+02, 1.9800e+02,",
        "         1.9900e+02],",
        "        [2.0000e+02, 2.0100e+02, 2.0200e+02,  ..., 2.9700e+02, 2.9800e+02,",
        "         2.9900e+02],",
        "        ...,",
        "        [9.7000e+03, 9.7010e+03, 9.7020e+03,  ..., 9.7970e+03, 9.7980e+03,",
        "         9.7990e+03],",
        "        [9.8000e+03, 9.8010e+03, 9.8020e+03,  ..., 9.8970e+03, 9.8980e+03,",
        "         9.8990e+03],",
        "        [9.9000e+03, 9.9010e+03, 9.9020e+03,  ..., 9.9970e+03, 9.9980e+03,",
        "         9.9990e+03]])",
      ].join("\n"),
    );
    const row = "[5, 5, 5,  ..., 5, 5, 5]";
    const plane = `[${[row, row, row, "...", row, row, row].join(",\n         ")}]`;
    expect(print("int32", [2, 7, 100], count(1400).fill(5))).toBe(`tensor([${plane},\n\n        ${plane}])`);
  });

  test("options", () => {
    const values = [100, 0.01];
    expect(print("float32", [2], values, { sciMode: false })).toBe("tensor([100.0000,   0.0100])");
    expect(print("float32", [2], [1, 2], { sciMode: true })).toBe("tensor([1.0000e+00, 2.0000e+00])");
    expect(print("float32", [2], [1.23456, 2], { precision: 2 })).toBe("tensor([1.23, 2.00])");
    expect(print("float32", [2], [0.5, 2.5], { precision: 0 })).toBe("tensor([0, 2])");
    expect(print("int32", [10], count(10), { threshold: 5 })).toBe("tensor([0, 1, 2,  ..., 7, 8, 9])");
    expect(print("int32", [10], count(10), { threshold: 5, edgeItems: 1 })).toBe("tensor([0,  ..., 9])");
    expect(print("int32", [1500], count(1500), { threshold: Infinity }).includes("...")).toBe(false);
    expect(print("float32", [1], [1], { requiresGrad: true })).toBe("tensor([1.], requiresGrad=true)");
    expect(print("float64", [1], [2 ** 80], { sciMode: false })).toBe("tensor([1208925819614629174706176.], dtype=float64)");
  });

  test.each<[string, () => string, new (...args: never[]) => Error, RegExp]>([
    ["an unknown option", () => print("int32", [1], [1], { digits: 3 } as PrintOptions), UnknownNameError, /unknown option "digits"/],
    ["a fractional precision", () => print("int32", [1], [1], { precision: 1.5 }), ValueError, /precision is 1.5/],
    ["a negative threshold", () => print("int32", [1], [1], { threshold: -1 }), ValueError, /threshold is -1/],
    ["no edge items", () => print("int32", [1], [1], { edgeItems: 0 }), ValueError, /edgeItems is 0/],
    ["a NaN width", () => print("int32", [1], [1], { lineWidth: NaN }), ValueError, /lineWidth is NaN/],
    ["a wrong shape", () => print("int32", [2], [1]), ShapeError, /1 numbers for shape \[2\]/],
    ["a wrong array", () => formatTensor({ dtype: "bool", shape: [1], data: new Float32Array(1) }), DTypeError, /bool, but its data is float32/],
  ])("refuses %s", (_, run, type, message) => {
    expect(run).toThrow(type);
    expect(run).toThrow(message);
  });
});
