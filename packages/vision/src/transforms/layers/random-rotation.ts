import { ShapeError } from "@dl/registry";
import type { Generator } from "@dl/tensor";
import { aroundZero, drawnFrom, forEach, type Range } from "../base/ranges.js";
import { Transform } from "../base/transform.js";
import type { Edit } from "../edits/edit.js";
import { turnedBy, turnedEach } from "../edits/turns.js";
import type { Canvas } from "../geometry/canvas.js";
import type { Point } from "../geometry/homography.js";
import { checkSampling } from "../geometry/sampling.js";
import { movingKeys, readingOf, type MovingOptions } from "./moving-options.js";

export interface RandomRotationOptions extends MovingOptions {
  /** Whether the new picture is as large as it takes to show all of the old one; single pictures only. Default false. */
  readonly expand?: boolean;
  /** What stays in place, [x, y] from the upper left corner. Default the middle. */
  readonly center?: Point;
}

/**
 * Turns each picture counter-clockwise by an angle of its own from U(least, most), "nearest" pixels unless said otherwise.
 * Shapes: [C, H, W] or [N, C, H, W] → the same.
 * @param degrees a number d for −d to d, or [least, most]
 * @throws ValueError, ShapeError
 */
export class RandomRotation extends Transform {
  static readonly type = "vision/RandomRotation";
  readonly degrees: Range;

  constructor(degrees: number | readonly number[], readonly options: RandomRotationOptions = {}) {
    super([degrees], options, [...movingKeys, "expand", "center"]);
    this.degrees = aroundZero(this.where, "degrees", degrees);
    checkSampling(this.where, options);
  }

  override draw(canvas: Canvas, generator: Generator): Edit {
    const { expand = false, center } = this.options;
    const turn = { ...readingOf(this.options, "nearest"), ...(center && { center }) };
    const angles = forEach(canvas.count, () => drawnFrom(generator, this.degrees));
    if (canvas.count === 1) return turnedBy(this.where, canvas, angles[0], { ...turn, expand });
    if (!expand) return turnedEach(this.where, canvas, angles, turn);
    const fact = `expand gives each of the ${canvas.count} pictures a size of its own`;
    throw new ShapeError(this.where, fact, "Transform them one by one, or leave expand out", { count: canvas.count });
  }
}
