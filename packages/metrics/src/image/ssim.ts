import { checkChoice, checkOptions, checkPositive, checkWhole, ShapeError, ValueError } from "@dl/registry";
import { checkFinite, checkPairs } from "../common/checks.js";
import { StreamingMetric, sums } from "../common/streaming.js";
import { gaussianWindow, uniformWindow, windowMeans } from "./window.js";

export interface SsimOptions {
  /** [H, W], or with leading dimensions such as channels and images, [..., H, W]; SSIM is the mean over their planes. */
  readonly shape: readonly number[];
  /** Largest less smallest possible value: 1 (default) for images in [0, 1], 255 for bytes. */
  readonly dataRange?: number;
  /** "gaussian" (default), as in the paper, or "uniform" with sample covariances, as scikit-image does unless told otherwise. */
  readonly window?: "gaussian" | "uniform";
  /** Odd. Default 11 for gaussian, 7 for uniform. */
  readonly windowSize?: number;
  /** Standard deviation of the gaussian window in pixels. Default 1.5. */
  readonly sigma?: number;
}

const K1 = 0.01;
const K2 = 0.03;

/** Settings that the two windows differ in. */
interface Window {
  readonly weights: Float64Array;
  /** n / (n − 1) for covariances of a sample of n pixels. */
  readonly correction: number;
}

function windowOf(where: string, { window = "gaussian", windowSize = window === "gaussian" ? 11 : 7, sigma = 1.5 }: SsimOptions): Window {
  checkChoice(where, "window", window, ["gaussian", "uniform"]);
  checkWhole(where, "windowSize", windowSize, 3);
  if (windowSize % 2 === 0) throw new ValueError(where, `windowSize is ${windowSize}`, "Give an odd number");
  checkPositive(where, "sigma", sigma);
  if (window === "gaussian") return { weights: gaussianWindow(windowSize, sigma), correction: 1 };
  const pixels = windowSize * windowSize;
  return { weights: uniformWindow(windowSize), correction: pixels / (pixels - 1) };
}

/** Structural similarity over any number of images; see `ssim`. */
export class Ssim extends StreamingMetric<Float64Array, number> {
  readonly #height: number;
  readonly #width: number;
  readonly #size: number;
  readonly #dataRange: number;
  readonly #window: Window;

  /**
   * @throws ShapeError for fewer than two dimensions, or an image smaller than the window
   * @throws ValueError for a window that is even or unknown, or a data range or sigma that is not above 0
   */
  constructor(options: SsimOptions) {
    const name = "Ssim";
    checkOptions(name, options, ["shape", "dataRange", "window", "windowSize", "sigma"]);
    const { shape, dataRange = 1 } = options;
    checkPositive(name, "dataRange", dataRange);
    shape.forEach((size) => { checkWhole(name, "a size in shape", size, 1); });
    const window = windowOf(name, options);
    const taps = window.weights.length;
    const [height, width] = shape.slice(-2);
    if (shape.length < 2 || height < taps || width < taps) {
      throw new ShapeError(name, `images of [${shape.join(", ")}] under a window of ${taps} × ${taps}`, "Give [..., H, W] of at least that size, or a smaller windowSize", { shape });
    }
    super(name, sums(2), { shape, dataRange, weights: [...window.weights], correction: window.correction });
    [this.#height, this.#width] = [height, width];
    this.#size = shape.reduce((product, size) => product * size, 1);
    this.#dataRange = dataRange;
    this.#window = window;
  }

  /**
   * Counts the planes of two arrays of the shape given.
   * @throws ShapeError when they have another size
   * @throws ValueError for a pixel that is not finite; nothing is counted
   */
  update(image: ArrayLike<number>, reference: ArrayLike<number>): this {
    const where = "Ssim.update";
    checkPairs(where, image, reference);
    if (image.length !== this.#size) throw new ShapeError(where, `${image.length} pixels for a shape of ${this.#size}`, "Give the images' shape", { pixels: image.length });
    checkFinite(where, "pixel", image);
    checkFinite(where, "reference pixel", reference);
    const batch = new Float64Array(2);
    const [x, y] = [Float64Array.from(image), Float64Array.from(reference)];
    const area = this.#height * this.#width;
    for (let start = 0; start < this.#size; start += area) {
      batch[0]++;
      batch[1] += this.#planeSimilarity(x.subarray(start, start + area), y.subarray(start, start + area));
    }
    return this.absorb(batch);
  }

  #planeSimilarity(x: Float64Array, y: Float64Array): number {
    const { weights, correction } = this.#window;
    const means = (pixels: Float64Array): Float64Array => windowMeans({ height: this.#height, width: this.#width, pixels }, weights);
    const product = (a: Float64Array, b: Float64Array): Float64Array => means(a.map((value, i) => value * b[i]));
    const [mx, my, xx, yy, xy] = [means(x), means(y), product(x, x), product(y, y), product(x, y)];
    const [c1, c2] = [(K1 * this.#dataRange) ** 2, (K2 * this.#dataRange) ** 2];
    const similarity = mx.map((a, i) => {
      const b = my[i];
      const spread = correction * (xx[i] - a * a + yy[i] - b * b);
      const together = correction * (xy[i] - a * b);
      return ((2 * a * b + c1) * (2 * together + c2)) / ((a * a + b * b + c1) * (spread + c2));
    });
    return similarity.reduce((sum, value) => sum + value, 0) / similarity.length;
  }

  protected override resultOf([count, sum]: Float64Array): number {
    return sum / count;
  }
}

/**
 * Structural similarity (Wang et al. 2004): the mean over all windows inside of the image of
 * (2·μx·μy + c₁)(2·σxy + c₂) / ((μx² + μy² + c₁)(σx² + σy² + c₂)), c₁ = (0.01·dataRange)², c₂ = (0.03·dataRange)². 1 for equal images.
 *
 *     ssim(image, reference, { shape: [28, 28] });
 *
 * @throws ShapeError when the sizes do not fit the shape, or the image is smaller than the window
 * @throws ValueError for a pixel that is not finite, or options that cannot be
 */
export const ssim = (image: ArrayLike<number>, reference: ArrayLike<number>, options: SsimOptions): number => new Ssim(options).update(image, reference).compute();
