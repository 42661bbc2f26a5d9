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

/**
 * Visits every element of `index` with the offset of the element of `pool` it names along `dim`,
 * and with the offset of its place in `other`.
 */
function forEachIndexed(index: View, dim: number, pool: View, other: View, visit: (poolAt: number, otherAt: number) => void): void {
  const indices = arrayOf(index);
  const poolStrides = pool.strides.map((stride, d) => (d === dim ? 0 : stride));
  const walk = collapse(index.shape, [index, { ...pool, shape: index.shape, strides: poolStrides }, other]);
  const inner = walk.shape.length - 1;
  const n = walk.shape[inner];
  const [indexStep, poolStep, otherStep] = walk.strides.map((own) => own[inner]);
  const along = pool.strides[dim];
  const offsets = [index.offset, pool.offset, other.offset];
  forEachRow(walk, offsets, () => {
    const [i, p, o] = offsets;
    for (let k = 0; k < n; k++) visit(p + k * poolStep + indices[i + k * indexStep] * along, o + k * otherStep);
  });
}

/** See `Backend.gather`. */
export function gather(x: View, index: View, dim: number, out: View): void {
  const from = arrayOf(x);
  const to = arrayOf(out);
  forEachIndexed(index, dim, x, out, (p, o) => { to[o] = from[p]; });
}

/** See `Backend.scatterAdd`. */
export function scatterAdd(index: View, src: View, dim: number, out: View): void {
  const from = arrayOf(src);
  const to = arrayOf(out);
  forEachIndexed(index, dim, out, src, (o, p) => { to[o] += from[p]; });
}
