import { checkNumber, checkWhole } from "@dl/registry";
import type { Generator } from "@dl/tensor";
import type { TensorDataset } from "../tensor-dataset.js";
import { begin, between, type GeneratorOptions } from "./common.js";
import { maskedSamples } from "./masked-samples.js";

export interface LesionsOptions extends GeneratorOptions {
  /** Height and width in pixels, from 16. Default 64. */
  readonly size?: number;
  /** Most lesions in a picture; there may be none. Default 3. */
  readonly most?: number;
  /** How much brighter a lesion is than the tissue around it. Default 0.25. */
  readonly contrast?: number;
  /** Standard deviation of the grain. Default 0.05. */
  readonly noise?: number;
}

/** Smooth tissue, 0.4 and waves around it, with grain. */
function drawTissue(random: Generator, size: number, noise: number, image: Float32Array): void {
  const waves = Array.from({ length: 4 }, () => ({ u: between(random, -0.2, 0.2), v: between(random, -0.2, 0.2), phase: between(random, 0, 2 * Math.PI) }));
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const smooth = waves.reduce((sum, { u, v, phase }) => sum + 0.03 * Math.sin(u * column + v * row + phase), 0.4);
      image[row * size + column] = smooth + noise * random.normal();
    }
  }
}

/** Marks an ellipse that is turned by an angle. */
function markLesion(random: Generator, size: number, mask: Int32Array): void {
  const [x, y] = [between(random, 0.15, 0.85) * size, between(random, 0.15, 0.85) * size];
  const [a, b] = [between(random, 0.05, 0.13) * size, between(random, 0.05, 0.13) * size];
  const angle = between(random, 0, Math.PI);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const [dx, dy] = [column + 0.5 - x, row + 0.5 - y];
      if (((dx * cos + dy * sin) / a) ** 2 + ((dy * cos - dx * sin) / b) ** 2 <= 1) mask[row * size + column] = 1;
    }
  }
}

/**
 * Pictures like a scan with bright lesions, to learn segmentation by: x = tissue + contrast · mask, limited to 0..1. The mask is a union of ellipses.
 * x float32 [N, 1, size, size], y int32 [N, size, size] of 0 and 1; 100 samples by default. They are drawn, and no medical data.
 * @throws ValueError for counts that are not whole, a size below 16, or negative noise
 */
export function lesions(options: LesionsOptions = {}): TensorDataset {
  const { samples = 100, size = 64, most = 3, contrast = 0.25, noise = 0.05 } = options;
  const random = begin("lesions", options, ["size", "most", "contrast", "noise"], samples);
  checkWhole("lesions", "size", size, 16);
  checkWhole("lesions", "most", most, 0);
  checkNumber("lesions", "contrast", contrast);
  checkNumber("lesions", "noise", noise, 0);
  return maskedSamples(samples, [size, size], (image, mask) => {
    drawTissue(random, size, noise, image);
    for (let left = random.int(most + 1); left > 0; left--) markLesion(random, size, mask);
    for (let p = 0; p < image.length; p++) image[p] = Math.min(1, Math.max(0, image[p] + contrast * mask[p]));
  });
}
