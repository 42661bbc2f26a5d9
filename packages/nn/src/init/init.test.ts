import { DTypeError, ShapeError, UnknownNameError, ValueError } from "@dl/registry";
import { Generator, arange, defaultGenerator, zeros } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { Linear } from "../layers/index.js";
import { parameter } from "../module/index.js";
import { init } from "./index.js";
import { orthonormalise } from "./orthogonal.js";
import { asSkeleton } from "./skeleton.js";

const generator = (): Generator => new Generator(1);
const weight = (): Tensor => parameter(zeros([200, 100, 3]));

/** Largest magnitude and standard deviation. */
function spread(x: Tensor): { most: number; std: number } {
  const values = [...x.dataSync()];
  return { most: Math.max(...values.map(Math.abs)), std: Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length) };
}

describe("distributions", () => {
  // Fan-in 300, fan-out 600.
  test.each<[string, (w: Tensor) => Tensor, number]>([
    ["xavierUniform", (w) => init.xavierUniform(w, { generator: generator() }), Math.sqrt(2 / 900)],
    ["xavierNormal with a gain", (w) => init.xavierNormal(w, { gain: 2, generator: generator() }), 2 * Math.sqrt(2 / 900)],
    ["kaimingUniform", (w) => init.kaimingUniform(w, { generator: generator() }), Math.sqrt(2 / 300)],
    ["kaimingUniform with a = √5, PyTorch's Linear", (w) => init.kaimingUniform(w, { a: Math.sqrt(5), generator: generator() }), Math.sqrt(1 / 900)],
    ["kaimingNormal of fan-out before tanh", (w) => init.kaimingNormal(w, { mode: "fanOut", nonlinearity: "tanh", generator: generator() }), 5 / 3 / Math.sqrt(600)],
    ["normal", (w) => init.normal(w, 0, 0.5, { generator: generator() }), 0.5],
    ["uniform", (w) => init.uniform(w, -3, 3, { generator: generator() }), Math.sqrt(3)],
  ])("%s", (name, fill, std) => {
    const w = weight();
    expect(fill(w)).toBe(w);
    expect(spread(w).std / std).toBeCloseTo(1, 1);
    const bound = Math.sqrt(3) * std;
    if (name.includes("niform")) expect(spread(w).most / bound).toBeCloseTo(1, 2);
    else expect(spread(w).most).toBeGreaterThan(bound);
  });

  test("constants, in both float dtypes", () => {
    expect(init.ones(parameter(zeros([2]))).toArray()).toStrictEqual([1, 1]);
    expect(init.constant(parameter(zeros([2], { dtype: "float64" })), 0.1).toArray()).toStrictEqual([0.1, 0.1]);
    expect(init.zeros(init.ones(zeros([2]))).toArray()).toStrictEqual([0, 0]);
  });

  test("SYS-07 equal seeds give equal values", () => {
    const draw = (): unknown => init.normal(zeros([5]), 0, 1, { generator: generator() }).toArray();
    expect(draw()).toStrictEqual(draw());
  });
});

describe("truncated normal", () => {
  // Mean and standard deviation by the formulas of the distribution.
  test.each([
    [-2, 2, 0, 0.8796256610342398],
    [0.5, 1, 0.7345404588412989, 0.1432410390089919],
    [3, 9, 3.283098654930414, 0.2656297927291739],
    [-9, -3, -3.283098654930414, 0.2656297927291739],
    [-1, 0.25, -0.3288195429402989, 0.34976531006220396],
    [-Infinity, Infinity, 0, 1],
  ])("in [%s, %s]", (a, b, mean, std) => {
    const [shift, scale, count] = [10, 0.5, 20_000];
    const target = parameter(zeros([count], { dtype: "float64" }));
    expect(init.truncNormal(target, shift, scale, shift + scale * a, shift + scale * b, { generator: generator() })).toBe(target);
    const values = [...target.dataSync()].map((value) => (value - shift) / scale);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(a - 1e-12);
    expect(Math.max(...values)).toBeLessThanOrEqual(b + 1e-12);
    const found = values.reduce((sum, value) => sum + value, 0) / count;
    expect(Math.abs(found - mean)).toBeLessThan((4 * std) / Math.sqrt(count));
    expect(Math.sqrt(values.reduce((sum, value) => sum + (value - found) ** 2, 0) / count) / std).toBeCloseTo(1, 1.5);
  });

  test("no interval but a point far out, and float32", () => {
    const target = init.truncNormal(zeros([50]), 0, 1, 40, 40.5, { generator: generator() });
    expect([...target.dataSync()].every((value: number) => value >= 40 && value < 40.5)).toBe(true);
    expect(init.truncNormal(zeros([3]), 0, 1, -2, 2, { generator: generator() }).toArray()).toStrictEqual(
      init.truncNormal(zeros([3]), 0, 1, -2, 2, { generator: generator() }).toArray(),
    );
  });
});

/** Positions of what is not 0. */
const nonZero = (x: Tensor): number[] => [...x.dataSync()].flatMap((value, i) => (value === 0 ? [] : [i]));

describe("patterns", () => {
  test("eye", () => {
    expect(init.eye(init.ones(zeros([2, 3]))).toArray()).toStrictEqual([[1, 0, 0], [0, 1, 0]]);
    expect(init.eye(zeros([3, 2])).toArray()).toStrictEqual([[1, 0], [0, 1], [0, 0]]);
  });

  // Positions as PyTorch's: [0, 0, 1, 1] in [4, 3, 2, 3] is 4, and so on.
  test.each([
    ["in two groups", [4, 3, 2, 3], { groups: 2 }, [4, 28, 40, 64]],
    ["of one dim", [4, 3, 3], {}, [1, 13, 25]],
    ["of three dims", [2, 3, 2, 2, 4], {}, [14, 78]],
  ])("dirac %s", (_, shape, options, positions) => {
    expect(nonZero(init.dirac(init.ones(zeros(shape)), options))).toStrictEqual(positions);
  });

  test("sparse has its share of zeros in every column", () => {
    const matrix = init.sparse(zeros([10, 40]), 0.25, { std: 2, generator: generator() });
    const columns = Array.from({ length: 40 }, (_, column) => nonZero(matrix.slice(1, column, column + 1)));
    expect(columns.every((rows) => rows.length === 7)).toBe(true);
    expect(new Set(columns.map(String)).size).toBeGreaterThan(20);
    expect(spread(matrix).std / (2 * Math.sqrt(0.7))).toBeCloseTo(1, 0.5);
  });
});

describe("orthogonal", () => {
  test("is Q of the QR decomposition with a positive diagonal of R, as PyTorch's", () => {
    const vectors = Float64Array.from({ length: 12 }, (_, i) => Math.sin(i + 1) + (i % 5 === 0 ? 1 : 0));
    orthonormalise(vectors, 4);
    const wanted = [
      0.83959467844, 0.414582302399, 0.06434182714, -0.345054227263, -0.19054350549, 0.710885729395, 0.477832787699, 0.479594077589,
      0.047987126063, -0.422492202623, 0.876035403889, -0.227507242934,
    ];
    vectors.forEach((value, i) => { expect(value).toBeCloseTo(wanted[i], 11); });
  });

  test.each([[[5, 5]], [[3, 8]], [[8, 3]], [[4, 2, 3, 1]], [[9, 2, 2]]])("rows or columns of %j are orthogonal and of norm gain", (shape) => {
    const weight = init.orthogonal(parameter(zeros(shape, { dtype: "float64" })), { gain: 2, generator: generator() });
    const matrix = weight.detach().reshape([shape[0], -1]);
    const [rows, columns] = matrix.shape;
    const product = rows <= columns ? matrix.matmul(matrix.transpose()) : matrix.transpose().matmul(matrix);
    const size = Math.min(rows, columns);
    [...product.dataSync()].forEach((value, i) => { expect(value).toBeCloseTo(i % (size + 1) === 0 ? 4 : 0, 13); });
  });
});

test("gains as PyTorch's", () => {
  expect((["linear", "conv2d", "convTranspose3d", "sigmoid", "tanh", "relu", "leakyRelu", "selu"] as const).map((name) => init.calculateGain(name)))
    .toStrictEqual([1, 1, 1, 1, 5 / 3, Math.SQRT2, 1.4141428569978354, 0.75]);
  expect(init.calculateGain("leakyRelu", 0.3)).toBe(1.3545709229571927);
});

test("a skeleton has the structure, no values, and draws nothing", () => {
  const before = defaultGenerator().state();
  const layer = asSkeleton(() => new Linear(2, 3));
  expect(layer.weight.toArray()).toStrictEqual([[0, 0], [0, 0], [0, 0]]);
  expect(defaultGenerator().state()).toStrictEqual(before);
  expect(() => asSkeleton(() => { throw new Error("inside"); })).toThrow("inside");
  expect(spread(new Linear(2, 3).weight).most).toBeGreaterThan(0);
});

test.each<[string, () => unknown, new (...args: never[]) => Error]>([
  ["a vector has no fans", () => init.xavierUniform(zeros([3])), ShapeError],
  ["an unknown mode", () => init.kaimingUniform(weight(), { mode: "fan_in" as "fanIn" }), ValueError],
  ["an unknown non-linearity", () => init.calculateGain("rleu" as "relu"), UnknownNameError],
  ["an unknown option", () => init.kaimingNormal(weight(), { slope: 1 } as object), UnknownNameError],
  ["a vector as a matrix", () => init.eye(zeros([3])), ShapeError],
  ["a vector to be sparse", () => init.sparse(zeros([3]), 0.5), ShapeError],
  ["a vector to be orthogonal", () => init.orthogonal(zeros([3])), ShapeError],
  ["a matrix as a convolution", () => init.dirac(zeros([3, 3])), ShapeError],
  ["groups that do not divide", () => init.dirac(zeros([3, 3, 3]), { groups: 2 }), ValueError],
  ["a sparsity above 1", () => init.sparse(zeros([3, 3]), 1.5), ValueError],
  ["a negative std", () => init.sparse(zeros([3, 3]), 0.5, { std: -1 }), ValueError],
  ["a std of 0", () => init.truncNormal(zeros([3]), 0, 0), ValueError],
  ["an empty interval", () => init.truncNormal(zeros([3]), 0, 1, 2, 2), ValueError],
  ["an unknown option of orthogonal", () => init.orthogonal(zeros([3, 3]), { scale: 1 } as object), UnknownNameError],
  ["integers", () => init.ones(arange(3)), DTypeError],
  ["an interval the wrong way round", () => init.uniform(weight(), 1, -1), ValueError],
])("bad input: %s", (_, call, error) => {
  expect(call).toThrow(error);
});
