import { checkPositive } from "@dl/registry";
import type { Generator, PerDim } from "@dl/tensor";
import { checkRange, drawnByRatio, drawnFrom, forEach, type Range } from "../base/ranges.js";
import { Transform, type TransformOptions } from "../base/transform.js";
import type { Window } from "../edits/crops.js";
import type { Edit } from "../edits/edit.js";
import { checkResize, resizeKeys, resizedWindows, type ResizeRules } from "../edits/resizes.js";
import { sizeOf } from "../functional/size.js";
import type { Canvas, Size } from "../geometry/canvas.js";

export interface RandomResizedCropOptions extends TransformOptions, ResizeRules {
  /** [least, most] of the picture's area that is kept. Default [0.08, 1]. */
  readonly scale?: Range;
  /** [least, most] width of the window by its height. Default [3/4, 4/3]. */
  readonly ratio?: Range;
}

/** How often a window is drawn that does not fit, until the middle is taken. */
const attempts = 10;

/** As large a window in the middle as the ratios allow. */
function middleOf({ height, width }: Canvas, [least, most]: Range): Window {
  const ratio = width / height;
  const [h, w] = ratio < least ? [Math.round(width / least), width] : ratio > most ? [height, Math.round(height * most)] : [height, width];
  return { top: Math.floor((height - h) / 2), left: Math.floor((width - w) / 2), height: h, width: w };
}

/**
 * Of each picture a window of its own, of random area and shape, resized: as if seen from nearer. "bilinear" and antialiased unless said otherwise.
 * Shapes: [C, H, W] or [N, C, H, W] → [.., ..size]. (Szegedy et al., 2015)
 * @param size one number for both sides, or [height, width]
 * @throws ValueError
 */
export class RandomResizedCrop extends Transform {
  static readonly type = "vision/RandomResizedCrop";
  readonly size: Size;
  readonly scale: Range;
  readonly ratio: Range;

  constructor(size: PerDim, readonly options: RandomResizedCropOptions = {}) {
    super([size], options, [...resizeKeys, "scale", "ratio"]);
    const { scale = [0.08, 1], ratio = [3 / 4, 4 / 3] } = options;
    this.size = sizeOf(this.where, size);
    this.scale = checkRange(this.where, "scale", scale, 0);
    this.ratio = checkRange(this.where, "ratio", ratio, 0);
    checkPositive(this.where, "scale", scale[1]);
    checkPositive(this.where, "ratio", ratio[0]);
    checkResize(this.where, options);
  }

  override draw(canvas: Canvas, generator: Generator): Edit {
    const { interpolation, antialias } = this.options;
    const windows = forEach(canvas.count, () => this.#window(canvas, generator));
    return resizedWindows(canvas, windows, this.size, { ...(interpolation && { interpolation }), ...(antialias !== undefined && { antialias }) });
  }

  #window(canvas: Canvas, generator: Generator): Window {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const area = canvas.height * canvas.width * drawnFrom(generator, this.scale);
      const ratio = drawnByRatio(generator, this.ratio);
      const [width, height] = [Math.round(Math.sqrt(area * ratio)), Math.round(Math.sqrt(area / ratio))];
      if (width > 0 && width <= canvas.width && height > 0 && height <= canvas.height) {
        return { top: generator.int(canvas.height - height + 1), left: generator.int(canvas.width - width + 1), height, width };
      }
    }
    return middleOf(canvas, this.ratio);
  }
}
