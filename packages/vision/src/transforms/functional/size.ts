import { checkOptions } from "@dl/registry";
import { perDim, type PerDim, type Tensor } from "@dl/tensor";
import { centralWindow, checkInside, cropped } from "../edits/crops.js";
import { marginsOf, padded, type PaddingOptions } from "../edits/padding.js";
import { checkResize, newSize, resizeKeys, resizedTo, resizedWindows, type ResizeRules } from "../edits/resizes.js";
import type { Size } from "../geometry/canvas.js";
import { onImage } from "./on-image.js";

/** One number for both sides, or [height, width]. @throws ValueError unless they are whole numbers of at least 1 */
export function sizeOf(where: string, size: PerDim): Size {
  const [height, width] = perDim(where, "size", size, 2, 1);
  return [height, width];
}

/**
 * A rectangle of a picture; what lies beyond the picture is 0. Shapes: [C, H, W] or [N, C, H, W] → [.., height, width].
 * @param top row of its upper left pixel, `left` the column; both may be negative
 * @throws ValueError for sizes that are not whole; ShapeError when it shows nothing of the picture; DTypeError
 */
export const crop = (image: Tensor, top: number, left: number, height: number, width: number): Tensor =>
  onImage("crop", image, (canvas) => cropped("crop", canvas, { top, left, height, width }));

/**
 * The middle of a picture, with 0 around it where it is smaller. Shapes: [C, H, W] or [N, C, H, W] → [.., ..size].
 * @param size one number for both sides, or [height, width]
 * @throws ValueError, ShapeError, DTypeError
 */
export function centerCrop(image: Tensor, size: PerDim): Tensor {
  const wanted = sizeOf("centerCrop", size);
  return onImage("centerCrop", image, (canvas) => cropped("centerCrop", canvas, centralWindow(canvas, wanted)));
}

/**
 * Adds pixels around a picture. Shapes: [C, H, W] or [N, C, H, W] → [.., top + H + bottom, left + W + right].
 * @param padding one number, [left and right, top and bottom], or [left, top, right, bottom]; negative ones cut off
 * @throws ShapeError when mirroring takes more than there is; ValueError, DTypeError
 */
export function pad(image: Tensor, padding: number | readonly number[], options: PaddingOptions = {}): Tensor {
  checkOptions("pad", options, ["paddingMode", "fill"]);
  const margins = marginsOf("pad", padding, options);
  return onImage("pad", image, (canvas) => padded("pad", canvas, margins, options));
}

export interface ResizeOptions extends ResizeRules {
  /** The most pixels that the longer side may get where size is a single number. */
  readonly maxSize?: number;
}

/**
 * A larger or smaller picture, "bilinear" and antialiased unless said otherwise.
 * Shapes: [C, H, W] or [N, C, H, W] → [.., ..size]; a single number is the new size of the shorter side, and the longer one follows.
 * @throws ValueError, ShapeError, DTypeError
 */
export function resize(image: Tensor, size: PerDim, options: ResizeOptions = {}): Tensor {
  checkOptions("resize", options, [...resizeKeys, "maxSize"]);
  const { maxSize, ...rules } = options;
  checkResize("resize", rules);
  sizeOf("resize", size);
  return onImage("resize", image, (canvas) => resizedTo(canvas, newSize("resize", canvas, size, maxSize), rules));
}

/**
 * A rectangle of a picture, resized. Shapes: [C, H, W] or [N, C, H, W] → [.., ..size], a single number for both sides.
 * @throws ShapeError unless the rectangle lies within the picture; ValueError, DTypeError
 */
export function resizedCrop(image: Tensor, top: number, left: number, height: number, width: number, size: PerDim, options: ResizeRules = {}): Tensor {
  const where = "resizedCrop";
  checkOptions(where, options, resizeKeys);
  checkResize(where, options);
  const window = { top, left, height, width };
  const wanted = sizeOf(where, size);
  return onImage(where, image, (canvas) => {
    checkInside(where, window, canvas);
    return resizedWindows(canvas, Array.from({ length: canvas.count }, () => window), wanted, options);
  });
}
