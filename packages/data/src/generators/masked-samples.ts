import { TensorDataset } from "../tensor-dataset.js";
import { floats, ints } from "./common.js";

/** Fills in one sample: its values, and the class of each; both arrive as zeros, row-major. */
export type DrawSample = (image: Float32Array, mask: Int32Array) => void;

/** A data set for segmentation: x float32 [N, 1, ...sizes], y int32 [N, ...sizes]. */
export function maskedSamples(samples: number, sizes: readonly number[], draw: DrawSample): TensorDataset {
  const size = sizes.reduce((product, side) => product * side, 1);
  const x = new Float32Array(samples * size);
  const y = new Int32Array(samples * size);
  for (let i = 0; i < samples; i++) draw(x.subarray(i * size, (i + 1) * size), y.subarray(i * size, (i + 1) * size));
  return new TensorDataset({ x: floats([samples, 1, ...sizes], x), y: ints([samples, ...sizes], y) });
}
