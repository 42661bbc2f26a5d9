import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pairOf, permuted, positions, sliced } from "./naive-view.js";
import type { NaiveView, Pair } from "./naive-view.js";
import { all, any, argmax, argmin, logSumExp, max, mean, min, norm, prod, std, sum, variance } from "./ops/reduction.js";
import type { Dims, ReduceOptions } from "./ops/reduction.js";
import type { Tensor } from "./tensor.js";

/** The elements behind each element of the output, in order; dims of size 1 stand for the reduced ones. */
function groups({ shape, at }: NaiveView, dims: readonly number[]): number[][] {
  const outer = positions(shape.map((size, d) => (dims.includes(d) ? 1 : size)));
  const inner = positions(shape.map((size, d) => (dims.includes(d) ? size : 1)));
  return outer.map((start) => inner.map((step) => at(start.map((i, d) => i + step[d]))));
}

const reducedShape = ({ shape }: NaiveView, dims: readonly number[], keepDim: boolean): number[] =>
  keepDim ? shape.map((size, d) => (dims.includes(d) ? 1 : size)) : shape.filter((_, d) => !dims.includes(d));

const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

function naiveVariance(values: readonly number[]): number {
  const average = total(values) / values.length;
  return total(values.map((x) => (x - average) ** 2)) / Math.max(0, values.length - 1);
}

interface Case {
  readonly name: string;
  readonly real: (x: Tensor, dims?: Dims, options?: ReduceOptions) => Tensor;
  readonly naive: (values: readonly number[]) => number;
}

const overAnyCount: readonly Case[] = [
  { name: "sum", real: sum, naive: total },
  { name: "mean", real: mean, naive: (values) => total(values) / values.length },
  { name: "prod", real: prod, naive: (values) => values.reduce((a, b) => a * b, 1) },
  { name: "variance", real: variance, naive: naiveVariance },
  { name: "std", real: std, naive: (values) => Math.sqrt(naiveVariance(values)) },
  { name: "norm", real: norm, naive: (values) => Math.hypot(...values) },
  { name: "all", real: all, naive: (values) => Number(values.every((x) => x !== 0)) },
  { name: "any", real: any, naive: (values) => Number(values.some((x) => x !== 0)) },
];

const overSome: readonly Case[] = [
  { name: "max", real: max, naive: (values) => Math.max(...values) },
  { name: "min", real: min, naive: (values) => Math.min(...values) },
  { name: "logSumExp", real: logSumExp, naive: (values) => Math.log(total(values.map(Math.exp))) },
];

const settings = { seed: 1, numRuns: 300 };

/** What a run reduces: a shape, an order of dims and slices that keep the elements from being contiguous, and the dims to reduce. */
const setups = (smallest: number) =>
  fc.array(fc.integer({ min: smallest, max: 4 }), { minLength: 1, maxLength: 4 }).chain((shape) => {
    const dims = shape.map((_, d) => d);
    return fc.record({
      shape: fc.constant(shape),
      order: fc.shuffledSubarray(dims, { minLength: dims.length }),
      steps: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: dims.length, maxLength: dims.length }),
      dims: fc.shuffledSubarray(dims),
      values: fc.array(fc.integer({ min: -2, max: 3 }), { minLength: 4 ** 4, maxLength: 4 ** 4 }),
      keepDim: fc.boolean(),
    });
  });

type Setup = ReturnType<typeof setups> extends fc.Arbitrary<infer T> ? T : never;

function strided({ shape, order, steps, values }: Setup): Pair {
  const size = shape.reduce((a, b) => a * b, 1);
  const turned = permuted(pairOf(shape, values.slice(0, size)), order);
  return steps.reduce((pair, step, d) => sliced(pair, d, 0, pair.naive.shape[d], step), turned);
}

const roundOff = 1e-12;

function check({ real, naive }: Case, setup: Setup): void {
  const x = strided(setup);
  const dims = setup.dims.map((d, i) => (i % 2 === 0 ? d : d - setup.shape.length));
  const out = real(x.real, dims, { keepDim: setup.keepDim });
  expect(out.shape).toEqual(reducedShape(x.naive, setup.dims, setup.keepDim));
  const values = out.dataSync();
  groups(x.naive, setup.dims).forEach((group, i) => {
    const expected = naive(group);
    if (Number.isNaN(expected)) expect(values[i]).toBeNaN();
    else expect(Math.abs(values[i] - expected)).toBeLessThanOrEqual(roundOff * Math.max(1, Math.abs(expected)));
  });
}

describe("reductions of strided input against loops (OPT-01)", () => {
  test.each(overAnyCount.map((reduction) => [reduction.name, reduction] as const))("%s, also over no elements", (_, reduction) => {
    fc.assert(fc.property(setups(0), (setup) => { check(reduction, setup); }), settings);
  });

  test.each(overSome.map((reduction) => [reduction.name, reduction] as const))("%s", (_, reduction) => {
    fc.assert(fc.property(setups(1), (setup) => { check(reduction, setup); }), settings);
  });

  test.each([["argmax", argmax, Math.max], ["argmin", argmin, Math.min]] as const)("%s gives the first winner of each line", (_, real, best) => {
    fc.assert(fc.property(setups(1), fc.nat(3), (setup, at) => {
      const x = strided(setup);
      const dim = at % setup.shape.length;
      const out = real(x.real, dim, { keepDim: setup.keepDim });
      expect(out.shape).toEqual(reducedShape(x.naive, [dim], setup.keepDim));
      expect([...out.dataSync()]).toEqual(groups(x.naive, [dim]).map((line) => line.indexOf(best(...line))));
    }), settings);
  });

  test("no dims at all means every dim", () => {
    fc.assert(fc.property(setups(0), (setup) => {
      const x = strided(setup);
      expect(sum(x.real).item()).toBe(total(groups(x.naive, setup.shape.map((_, d) => d)).flat()));
    }), settings);
  });
});
