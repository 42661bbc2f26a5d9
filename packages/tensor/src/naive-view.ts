// For tests: tensors as functions of an index, with none of the strides that the real ones are made of.
import { tensor } from "./create.js";
import { sizeOf } from "./shape.js";
import type { Tensor } from "./tensor.js";

type Index = readonly number[];

export interface NaiveView {
  readonly shape: readonly number[];
  readonly at: (index: Index) => number;
}

/** All positions of a shape, the last dim running fastest. */
export function positions(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>((starts, size) => starts.flatMap((start) => Array.from({ length: size }, (_, i) => [...start, i])), [[]]);
}

/** The number of a position in that order. */
export const rank = (shape: readonly number[], index: Index): number => index.reduce((at, i, d) => at * shape[d] + i, 0);

export const naiveOf = (shape: readonly number[], values: readonly number[]): NaiveView => ({ shape, at: (index) => values[rank(shape, index)] });

export const valuesOf = ({ shape, at }: NaiveView): number[] => positions(shape).map(at);

/** A tensor and its model, side by side through every step. */
export interface Pair {
  readonly real: Tensor;
  readonly naive: NaiveView;
}

/** The same values twice: 1, 2, 3, … unless they are given. */
export function pairOf(shape: readonly number[], values = Array.from({ length: sizeOf(shape) }, (_, i) => i + 1)): Pair {
  return { real: tensor(Float64Array.from(values), { shape }), naive: naiveOf(shape, values) };
}

export const permuted = ({ real, naive }: Pair, order: readonly number[]): Pair => ({
  real: real.permute(order),
  naive: { shape: order.map((d) => naive.shape[d]), at: (index) => naive.at(naive.shape.map((_, d) => index[order.indexOf(d)])) },
});

export const sliced = ({ real, naive }: Pair, dim: number, start: number, end: number, step: number): Pair => ({
  real: real.slice(dim, start, end, step),
  naive: {
    shape: naive.shape.with(dim, Math.max(0, Math.ceil((end - start) / step))),
    at: (index) => naive.at(index.with(dim, start + index[dim] * step)),
  },
});
