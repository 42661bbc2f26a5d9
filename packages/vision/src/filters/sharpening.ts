import { ValueError, checkNumber, checkOptions, checkWhole } from "@dl/registry";
import { median, pad, stack, type PadMode, type Tensor } from "@dl/tensor";
import { asBatch, likeImage } from "./filter2d.js";
import { gaussianBlur, type GaussianBlurOptions } from "./gaussian.js";

export interface UnsharpOptions extends GaussianBlurOptions {
  /** How much of the difference to the blurred image is added. Default 1. */
  readonly amount?: number;
}

/** Sharpens: x + amount·(x − blurred x). Shapes: [C, H, W] or [N, C, H, W] → the same. Throws what `gaussianBlur` throws. */
export function unsharp(image: Tensor, options: UnsharpOptions): Tensor {
  checkOptions("unsharp", options, ["size", "sigma", "amount", "paddingMode"]);
  const { amount = 1, ...blur } = options;
  checkNumber("unsharp", "amount", amount);
  return image.add(image.sub(gaussianBlur(image, blur)).mul(amount));
}

export interface MedianBlurOptions {
  /** Of a side of the window, odd. Default 3. */
  readonly size?: number;
  /** Default "reflect". */
  readonly paddingMode?: Exclude<PadMode, "constant">;
}

/**
 * The median of each pixel's window: single odd pixels vanish, edges stay. Shapes: [C, H, W] or [N, C, H, W] → the same.
 * @throws ValueError unless size is odd; ShapeError when the window does not fit
 */
export function medianBlur(image: Tensor, options: MedianBlurOptions = {}): Tensor {
  checkOptions("medianBlur", options, ["size", "paddingMode"]);
  const { size = 3, paddingMode = "reflect" } = options;
  checkWhole("medianBlur", "size", size, 1);
  if (size % 2 === 0) throw new ValueError("medianBlur", `size is ${size}`, "Give an odd number, so that there is a centre", { size });
  const batch = asBatch("medianBlur", image);
  const [, , height, width] = batch.shape;
  const edge = (size - 1) / 2;
  const padded = pad(batch, [edge, edge, edge, edge], { mode: paddingMode });
  const shifted = Array.from({ length: size * size }, (_, i) => {
    const [top, left] = [Math.floor(i / size), i % size];
    return padded.slice(2, top, top + height).slice(3, left, left + width);
  });
  return likeImage(median(stack(shifted, -1), -1).values, image);
}
