import { Transform } from "../base/transform.js";
import type { Edit } from "../edits/edit.js";
import { marginsOf, padded, type Margins, type PaddingOptions } from "../edits/padding.js";
import type { Canvas } from "../geometry/canvas.js";

export interface PadOptions extends PaddingOptions {
  /** What masks hold in the padding. Default 0. */
  readonly maskFill?: number;
}

/**
 * Adds pixels around each picture. Shapes: [C, H, W] or [N, C, H, W] → [.., top + H + bottom, left + W + right].
 * @param padding one number, [left and right, top and bottom], or [left, top, right, bottom]; negative ones cut off
 * @throws ValueError for another form; ShapeError when mirroring takes more than there is
 */
export class Pad extends Transform {
  static readonly type = "vision/Pad";
  readonly #margins: Margins;

  constructor(padding: number | readonly number[], readonly options: PadOptions = {}) {
    super([padding], options, ["fill", "paddingMode", "maskFill"]);
    this.#margins = marginsOf(this.where, padding, options);
  }

  override draw(canvas: Canvas): Edit {
    return padded(this.where, canvas, this.#margins, this.options);
  }
}
