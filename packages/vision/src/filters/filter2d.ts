import { ShapeError, checkChoice, checkOptions } from "@dl/registry";
import { conv2d, flip, showShape, type PaddingMode, type Tensor } from "@dl/tensor";

export interface Filter2dOptions {
  /**
   * "xcorr" (default) lays the kernel on the image as it is, which is what layers do and deep learning calls convolution; "conv" turns it by
   * 180° first, which is what the word means elsewhere. Kernels that look the same after half a turn give the same either way.
   */
  readonly mode?: "xcorr" | "conv";
  /** Pixels around the image: "same" (default) keeps its size, "valid" adds none. */
  readonly padding?: number | readonly [number, number] | "same" | "valid";
  /** What they are. Default "reflect". */
  readonly paddingMode?: PaddingMode;
}

const OPTIONS: readonly (keyof Filter2dOptions)[] = ["mode", "padding", "paddingMode"];

/** [C, H, W] or [N, C, H, W] as [N, C, H, W]. @throws ShapeError for another number of dims */
export function asBatch(where: string, image: Tensor): Tensor {
  if (image.ndim === 4) return image;
  if (image.ndim === 3) return image.unsqueeze(0);
  throw new ShapeError(where, `the image has shape ${showShape(image.shape)}`, "Give [C, H, W] or a batch [N, C, H, W]; an image with channels last needs permute(2, 0, 1)", { shape: image.shape });
}

/** The result in the shape that the image came in. */
export const likeImage = (result: Tensor, image: Tensor): Tensor => (image.ndim === 3 ? result.squeeze(0) : result);

/**
 * Lays one kernel on every channel: y(i, j) = Σ k(u, v)·x(i + u, j + v), or with `mode: "conv"` Σ k(u, v)·x(i − u, j − v).
 * Shapes: image [C, H, W] or [N, C, H, W], kernel [KH, KW] → as the image.
 * @throws ShapeError when one of them has another number of dims, or padding does not fit; DTypeError unless both are one float type
 */
export function filter2d(image: Tensor, kernel: Tensor, options: Filter2dOptions = {}): Tensor {
  const where = "filter2d";
  checkOptions(where, options, OPTIONS);
  const { mode = "xcorr", padding = "same", paddingMode = "reflect" } = options;
  checkChoice(where, "mode", mode, ["xcorr", "conv"]);
  if (kernel.ndim !== 2) throw new ShapeError(where, `the kernel has shape ${showShape(kernel.shape)}`, "Give [KH, KW]", { shape: kernel.shape });
  const batch = asBatch(where, image);
  const channels = batch.shape[1];
  const turned = mode === "conv" ? flip(kernel, [0, 1]) : kernel;
  const weight = turned.reshape([1, 1, ...kernel.shape]).expand([channels, 1, ...kernel.shape]);
  return likeImage(conv2d(batch, weight, { groups: channels, padding, paddingMode }), image);
}
