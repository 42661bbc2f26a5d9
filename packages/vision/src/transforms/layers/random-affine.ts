import { ValueError, checkPositive } from "@dl/registry";
import type { Generator } from "@dl/tensor";
import { aroundZero, checkRange, drawnFrom, forEach, type Range } from "../base/ranges.js";
import { Transform } from "../base/transform.js";
import { warped, type Edit } from "../edits/edit.js";
import { affineMap, type AffineParts } from "../geometry/affine-map.js";
import type { Canvas } from "../geometry/canvas.js";
import type { Point } from "../geometry/homography.js";
import { checkSampling } from "../geometry/sampling.js";
import { movingKeys, readingOf, type MovingOptions } from "./moving-options.js";

export interface RandomAffineOptions extends MovingOptions {
  /** The most that pictures are moved, as parts of their width and height, 0 to 1. Default not at all. */
  readonly translate?: Point;
  /** [least, most] times as large. Default 1. */
  readonly scale?: Range;
  /** Degrees: a number s for −s to s along x, [least, most] along x, or [least x, most x, least y, most y]. Default 0. */
  readonly shear?: number | readonly number[];
  /** What stays in place when turned, sheared and scaled: [x, y] from the upper left corner. Default the middle. */
  readonly center?: Point;
}

function shearsOf(where: string, shear: RandomAffineOptions["shear"] = 0): readonly [x: Range, y: Range] {
  if (typeof shear === "number" || shear.length === 2) return [aroundZero(where, "shear", shear), [0, 0]];
  if (shear.length === 4) return [checkRange(where, "shear", shear.slice(0, 2)), checkRange(where, "shear", shear.slice(2))];
  throw new ValueError(where, `shear has ${shear.length} numbers`, "Give one, [least, most] along x, or these along x and along y", { shear });
}

/**
 * Turns, moves, scales and shears each picture by parameters of its own, each uniform in its range; whole pixels of translation, "nearest" pixels
 * unless said otherwise. Shapes: [C, H, W] or [N, C, H, W] → the same.
 * @param degrees a number d for −d to d, or [least, most]; clockwise
 * @throws ValueError
 */
export class RandomAffine extends Transform {
  static readonly type = "vision/RandomAffine";
  readonly degrees: Range;
  readonly #scale: Range;
  readonly #shears: readonly [x: Range, y: Range];

  constructor(degrees: number | readonly number[], readonly options: RandomAffineOptions = {}) {
    super([degrees], options, [...movingKeys, "translate", "scale", "shear", "center"]);
    const { translate, scale = [1, 1], shear } = options;
    this.degrees = aroundZero(this.where, "degrees", degrees);
    if (translate !== undefined) for (const most of translate) checkRange(this.where, "translate", [0, most], 0, 1);
    this.#scale = checkRange(this.where, "scale", scale);
    checkPositive(this.where, "scale", scale[0]);
    this.#shears = shearsOf(this.where, shear);
    checkSampling(this.where, options);
  }

  override draw(canvas: Canvas, generator: Generator): Edit {
    const maps = forEach(canvas.count, () => affineMap(canvas, this.#parts(canvas, generator)));
    return warped(this.where, canvas, maps, readingOf(this.options, "nearest"));
  }

  #parts({ height, width }: Canvas, generator: Generator): AffineParts {
    const { translate, center } = this.options;
    const pixels = (part: number, size: number): number => Math.round(drawnFrom(generator, [-part * size, part * size]));
    const [shearX, shearY] = this.#shears;
    return {
      angle: drawnFrom(generator, this.degrees),
      translate: translate === undefined ? [0, 0] : [pixels(translate[0], width), pixels(translate[1], height)],
      scale: drawnFrom(generator, this.#scale),
      shear: [drawnFrom(generator, shearX), drawnFrom(generator, shearY)],
      ...(center && { center }),
    };
  }
}
