import { DTypeError, ShapeError, UnknownNameError, ValueError } from "@dl/registry";
import { Generator, arange, defaultGenerator, zeros } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { Linear } from "../layers/index.js";
import { parameter } from "../module/index.js";
import { init } from "./index.js";
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
  ["an unknown non-linearity", () => init.gainOf("rleu" as "relu"), UnknownNameError],
  ["an unknown option", () => init.kaimingNormal(weight(), { slope: 1 } as object), UnknownNameError],
  ["integers", () => init.ones(arange(3)), DTypeError],
  ["an interval the wrong way round", () => init.uniform(weight(), 1, -1), ValueError],
])("bad input: %s", (_, call, error) => {
  expect(call).toThrow(error);
});
