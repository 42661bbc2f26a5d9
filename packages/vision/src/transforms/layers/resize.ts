import type { PerDim } from "@dl/tensor";
import { Transform } from "../base/transform.js";
import type { Edit } from "../edits/edit.js";
import { checkResize, newSize, resizeKeys, resizedTo } from "../edits/resizes.js";
import type { ResizeOptions } from "../functional/size.js";
import { sizeOf } from "../functional/size.js";
import type { Canvas } from "../geometry/canvas.js";

/**
 * Larger or smaller pictures, "bilinear" and antialiased unless said otherwise. Masks keep their labels.
 * Shapes: [C, H, W] or [N, C, H, W] → [.., ..size].
 * @param size [height, width], or a number for the shorter side, which the longer one follows
 * @throws ValueError
 */
export class Resize extends Transform {
  static readonly type = "vision/Resize";

  constructor(readonly size: PerDim, readonly options: ResizeOptions = {}) {
    super([size], options, [...resizeKeys, "maxSize"]);
    sizeOf(this.where, size);
    checkResize(this.where, options);
  }

  override draw(canvas: Canvas): Edit {
    const { maxSize, ...rules } = this.options;
    return resizedTo(canvas, newSize(this.where, canvas, this.size, maxSize), rules);
  }
}
