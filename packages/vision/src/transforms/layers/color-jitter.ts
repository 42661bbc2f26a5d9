import type { Generator, Tensor } from "@dl/tensor";
import { aroundOne, aroundZero, drawnFrom, forEach, type Range } from "../base/ranges.js";
import { Transform, type TransformOptions } from "../base/transform.js";
import { inTurn, recoloured, type Edit } from "../edits/edit.js";
import { adjustBrightness, adjustContrast, adjustSaturation } from "../functional/colour.js";
import { adjustHue } from "../functional/hue.js";
import type { PerImage } from "../functional/on-image.js";
import type { Canvas } from "../geometry/canvas.js";

export interface ColorJitterOptions extends TransformOptions {
  /** Factors of brightness: a number b for 1 − b, but at least 0, to 1 + b, or [least, most]. Default 0: it stays. */
  readonly brightness?: number | readonly number[];
  /** Factors of contrast, given likewise. Default 0. */
  readonly contrast?: number | readonly number[];
  /** Factors of saturation, given likewise. Default 0. */
  readonly saturation?: number | readonly number[];
  /** Turns of the colour circle: a number h for −h to h, or [least, most], both within −0.5 to 0.5. Default 0. */
  readonly hue?: number | readonly number[];
}

interface Adjustment {
  readonly range: Range;
  readonly adjust: (image: Tensor, factor: PerImage) => Tensor;
}

/** Whether a range allows for anything but the picture itself. */
const changesWith = ([least, most]: Range, neutral: number): boolean => least !== neutral || most !== neutral;

function adjustmentsOf(where: string, { brightness = 0, contrast = 0, saturation = 0, hue = 0 }: ColorJitterOptions): Adjustment[] {
  const all = [
    { range: aroundOne(where, "brightness", brightness), adjust: adjustBrightness, neutral: 1 },
    { range: aroundOne(where, "contrast", contrast), adjust: adjustContrast, neutral: 1 },
    { range: aroundOne(where, "saturation", saturation), adjust: adjustSaturation, neutral: 1 },
    { range: aroundZero(where, "hue", hue, 0.5), adjust: adjustHue, neutral: 0 },
  ];
  return all.filter(({ range, neutral }) => changesWith(range, neutral));
}

/**
 * Changes brightness, contrast, saturation and hue of each picture by factors of its own, each uniform in its range. The order of the four is random
 * as well, and the same for all pictures of a batch. Shapes: [C, H, W] or [N, C, H, W] with 1 or 3 channels → the same.
 * @throws ValueError for ranges out of bounds
 */
export class ColorJitter extends Transform {
  static readonly type = "vision/ColorJitter";
  readonly #adjustments: readonly Adjustment[];

  constructor(readonly options: ColorJitterOptions = {}) {
    super([], options, ["brightness", "contrast", "saturation", "hue"]);
    this.#adjustments = adjustmentsOf(this.where, options);
  }

  override draw(canvas: Canvas, generator: Generator): Edit {
    const order = generator.permutation(this.#adjustments.length);
    const edits = Array.from(order, (i) => {
      const { range, adjust } = this.#adjustments[i];
      const factors = forEach(canvas.count, () => drawnFrom(generator, range));
      return recoloured(canvas, (images) => adjust(images, factors));
    });
    return inTurn(edits, canvas);
  }
}
