import { showShape, sizeOf } from "@dl/tensor";
import type { Backend, View } from "@dl/tensor";
import { input, output, values } from "./kernel-case.js";
import type { KernelCase } from "./kernel-case.js";

const lengths = [1, 3, 4, 17, 65, 1000];

interface Setting {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data?: ArrayLike<number>;
}

const numbers = (count: number, value: (i: number) => number): Float64Array => Float64Array.from({ length: count }, (_, i) => value(i));
const edge = [NaN, Infinity, -Infinity, 1, 2];

const softmaxSettings: readonly Setting[] = [
  ...lengths.map((length) => ({ name: `lines of ${length}`, shape: [3, length] })),
  { name: "a single line", shape: [17] },
  { name: "many short lines", shape: [1000, 5] },
  { name: "values that would overflow", shape: [2, 5], data: numbers(10, (i) => 1000 + i) },
  { name: "values of which only one counts", shape: [2, 5], data: numbers(10, (i) => (i % 5 === 2 ? 0 : -1e30)) },
  { name: "lines with −∞", shape: [2, 5], data: numbers(10, (i) => (i % 3 === 0 ? -Infinity : i)) },
  ...edge.slice(0, 2).map((value) => ({ name: `a line with ${value} beside a plain one`, shape: [2, 9], data: numbers(18, (i) => (i === 4 ? value : i / 9)) })),
  { name: "lines of nothing but −∞", shape: [1, 6], data: numbers(6, () => -Infinity) },
];

export const softmaxCases = (): KernelCase[] =>
  [false, true].flatMap((logarithm) =>
    softmaxSettings.map(({ name, shape, data = values(sizeOf(shape)) }): KernelCase => ({
      kernel: "softmax",
      name: `${logarithm ? "logarithm of " : ""}${name}`,
      tolerance: 1e-5,
      run: (backend) => {
        const out = output(backend, shape);
        backend.softmax?.(input(backend, shape, { data }), logarithm, out);
        return out;
      },
    })),
  );

export const softmaxGradientCases = (): KernelCase[] =>
  [false, true].flatMap((logarithm) =>
    lengths.map((length): KernelCase => {
      const shape = [3, length];
      const weights = numbers(3 * length, (i) => (1 + Math.sin(i)) / length);
      return {
        kernel: "softmaxGradient",
        name: `${logarithm ? "of the logarithm, " : ""}lines of ${length}`,
        tolerance: 1e-5,
        run: (backend) => {
          const out = output(backend, shape);
          backend.softmaxGradient?.(input(backend, shape, { data: logarithm ? weights.map(Math.log) : weights }), input(backend, shape), logarithm, out);
          return out;
        },
      };
    }),
  );

/** [outer, rows, inner]: rows of neighbours as in layer normalisation, in segments as in batch normalisation, and columns. */
const rowShapes = [
  ...lengths.map((length) => [1, 5, length]),
  [4, 3, 17], [7, 1, 1], [65, 3, 1], [1, 1, 1], [3, 17, 65], [2, 65, 3],
];

type Outputs = Record<"y" | "mean" | "variance", View>;

function standardized(backend: Backend, shape: readonly number[], data: ArrayLike<number>): Outputs {
  const outs = { y: output(backend, shape), mean: output(backend, [shape[1]]), variance: output(backend, [shape[1]]) };
  backend.standardize?.(input(backend, shape, { data }), 1e-5, outs.y, outs.mean, outs.variance);
  return outs;
}

export const standardizeCases = (): KernelCase[] =>
  (["y", "mean", "variance"] as const).flatMap((result) => [
    ...rowShapes.map((shape): KernelCase => ({ kernel: "standardize", name: `${result} of ${showShape(shape)}`, tolerance: 1e-4, run: (backend) => standardized(backend, shape, values(sizeOf(shape)))[result] })),
    {
      kernel: "standardize",
      name: `${result} of values far from 0`,
      tolerance: 1e-2,
      run: (backend) => standardized(backend, [2, 3, 40], numbers(240, (i) => 1000 + Math.sin(i)))[result],
    },
    { kernel: "standardize", name: `${result} of a row with NaN beside a plain one`, tolerance: 1e-4, run: (backend) => standardized(backend, [1, 2, 9], numbers(18, (i) => (i === 3 ? NaN : i)))[result] },
  ]);

export const standardizeGradientCases = (): KernelCase[] =>
  rowShapes.map((shape): KernelCase => ({
    kernel: "standardizeGradient",
    name: showShape(shape),
    tolerance: 1e-4,
    run: (backend) => {
      const out = output(backend, shape);
      const variance = input(backend, [shape[1]], { data: numbers(shape[1], (i) => 0.5 + i / 7) });
      backend.standardizeGradient?.(input(backend, shape, { data: values(sizeOf(shape), 300) }), input(backend, shape), variance, 1e-5, out);
      return out;
    },
  }));
