import { ValueError } from "@dl/registry";
import type { Tensor } from "@dl/tensor";

/** Wavelengths grow from 2π to 2π times this. */
const base = 10_000;

/** sin and cos of a place, in turn, as `SinusoidalPE` has them for one dim. */
function wave(place: number, k: number, size: number): number {
  const angle = place / base ** ((k - (k % 2)) / size);
  return k % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
}

/**
 * Where each place of a map lies: its row as sines and cosines in the first half of the numbers, its column in the second. Row by row, as flattened maps
 * are. Shapes: → [H·W, dim]. (Vaswani et al., 2017, for one dim; Parmar et al., 2018, for two)
 * @throws ValueError unless 4 divides dim
 */
export function placePositions(like: Tensor, [height, width]: readonly [number, number], dim: number): Tensor {
  if (dim % 4 !== 0) throw new ValueError("placePositions", `dim is ${dim}`, "Give a multiple of 4: sines and cosines of rows and of columns", { dim });
  const half = dim / 2;
  const values = new Float64Array(height * width * dim);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
    const at = (y * width + x) * dim;
    for (let k = 0; k < half; k++) {
      values[at + k] = wave(y, k, half);
      values[at + half + k] = wave(x, k, half);
    }
  }
  return like.makeFrom(values, like.dtype, [height * width, dim]);
}
