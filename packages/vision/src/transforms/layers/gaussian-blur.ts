import { checkPositive } from "@dl/registry";
import type { Generator } from "@dl/tensor";
import { checkRange, drawnFrom, forEach, type Range } from "../base/ranges.js";
import { Transform, type TransformOptions } from "../base/transform.js";
import { blurred, checkKernel } from "../edits/blur.js";
import { recoloured, type Edit } from "../edits/edit.js";
import type { Canvas } from "../geometry/canvas.js";

export interface GaussianBlurTransformOptions extends TransformOptions {
  /** Spread in pixels, one number or [least, most]. Default [0.1, 2]. */
  readonly sigma?: number | Range;
}

/**
 * Blurs each picture by a Gaussian of its own spread, uniform in its range; pixels are mirrored at the edge. `gaussianBlur` does it with one that is given.
 * Shapes: [C, H, W] or [N, C, H, W] → the same.
 * @param kernelSize odd, one number for both sides, or [width, height]
 * @throws ValueError for even sizes, or spreads that are not above 0; ShapeError for pictures smaller than half of the kernel
 */
export class GaussianBlur extends Transform {
  static readonly type = "vision/GaussianBlur";
  readonly sigma: Range;
  readonly #kernel: readonly [width: number, height: number];

  constructor(readonly kernelSize: number | readonly [number, number], readonly options: GaussianBlurTransformOptions = {}) {
    super([kernelSize], options, ["sigma"]);
    const { sigma = [0.1, 2] } = options;
    this.#kernel = typeof kernelSize === "number" ? [kernelSize, kernelSize] : kernelSize;
    this.sigma = typeof sigma === "number" ? [sigma, sigma] : checkRange(this.where, "sigma", sigma);
    checkKernel(this.where, this.#kernel);
    checkPositive(this.where, "sigma", this.sigma[0]);
  }

  override draw(canvas: Canvas, generator: Generator): Edit {
    const sigmas = forEach(canvas.count, () => drawnFrom(generator, this.sigma));
    return recoloured(canvas, (images) => blurred(this.where, images, this.#kernel, sigmas));
  }
}
