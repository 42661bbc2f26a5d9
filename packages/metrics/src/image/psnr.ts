import { checkOptions, checkPositive } from "@dl/registry";
import { checkFinite, checkPairs } from "../common/checks.js";
import { StreamingMetric, sums } from "../common/streaming.js";

export interface PsnrOptions {
  /** Largest less smallest possible value: 1 (default) for images in [0, 1], 255 for bytes. */
  readonly dataRange?: number;
}

/** PSNR over any number of images; see `psnr`. */
export class Psnr extends StreamingMetric<Float64Array, number> {
  readonly #dataRange: number;

  /** @throws ValueError for a data range that is not above 0 */
  constructor(options: PsnrOptions = {}) {
    const name = "Psnr";
    checkOptions(name, options, ["dataRange"]);
    const { dataRange = 1 } = options;
    checkPositive(name, "dataRange", dataRange);
    super(name, sums(2), { dataRange });
    this.#dataRange = dataRange;
  }

  /**
   * Counts the pixels of an image, or of several, of any shape.
   * @throws ShapeError when the two differ in size
   * @throws ValueError for a pixel that is not finite; nothing is counted
   */
  update(image: ArrayLike<number>, reference: ArrayLike<number>): this {
    const where = "Psnr.update";
    checkPairs(where, image, reference);
    checkFinite(where, "pixel", image);
    checkFinite(where, "reference pixel", reference);
    let sum = 0;
    for (let i = 0; i < image.length; i++) sum += (image[i] - reference[i]) ** 2;
    return this.absorb(Float64Array.of(image.length, sum));
  }

  protected override resultOf([count, sum]: Float64Array): number {
    return 10 * Math.log10(this.#dataRange ** 2 / (sum / count));
  }
}

/**
 * Peak signal-to-noise ratio in decibels: 10·log₁₀(dataRange² / MSE), the MSE over all pixels given. Infinity for equal images.
 * @throws ShapeError when the two differ in size
 * @throws ValueError for a pixel that is not finite
 * @throws StateError when there are none
 */
export const psnr = (image: ArrayLike<number>, reference: ArrayLike<number>, options: PsnrOptions = {}): number => new Psnr(options).update(image, reference).compute();
