import { checkNumber, checkWhole } from "@dl/registry";
import type { Generator } from "@dl/tensor";
import type { TensorDataset } from "../tensor-dataset.js";
import { begin, between, type GeneratorOptions } from "./common.js";
import { maskedSamples } from "./masked-samples.js";
import { addGrain } from "./shape-kinds.js";

export interface SpheresOptions extends GeneratorOptions {
  /** Depth, height and width in voxels, from 8. Default 24. */
  readonly size?: number;
  /** Most spheres in a volume; there is at least one. Default 3. */
  readonly most?: number;
  /** How much brighter a sphere is than what is around it. Default 0.3. */
  readonly contrast?: number;
  /** Standard deviation of the grain. Default 0.15. */
  readonly noise?: number;
}

function markSphere(random: Generator, size: number, mask: Int32Array): void {
  const [x, y, z] = [0, 0, 0].map(() => between(random, 0.2, 0.8) * size);
  const radius = between(random, 0.12, 0.22) * size;
  for (let plane = 0, voxel = 0; plane < size; plane++) {
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++, voxel++) {
        if ((plane + 0.5 - z) ** 2 + (row + 0.5 - y) ** 2 + (column + 0.5 - x) ** 2 <= radius * radius) mask[voxel] = 1;
      }
    }
  }
}

/**
 * Grainy volumes with spheres in them, to learn segmentation in three dims by: x float32 [N, 1, size, size, size] in 0..1, y int32
 * [N, size, size, size] of 0 and 1. In one plane the grain hides what its neighbours show. 20 samples by default.
 * @throws ValueError for counts that are not whole, a size below 8, or negative noise
 */
export function spheres(options: SpheresOptions = {}): TensorDataset {
  const { samples = 20, size = 24, most = 3, contrast = 0.3, noise = 0.15 } = options;
  const random = begin("spheres", options, ["size", "most", "contrast", "noise"], samples);
  checkWhole("spheres", "size", size, 8);
  checkWhole("spheres", "most", most, 1);
  checkNumber("spheres", "contrast", contrast);
  checkNumber("spheres", "noise", noise, 0);
  return maskedSamples(samples, [size, size, size], (image, mask) => {
    for (let left = 1 + random.int(most); left > 0; left--) markSphere(random, size, mask);
    const ground = between(random, 0.25, 0.4);
    for (let voxel = 0; voxel < image.length; voxel++) image[voxel] = ground + contrast * mask[voxel];
    addGrain(image, noise, () => random.normal());
  });
}
