import { checkNumber } from "@dl/registry";
import type { Generator } from "@dl/tensor";
import { ChanceTransform, type ChanceOptions } from "../base/chance.js";
import { drawnWhole, forEach } from "../base/ranges.js";
import { warped, type Edit } from "../edits/edit.js";
import type { Canvas } from "../geometry/canvas.js";
import { homographyBetween, type Point } from "../geometry/homography.js";
import { checkSampling } from "../geometry/sampling.js";
import { movingKeys, readingOf, type MovingOptions } from "./moving-options.js";

export interface RandomPerspectiveOptions extends ChanceOptions, MovingOptions {
  /** How far corners move inwards at most, as a part of half of the sides, 0 to 1. Default 0.5. */
  readonly distortionScale?: number;
}

/**
 * Shows each picture, with probability p (0.5 by default), as a camera from elsewhere would: its corners move inwards, each by itself. "bilinear"
 * pixels unless said otherwise. Shapes: [C, H, W] or [N, C, H, W] → the same.
 * @throws ValueError unless 0 ≤ p ≤ 1 and 0 ≤ distortionScale ≤ 1
 */
export class RandomPerspective extends ChanceTransform {
  static readonly type = "vision/RandomPerspective";
  readonly distortionScale: number;

  constructor(readonly options: RandomPerspectiveOptions = {}) {
    super([], options, [...movingKeys, "distortionScale"]);
    this.distortionScale = options.distortionScale ?? 0.5;
    checkNumber(this.where, "distortionScale", this.distortionScale, 0, 1);
    checkSampling(this.where, options);
  }

  protected override drawChosen(canvas: Canvas, generator: Generator): Edit {
    const { height, width } = canvas;
    const corners: readonly Point[] = [[0, 0], [width - 1, 0], [width - 1, height - 1], [0, height - 1]];
    const maps = forEach(canvas.count, () => homographyBetween(this.where, corners, this.#endpoints(canvas, generator)));
    return warped(this.where, canvas, maps, readingOf(this.options, "bilinear"));
  }

  #endpoints({ height, width }: Canvas, generator: Generator): readonly Point[] {
    const [x, y] = [width, height].map((side) => Math.trunc(this.distortionScale * Math.floor(side / 2)));
    const [left, right] = [() => drawnWhole(generator, 0, x + 1), () => drawnWhole(generator, width - x - 1, width)];
    const [top, bottom] = [() => drawnWhole(generator, 0, y + 1), () => drawnWhole(generator, height - y - 1, height)];
    return [[left(), top()], [right(), top()], [right(), bottom()], [left(), bottom()]];
  }
}
