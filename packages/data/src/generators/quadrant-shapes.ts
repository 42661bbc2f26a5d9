import { checkNumber, checkWhole } from "@dl/registry";
import { TensorDataset } from "../tensor-dataset.js";
import { begin, between, floats, ints, type GeneratorOptions } from "./common.js";
import { addGrain, forPixelsOf, shapeKinds } from "./shape-kinds.js";

export interface QuadrantShapesOptions extends GeneratorOptions {
  /** Height and width in pixels, even, from 16. Default 32. */
  readonly size?: number;
  /** Standard deviation of the grain. Default 0.1. */
  readonly noise?: number;
}

export interface QuadrantShapes {
  /** x float32 [N, 1, size, size] in 0..1; y int32 [N]: 0 circle, 1 square, 2 triangle. */
  readonly data: TensorDataset;
  /** Of each picture, in which quadrant the shape is: 0 top left, 1 top right, 2 bottom left, 3 bottom right. */
  readonly quadrants: Int32Array;
}

/**
 * One shape per picture, the whole of it in one quadrant. A network that was told only which shape it is should look at that quadrant. 100 samples by
 * default.
 * @throws ValueError for counts that are not whole, an odd size or one below 16, or negative noise
 */
export function quadrantShapes(options: QuadrantShapesOptions = {}): QuadrantShapes {
  const { samples = 100, size = 32, noise = 0.1 } = options;
  const random = begin("quadrantShapes", options, ["size", "noise"], samples);
  checkWhole("quadrantShapes", "size / 2", size / 2, 8);
  checkNumber("quadrantShapes", "noise", noise, 0);
  const area = size * size;
  const x = new Float32Array(samples * area);
  const labels = new Int32Array(samples);
  const quadrants = new Int32Array(samples);
  for (let i = 0; i < samples; i++) {
    const image = x.subarray(i * area, (i + 1) * area);
    image.fill(between(random, 0.1, 0.4));
    labels[i] = random.int(shapeKinds.length);
    quadrants[i] = random.int(4);
    const [right, below] = [quadrants[i] % 2, quadrants[i] >> 1];
    const radius = between(random, 0.15, 0.2) * size;
    const within = (): number => between(random, radius, size / 2 - radius);
    const grey = between(random, 0.6, 0.9);
    forPixelsOf(labels[i], { x: within() + (right * size) / 2, y: within() + (below * size) / 2, radius }, size, (pixel) => { image[pixel] = grey; });
    addGrain(image, noise, () => random.normal());
  }
  return { data: new TensorDataset({ x: floats([samples, 1, size, size], x), y: ints([samples], labels) }), quadrants };
}
