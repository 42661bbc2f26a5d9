import type { TypedArray } from "../../dtype.js";
import type { Program } from "../../expr/program.js";
import { isContiguous, sizeOf } from "../../shape.js";
import { contiguousView } from "../../view.js";
import type { ReduceKind, View } from "../contract.js";
import { arrayOf } from "./buffer.js";
import { collapse, forEachRow } from "./geometry.js";
import { evaluate } from "./map.js";

type FoldKind = Exclude<ReduceKind, "argmax" | "argmin">;

interface Fold {
  readonly start: number;
  /** Folds `n` elements into one number. */
  readonly run: (value: number, a: TypedArray, p: number, step: number, n: number) => number;
  /** Folds a row of `n` elements into as many accumulators, side by side. */
  readonly lanes: (accumulators: Float64Array, a: TypedArray, p: number, step: number, n: number) => void;
}

// Accumulated in float64: a sum of 16 M floats keeps far better than 1e-6 relative.
const folds: Readonly<Record<FoldKind, Fold>> = {
  sum: {
    start: 0,
    run: (value, a, p, step, n) => { for (let i = 0; i < n; i++, p += step) value += a[p]; return value; },
    lanes: (acc, a, p, step, n) => { for (let i = 0; i < n; i++, p += step) acc[i] += a[p]; },
  },
  max: {
    start: -Infinity,
    run: (value, a, p, step, n) => { for (let i = 0; i < n; i++, p += step) value = Math.max(value, a[p]); return value; },
    lanes: (acc, a, p, step, n) => { for (let i = 0; i < n; i++, p += step) acc[i] = Math.max(acc[i], a[p]); },
  },
  min: {
    start: Infinity,
    run: (value, a, p, step, n) => { for (let i = 0; i < n; i++, p += step) value = Math.min(value, a[p]); return value; },
    lanes: (acc, a, p, step, n) => { for (let i = 0; i < n; i++, p += step) acc[i] = Math.min(acc[i], a[p]); },
  },
};

/** The input of a reduction split into the dims that stay and those that go, each collapsed. */
interface Split {
  readonly kept: { shape: readonly number[]; strides: readonly number[] };
  readonly reduced: { shape: readonly number[]; strides: readonly number[] };
}

function part(view: View, dims: readonly number[]): { shape: readonly number[]; strides: readonly number[] } {
  const shape = dims.map((d) => view.shape[d]);
  const walk = collapse(shape, [{ ...view, shape, strides: dims.map((d) => view.strides[d]) }]);
  return { shape: walk.shape, strides: walk.strides[0] };
}

function split(view: View, dims: readonly number[]): Split {
  const all = view.shape.map((_, d) => d);
  return { kept: part(view, all.filter((d) => !dims.includes(d))), reduced: part(view, dims) };
}

type Part = Split["kept"];

/** Offsets of all rows of `part`, one after the other; a row is its last dim. */
function rows(part: Part, start: number, visit: (offset: number) => void): void {
  const offsets = [start];
  forEachRow({ shape: part.shape, strides: [part.strides] }, offsets, () => { visit(offsets[0]); });
}

const rowLength = (part: Part): number => part.shape[part.shape.length - 1];
const rowStep = (part: Part): number => part.strides[part.strides.length - 1];

/** One number at a time: right when the reduced dims are the close ones. */
function foldRuns(fold: Fold, a: TypedArray, { kept, reduced }: Split, offset: number, out: TypedArray, at: number): void {
  const [n, step, m, outerStep] = [rowLength(reduced), rowStep(reduced), rowLength(kept), rowStep(kept)];
  let k = at;
  rows(kept, offset, (keptAt) => {
    for (let j = 0; j < m; j++, k++) {
      let value = fold.start;
      if (reduced.shape.length === 1) value = fold.run(value, a, keptAt + j * outerStep, step, n);
      else rows(reduced, keptAt + j * outerStep, (p) => { value = fold.run(value, a, p, step, n); });
      out[k] = value;
    }
  });
}

/** Whole rows at a time: right when the kept dims are the close ones, as in the sum over a batch. */
function foldLanes(fold: Fold, a: TypedArray, { kept, reduced }: Split, offset: number, out: TypedArray, at: number): void {
  const [n, step] = [rowLength(kept), rowStep(kept)];
  const [m, reducedStep] = [rowLength(reduced), rowStep(reduced)];
  const accumulators = new Float64Array(n);
  let k = at;
  rows(kept, offset, (keptAt) => {
    accumulators.fill(fold.start);
    rows(reduced, keptAt, (p) => {
      for (let j = 0; j < m; j++) fold.lanes(accumulators, a, p + j * reducedStep, step, n);
    });
    for (let j = 0; j < n; j++) out[k++] = accumulators[j];
  });
}

/** The first winning position in row-major order over the reduced dims; NaN beats everything. */
function argRun(sign: 1 | -1, a: TypedArray, reduced: Part, start: number): number {
  const [n, step] = [rowLength(reduced), rowStep(reduced)];
  let best = -1;
  let bestValue = 0;
  let position = 0;
  rows(reduced, start, (p) => {
    for (let i = 0; i < n; i++, p += step, position++) {
      const value = sign * a[p];
      if (best === -1 || value > bestValue || (value !== value && bestValue === bestValue)) {
        best = position;
        bestValue = value;
      }
    }
  });
  return best;
}

function argFold(sign: 1 | -1, a: TypedArray, { kept, reduced }: Split, offset: number, out: TypedArray, at: number): void {
  const [m, step] = [rowLength(kept), rowStep(kept)];
  let k = at;
  rows(kept, offset, (keptAt) => {
    for (let j = 0; j < m; j++) out[k++] = argRun(sign, a, reduced, keptAt + j * step);
  });
}

/** How many of `dims` form the end of the shape, if they do: [2, 3, 4] over dims 1 and 2 → 12 neighbours; otherwise 0. */
function trailingLength(shape: readonly number[], dims: readonly number[]): number {
  const first = shape.length - dims.length;
  return dims.every((d, i) => d === first + i) ? sizeOf(shape.slice(first)) : 0;
}

/** The everyday case without any bookkeeping: contiguous lines, each reduced to one number. */
function foldLines(fold: Fold, a: TypedArray, offset: number, length: number, out: TypedArray, at: number, count: number): void {
  for (let k = 0; k < count; k++) out[at + k] = fold.run(fold.start, a, offset + k * length, 1, length);
}

/** See `Backend.reduce`. A formula in front is evaluated into a temporary first. */
export function reduce(
  kind: ReduceKind, program: Program | null, inputs: readonly View[], scalars: readonly number[], dims: readonly number[], out: View,
): void {
  const outArray = arrayOf(out);
  const shape = inputs[0].shape;
  if (sizeOf(out.shape) === 0) return;
  if (program !== null) {
    const { array, typing } = evaluate(program, inputs, scalars, shape);
    reduce(kind, null, [contiguousView(array, typing.outputs[0], shape)], [], dims, out);
    return;
  }
  const view = inputs[0];
  const a = arrayOf(view);
  if (kind === "argmax" || kind === "argmin") {
    argFold(kind === "argmax" ? 1 : -1, a, split(view, dims), view.offset, outArray, out.offset);
    return;
  }
  const fold = folds[kind];
  const count = sizeOf(out.shape);
  const line = isContiguous(shape, view.strides) ? trailingLength(shape, dims) : 0;
  if (line > 0) {
    foldLines(fold, a, view.offset, line, outArray, out.offset, count);
  } else if (dims.some((d) => shape[d] === 0)) {
    outArray.fill(fold.start, out.offset, out.offset + count);
  } else {
    const parts = split(view, dims);
    const wholeRows = rowLength(parts.kept) > 1 && Math.abs(rowStep(parts.kept)) < Math.abs(rowStep(parts.reduced));
    (wholeRows ? foldLanes : foldRuns)(fold, a, parts, view.offset, outArray, out.offset);
  }
}
