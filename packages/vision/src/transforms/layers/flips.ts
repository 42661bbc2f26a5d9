import { ChanceTransform, type ChanceOptions } from "../base/chance.js";
import type { Edit } from "../edits/edit.js";
import { flipped } from "../edits/flips.js";
import type { Canvas } from "../geometry/canvas.js";

/**
 * Mirrors each picture with probability p, 0.5 by default: left and right change places. Shapes: [C, H, W] or [N, C, H, W] → the same.
 * @throws ValueError unless 0 ≤ p ≤ 1
 */
export class RandomHorizontalFlip extends ChanceTransform {
  static readonly type = "vision/RandomHorizontalFlip";
  constructor(options: ChanceOptions = {}) { super([], options); }
  protected override drawChosen(canvas: Canvas): Edit { return flipped(canvas, "horizontal"); }
}

/**
 * Turns each picture upside down with probability p, 0.5 by default. Shapes: [C, H, W] or [N, C, H, W] → the same.
 * @throws ValueError unless 0 ≤ p ≤ 1
 */
export class RandomVerticalFlip extends ChanceTransform {
  static readonly type = "vision/RandomVerticalFlip";
  constructor(options: ChanceOptions = {}) { super([], options); }
  protected override drawChosen(canvas: Canvas): Edit { return flipped(canvas, "vertical"); }
}
