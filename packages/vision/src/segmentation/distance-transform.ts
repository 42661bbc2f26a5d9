import { tensor, type Tensor } from "@dl/tensor";
import { hostMaps } from "./maps.js";

/** Evenly spaced elements of an array. */
interface Line {
  readonly start: number;
  readonly step: number;
  readonly length: number;
}

/** Scratch memory for one line. */
interface Envelope {
  /** The values of the line as they were. */
  readonly heights: Float64Array;
  /** Places whose parabolas are the lowest somewhere, in their order. */
  readonly places: Int32Array;
  /** Where each of them begins to be the lowest. */
  readonly begins: Float64Array;
}

/** Finds the lower envelope of the parabolas (q − p)² + heights[p]. @returns how many of them are part of it */
function lowerEnvelope(length: number, { heights, places, begins }: Envelope): number {
  let count = 0;
  for (let q = 0; q < length; q++) {
    if (heights[q] === Infinity) continue;
    let crossing = -Infinity;
    for (; count > 0; count--) {
      const p = places[count - 1];
      crossing = (heights[q] + q * q - heights[p] - p * p) / (2 * (q - p));
      if (crossing > begins[count - 1]) break;
    }
    places[count] = q;
    begins[count] = count === 0 ? -Infinity : crossing;
    count += 1;
  }
  return count;
}

/** Replaces each value of a line by the least of (q − p)² + value[p] over all of its places p. */
function spreadAlong(values: Float64Array, { start, step, length }: Line, envelope: Envelope): void {
  const { heights, places, begins } = envelope;
  for (let q = 0; q < length; q++) heights[q] = values[start + q * step];
  const count = lowerEnvelope(length, envelope);
  if (count === 0) return;
  for (let q = 0, i = 0; q < length; q++) {
    while (i + 1 < count && begins[i + 1] < q) i++;
    values[start + q * step] = (q - places[i]) ** 2 + heights[places[i]];
  }
}

/** The square of each pixel's distance to the nearest one that is marked; infinite where none is. Along columns first, then along rows. */
export function squaredDistances(isMarked: (row: number, column: number) => boolean, height: number, width: number): Float64Array {
  const squares = new Float64Array(height * width);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) squares[row * width + column] = isMarked(row, column) ? 0 : Infinity;
  }
  const longest = Math.max(height, width);
  const envelope = { heights: new Float64Array(longest), places: new Int32Array(longest), begins: new Float64Array(longest) };
  for (let column = 0; column < width; column++) spreadAlong(squares, { start: column, step: width, length: height }, envelope);
  for (let row = 0; row < height; row++) spreadAlong(squares, { start: row * width, step: 1, length: width }, envelope);
  return squares;
}

/**
 * The exact Euclidean distance of each pixel of the foreground to the nearest one of the background, in linear time; 0 on the background,
 * infinite where there is none. Foreground is what is not 0.
 * Shapes: [H, W] or [N, H, W] of any dtype → the same, float32. (Felzenszwalb and Huttenlocher, 2012)
 * @throws ShapeError for another number of dims; BackendError where the backend cannot be read at once
 */
export function distanceTransform(mask: Tensor): Tensor {
  const distances = new Float32Array(mask.size);
  hostMaps("distanceTransform", mask).forEach(({ labels, height, width }, n) => {
    const squares = squaredDistances((row, column) => labels[row * width + column] === 0, height, width);
    distances.set(squares.map(Math.sqrt), n * squares.length);
  });
  return tensor(distances, { shape: mask.shape, backend: mask.backend });
}
