import { checkNumber } from "@dl/registry";
import { rand, stack, type Generator, type Tensor } from "@dl/tensor";
import { Transform } from "../base/transform.js";
import { blurred } from "../edits/blur.js";
import type { Edit } from "../edits/edit.js";
import { displaced } from "../edits/elastic.js";
import type { Canvas } from "../geometry/canvas.js";
import type { Point } from "../geometry/homography.js";
import { checkSampling } from "../geometry/sampling.js";
import { movingKeys, readingOf, type MovingOptions } from "./moving-options.js";

export interface ElasticTransformOptions extends MovingOptions {
  /** How strong displacements are, one number or [along x, along y]: twice the pixels that unblurred ones would have at most. Default 50. */
  readonly alpha?: number | Point;
  /** How smooth they are, in pixels, one number or [of those along x, of those along y]. Default 5. */
  readonly sigma?: number | Point;
}

const both = (value: number | Point): Point => (typeof value === "number" ? [value, value] : value);

/** As wide as 8σ + 1, an odd number, and never so wide that the picture cannot be mirrored around it. */
function kernelSize(sigma: number, { height, width }: Canvas): number {
  const size = Math.trunc(8 * sigma + 1);
  return Math.min(size % 2 === 0 ? size + 1 : size, 2 * Math.min(height, width) - 1);
}

/** Numbers from −1 to 1 for every pixel, blurred. Shape: [N, H, W]. */
function smoothNoise(where: string, canvas: Canvas, sigma: number, generator: Generator): Tensor {
  const { count, height, width } = canvas;
  const noise = rand([count, 1, height, width], { generator }).mul(2).sub(1);
  const size = kernelSize(sigma, canvas);
  return (sigma === 0 ? noise : blurred(where, noise, [size, size], [sigma])).squeeze(1);
}

/**
 * Moves every pixel a little, neighbours alike: handwriting by another hand, as seen through uneven glass. "bilinear" pixels unless said otherwise.
 * Shapes: [C, H, W] or [N, C, H, W] → the same. (Simard et al., 2003)
 * @throws ValueError for a negative alpha or sigma
 */
export class ElasticTransform extends Transform {
  static readonly type = "vision/ElasticTransform";
  readonly alpha: Point;
  readonly sigma: Point;

  constructor(readonly options: ElasticTransformOptions = {}) {
    super([], options, [...movingKeys, "alpha", "sigma"]);
    this.alpha = both(options.alpha ?? 50);
    this.sigma = both(options.sigma ?? 5);
    for (const value of this.alpha) checkNumber(this.where, "alpha", value, 0);
    for (const value of this.sigma) checkNumber(this.where, "sigma", value, 0);
    checkSampling(this.where, options);
  }

  override draw(canvas: Canvas, generator: Generator): Edit {
    const [x, y] = [0, 1].map((axis) => smoothNoise(this.where, canvas, this.sigma[axis], generator));
    const displacement = stack([x.mul(this.alpha[0] / canvas.width), y.mul(this.alpha[1] / canvas.height)], -1);
    return displaced(this.where, canvas, displacement, readingOf(this.options, "bilinear"));
  }
}
