import { ShapeError } from "@dl/registry";
import type { Generator, PerDim } from "@dl/tensor";
import { forEach } from "../base/ranges.js";
import { Transform, type TransformOptions } from "../base/transform.js";
import { centralWindow, cropped, croppedEach } from "../edits/crops.js";
import { inTurn, type Edit } from "../edits/edit.js";
import { marginsOf, padded, type Margins, type PaddingOptions } from "../edits/padding.js";
import type { Canvas, Size } from "../geometry/canvas.js";
import { sizeOf } from "../functional/size.js";

/**
 * The middle of each picture, with 0 around it where it is smaller. Shapes: [C, H, W] or [N, C, H, W] → [.., ..size].
 * @param size one number for both sides, or [height, width]
 * @throws ValueError
 */
export class CenterCrop extends Transform {
  static readonly type = "vision/CenterCrop";
  readonly size: Size;

  constructor(size: PerDim) {
    super([size], {});
    this.size = sizeOf(this.where, size);
  }

  override draw(canvas: Canvas): Edit {
    return cropped(this.where, canvas, centralWindow(canvas, this.size));
  }
}

export interface RandomCropOptions extends TransformOptions, PaddingOptions {
  /** Pixels added around first: one number, [left and right, top and bottom], or [left, top, right, bottom]. Default none. */
  readonly padding?: number | readonly number[];
  /** Whether pictures that are too small grow as far as it takes, on both sides. Default false. */
  readonly padIfNeeded?: boolean;
  /** What masks hold in the padding. Default 0. */
  readonly maskFill?: number;
}

/**
 * Of each picture a window of its own, every place equally likely, after padding where that is asked for.
 * Shapes: [C, H, W] or [N, C, H, W] → [.., ..size].
 * @param size one number for both sides, or [height, width]
 * @throws ShapeError when the pictures are smaller; ValueError
 */
export class RandomCrop extends Transform {
  static readonly type = "vision/RandomCrop";
  readonly size: Size;
  readonly #margins: Margins;

  constructor(size: PerDim, readonly options: RandomCropOptions = {}) {
    super([size], options, ["padding", "padIfNeeded", "fill", "paddingMode", "maskFill"]);
    this.size = sizeOf(this.where, size);
    this.#margins = marginsOf(this.where, options.padding ?? 0, options);
  }

  override draw(canvas: Canvas, generator: Generator): Edit {
    const pads = this.#pads(canvas);
    const { height, width } = pads.at(-1)?.canvas ?? canvas;
    const [rows, columns] = this.size;
    if (rows > height || columns > width) {
      const fact = `the size is ${rows} × ${columns}, the pictures are ${height} × ${width}`;
      throw new ShapeError(this.where, fact, "Give padding, or set padIfNeeded", { size: this.size });
    }
    const corners = forEach(canvas.count, () => ({ top: generator.int(height - rows + 1), left: generator.int(width - columns + 1) }));
    return inTurn([...pads, croppedEach({ ...canvas, height, width }, corners, this.size)], canvas);
  }

  #pads(canvas: Canvas): Edit[] {
    const { fill, paddingMode, maskFill, padIfNeeded = false } = this.options;
    const rules = { ...(fill !== undefined && { fill }), ...(paddingMode && { paddingMode }), ...(maskFill !== undefined && { maskFill }) };
    const pads: Edit[] = [];
    const grow = (margins: Margins): void => {
      if (margins.some((margin) => margin !== 0)) pads.push(padded(this.where, pads.at(-1)?.canvas ?? canvas, margins, rules));
    };
    grow(this.#margins);
    if (padIfNeeded) {
      const { height, width } = pads.at(-1)?.canvas ?? canvas;
      const [y, x] = [Math.max(0, this.size[0] - height), Math.max(0, this.size[1] - width)];
      grow([x, y, x, y]);
    }
    return pads;
  }
}
