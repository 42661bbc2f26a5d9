import { newArray } from "../../dtype.js";
import type { TypedArray } from "../../dtype.js";
import { sizeOf } from "../../shape.js";
import { contiguousView } from "../../view.js";
import type { View } from "../contract.js";
import { arrayOf } from "./buffer.js";
import { collapse, forEachRow } from "./geometry.js";

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

/** One row: `pool` is where indices point into, `other` has a place for each index. */
type IndexedRow = (
  n: number, pool: TypedArray, p: number, pStep: number, other: TypedArray, o: number, oStep: number, indices: TypedArray, i: number, iStep: number, along: number,
) => void;

const gatherRow: IndexedRow = (n, pool, p, pStep, other, o, oStep, indices, i, iStep, along) => {
  for (; n > 0; n--, i += iStep, p += pStep, o += oStep) other[o] = pool[p + indices[i] * along];
};

const scatterRow: IndexedRow = (n, pool, p, pStep, other, o, oStep, indices, i, iStep, along) => {
  for (; n > 0; n--, i += iStep, p += pStep, o += oStep) pool[p + indices[i] * along] += other[o];
};

/** Walks over `index` while `pool`, which it points into along `dim`, and `other` keep step. */
function forEachIndexed(row: IndexedRow, index: View, dim: number, pool: View, other: View): void {
  const [indices, pooled, others] = [index, pool, other].map(arrayOf);
  const along = pool.strides[dim];
  const rows = collapse(index.shape, [index, { ...pool, shape: index.shape, strides: pool.strides.with(dim, 0) }, other]);
  const inner = rows.shape.length - 1;
  const [iStep, pStep, oStep] = rows.strides.map((own) => own[inner]);
  const offsets = [index.offset, pool.offset, other.offset];
  forEachRow(rows, offsets, () => { row(rows.shape[inner], pooled, offsets[1], pStep, others, offsets[2], oStep, indices, offsets[0], iStep, along); });
}

/** See `Backend.gather`. */
export const gather = (x: View, index: View, dim: number, out: View): void => { forEachIndexed(gatherRow, index, dim, x, out); };

/** See `Backend.scatterAdd`. */
export const scatterAdd = (index: View, src: View, dim: number, out: View): void => { forEachIndexed(scatterRow, index, dim, out, src); };
