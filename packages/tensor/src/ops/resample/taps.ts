// One new element of a line is a weighted sum of a few old ones: its taps. Everything that resamples evenly is made of these.
import { isFloat } from "../../dtype.js";
import { likeOf } from "../../op/like.js";
import type { Tensor } from "../../tensor.js";
import { indexSelect } from "../indexing.js";

/** `count` taps for each of `places` new elements. Tap t of place p stands at t·places + p in both lists. */
export interface Taps {
  readonly places: number;
  readonly count: number;
  readonly indices: Int32Array;
  /** `null` where a single tap counts fully. */
  readonly weights: Float64Array | null;
}

/** What an old element counts, by its distance from the new one; nothing from `radius` on. */
export interface ResampleKernel {
  readonly radius: number;
  readonly weightAt: (distance: number) => number;
}

/** A triangle. */
export const linearKernel: ResampleKernel = { radius: 1, weightAt: (distance) => Math.max(0, 1 - Math.abs(distance)) };

/** Two cubic polynomials a side, with slope a at distance 1. (Keys, 1981) */
export const cubicKernel = (a: number): ResampleKernel => ({
  radius: 2,
  weightAt: (distance) => {
    const d = Math.abs(distance);
    if (d <= 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
    return d < 2 ? (((d - 5) * d + 8) * d - 4) * a : 0;
  },
});

/** `kernel` made `factor` times as wide; its weights no longer add up to 1. */
export const stretched = ({ radius, weightAt }: ResampleKernel, factor: number): ResampleKernel => ({
  radius: radius * factor,
  weightAt: (distance) => weightAt(distance / factor),
});

const limit = (index: number, length: number): number => Math.min(Math.max(index, 0), length - 1);

/** Takes the element at each index, the last ones for indices beyond the ends. */
export const nearestTaps = (indices: readonly number[], length: number): Taps => ({
  places: indices.length,
  count: 1,
  indices: Int32Array.from(indices, (index) => limit(index, length)),
  weights: null,
});

/**
 * Taps around fractional positions of a line.
 * @param outside what elements beyond the ends are: "repeat" the last one, "drop" them
 * @param normalize whether weights are divided by their sum
 */
export function kernelTaps(positions: readonly number[], length: number, { radius, weightAt }: ResampleKernel, outside: "repeat" | "drop", normalize: boolean): Taps {
  const places = positions.length;
  const count = Math.ceil(2 * radius);
  const indices = new Int32Array(count * places);
  const weights = new Float64Array(count * places);
  positions.forEach((position, p) => {
    const first = Math.floor(position - radius) + 1;
    let sum = 0;
    for (let t = 0, at = p; t < count; t++, at += places) {
      const index = first + t;
      const isDropped = outside === "drop" && (index < 0 || index >= length);
      indices[at] = limit(index, length);
      weights[at] = isDropped ? 0 : weightAt(index - position);
      sum += weights[at];
    }
    if (normalize) for (let at = p; at < weights.length; at += places) weights[at] /= sum;
  });
  return { places, count, indices, weights };
}

/** Means over bins ⌊p·length/places⌋ … ⌈(p + 1)·length/places⌉, which may overlap: adaptive average pooling. */
export function areaTaps(length: number, places: number): Taps {
  const starts = Array.from({ length: places }, (_, p) => Math.floor((p * length) / places));
  const sizes = starts.map((start, p) => Math.ceil(((p + 1) * length) / places) - start);
  const count = Math.max(...sizes);
  const indices = new Int32Array(count * places);
  const weights = new Float64Array(count * places);
  for (let at = 0; at < indices.length; at++) {
    const p = at % places;
    const t = Math.floor(at / places);
    // A tap too many repeats one of its own bin: 0 times a neighbour's NaN would be NaN.
    indices[at] = starts[p] + Math.min(t, sizes[p] - 1);
    weights[at] = t < sizes[p] ? 1 / sizes[p] : 0;
  }
  return { places, count, indices, weights };
}

/** The weighted sums along `dim`. Gathered, not multiplied with a matrix: O(taps) for each element, and a NaN stays where it is. */
export function applyTaps(x: Tensor, dim: number, { places, count, indices, weights }: Taps): Tensor {
  const picked = indexSelect(x, dim, x.makeFrom(indices, "int32", [indices.length]));
  if (weights === null) return picked;
  const rest = x.shape.slice(dim + 1);
  const terms = (isFloat(x.dtype) ? picked : picked.to("float32")).reshape([...x.shape.slice(0, dim), count, places, ...rest]);
  return terms.mul(likeOf(terms, weights, [count, places, ...rest.map(() => 1)])).sum(dim);
}
