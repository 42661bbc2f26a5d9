import { checkNumber, checkWhole } from "@dl/registry";
import type { Generator } from "@dl/tensor";
import type { TensorDataset } from "../tensor-dataset.js";
import { begin, between, type GeneratorOptions } from "./common.js";
import { maskedSamples } from "./masked-samples.js";
import { addGrain, forPixelsOf, shapeKinds, type Place } from "./shape-kinds.js";

export interface ShapeScenesOptions extends GeneratorOptions {
  /** Height and width in pixels, from 16. Default 48. */
  readonly size?: number;
  /** Most shapes in a picture; there is at least one. Later ones cover earlier ones. Default 4. */
  readonly most?: number;
  /** Standard deviation of the grain. Default 0.1. */
  readonly noise?: number;
}

/** Greys differ from picture to picture and from shape to shape, so that only the outline tells the kind. */
function drawScene(random: Generator, size: number, most: number, image: Float32Array, mask: Int32Array): void {
  image.fill(between(random, 0.1, 0.4));
  for (let left = 1 + random.int(most); left > 0; left--) {
    const kind = random.int(shapeKinds.length);
    const place: Place = { x: between(random, 0.15, 0.85) * size, y: between(random, 0.15, 0.85) * size, radius: between(random, 0.1, 0.2) * size };
    const grey = between(random, 0.6, 0.9);
    forPixelsOf(kind, place, size, (pixel) => {
      image[pixel] = grey;
      mask[pixel] = kind + 1;
    });
  }
}

/**
 * Noisy pictures of circles, squares and triangles, and which pixel belongs to what, to learn segmentation by: x float32 [N, 1, size, size] in 0..1,
 * y int32 [N, size, size] with 0 ground, 1 circle, 2 square, 3 triangle. 100 samples by default.
 * @throws ValueError for counts that are not whole, a size below 16, or negative noise
 */
export function shapeScenes(options: ShapeScenesOptions = {}): TensorDataset {
  const { samples = 100, size = 48, most = 4, noise = 0.1 } = options;
  const random = begin("shapeScenes", options, ["size", "most", "noise"], samples);
  checkWhole("shapeScenes", "size", size, 16);
  checkWhole("shapeScenes", "most", most, 1);
  checkNumber("shapeScenes", "noise", noise, 0);
  return maskedSamples(samples, [size, size], (image, mask) => {
    drawScene(random, size, most, image, mask);
    addGrain(image, noise, () => random.normal());
  });
}
