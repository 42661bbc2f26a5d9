import { newArray } from "../../dtype.js";
import type { TypedArray } from "../../dtype.js";
import { sizeOf } from "../../shape.js";
import { contiguousView } from "../../view.js";
import type { View } from "../contract.js";
import { arrayOf } from "./buffer.js";
import { collapse, forEachRow } from "./geometry.js";
import type { Walk } from "./geometry.js";

/** target = source, any strides on both sides. */
export function copy(source: View, target: View): void {
  if (sizeOf(source.shape) === 0) return;
  const from = arrayOf(source);
  const to = arrayOf(target);
  const walk = collapse(source.shape, [source, target]);
  const inner = walk.shape.length - 1;
  const n = walk.shape[inner];
  const [fromStep, toStep] = walk.strides.map((own) => own[inner]);
  const offsets = [source.offset, target.offset];
  forEachRow(walk, offsets, () => {
    const [p, q] = offsets;
    if (fromStep === 1 && toStep === 1 && n >= 32) to.set(from.subarray(p, p + n), q);
    else for (let i = 0; i < n; i++) to[q + i * toStep] = from[p + i * fromStep];
  });
}

/** The elements `view` shows, row-major, as a fresh array. */
export function toHost(view: View): TypedArray {
  const result = newArray(view.dtype, sizeOf(view.shape));
  copy(view, contiguousView(result, view.dtype, view.shape));
  return result;
}

/** Strides and starts for walking over `index` while the pool that it points into, and another view of its shape, keep step. */
interface IndexedWalk {
  readonly rows: Walk;
  /** Elements of a row, and how far the index, the pool and the other view move with each. */
  readonly n: number;
  readonly steps: readonly number[];
  /** Updated from row to row: where index, pool and other view begin. */
  readonly offsets: number[];
  /** How far one index moves in the pool. */
  readonly along: number;
}

function walkIndexed(index: View, dim: number, pool: View, other: View): IndexedWalk {
  const poolStrides = pool.strides.map((stride, d) => (d === dim ? 0 : stride));
  const rows = collapse(index.shape, [index, { ...pool, shape: index.shape, strides: poolStrides }, other]);
  const inner = rows.shape.length - 1;
  return { rows, n: rows.shape[inner], steps: rows.strides.map((own) => own[inner]), offsets: [index.offset, pool.offset, other.offset], along: pool.strides[dim] };
}

// The two loops are spelled out: through a function per element they take three times as long.

/** See `Backend.gather`. */
export function gather(x: View, index: View, dim: number, out: View): void {
  const [indices, from, to] = [arrayOf(index), arrayOf(x), arrayOf(out)];
  const { rows, n, steps, offsets, along } = walkIndexed(index, dim, x, out);
  const [indexStep, poolStep, otherStep] = steps;
  forEachRow(rows, offsets, () => {
    let [i, p, o] = offsets;
    for (let k = 0; k < n; k++, i += indexStep, p += poolStep, o += otherStep) to[o] = from[p + indices[i] * along];
  });
}

/** See `Backend.scatterAdd`. */
export function scatterAdd(index: View, src: View, dim: number, out: View): void {
  const [indices, from, to] = [arrayOf(index), arrayOf(src), arrayOf(out)];
  const { rows, n, steps, offsets, along } = walkIndexed(index, dim, out, src);
  const [indexStep, poolStep, otherStep] = steps;
  forEachRow(rows, offsets, () => {
    let [i, p, o] = offsets;
    for (let k = 0; k < n; k++, i += indexStep, p += poolStep, o += otherStep) to[p + indices[i] * along] += from[o];
  });
}
