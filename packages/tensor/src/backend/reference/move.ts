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
    copyRow(n, to, offsets[1], toStep, from, offsets[0], fromStep);
  });
}

// Loops over a row are functions of their own: inside of a closure every variable would be looked up again for each element.

function copyRow(n: number, to: TypedArray, q: number, toStep: number, from: TypedArray, p: number, fromStep: number): void {
  if (fromStep === 1 && toStep === 1 && n >= 64) to.set(from.subarray(p, p + n), q);
  else for (let i = 0; i < n; i++, p += fromStep, q += toStep) to[q] = from[p];
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

function gatherRow(n: number, to: TypedArray, o: number, oStep: number, from: TypedArray, p: number, pStep: number, indices: TypedArray, i: number, iStep: number, along: number): void {
  for (let k = 0; k < n; k++, i += iStep, p += pStep, o += oStep) to[o] = from[p + indices[i] * along];
}

function scatterRow(n: number, to: TypedArray, p: number, pStep: number, from: TypedArray, o: number, oStep: number, indices: TypedArray, i: number, iStep: number, along: number): void {
  for (let k = 0; k < n; k++, i += iStep, p += pStep, o += oStep) to[p + indices[i] * along] += from[o];
}

/** See `Backend.gather`. */
export function gather(x: View, index: View, dim: number, out: View): void {
  const [indices, from, to] = [arrayOf(index), arrayOf(x), arrayOf(out)];
  const { rows, n, steps: [iStep, pStep, oStep], offsets, along } = walkIndexed(index, dim, x, out);
  forEachRow(rows, offsets, () => { gatherRow(n, to, offsets[2], oStep, from, offsets[1], pStep, indices, offsets[0], iStep, along); });
}

/** See `Backend.scatterAdd`. */
export function scatterAdd(index: View, src: View, dim: number, out: View): void {
  const [indices, from, to] = [arrayOf(index), arrayOf(src), arrayOf(out)];
  const { rows, n, steps: [iStep, pStep, oStep], offsets, along } = walkIndexed(index, dim, out, src);
  forEachRow(rows, offsets, () => { scatterRow(n, to, offsets[1], pStep, from, offsets[2], oStep, indices, offsets[0], iStep, along); });
}
