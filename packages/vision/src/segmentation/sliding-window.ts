import type { TensorModule } from "@dl/nn";
import { ShapeError, checkChoice, checkNumber, checkOptions, checkWhole } from "@dl/registry";
import { cat, perDim, showShape, sizeOf, tensor, type PerDim, type Shape, type Tensor } from "@dl/tensor";
import { checkImage } from "../image/check-image.js";
import { WeightedMeans } from "./blending.js";
import { outputInEvaluation } from "./in-evaluation.js";

export interface SlidingWindowOptions {
  /** Height and width (of volumes also depth, first) of what the model sees at a time; cut to the image where that is smaller. */
  readonly window: PerDim;
  /** Part of a window, from 0 to less than 1, that the next one sees, too. Default 0.25. */
  readonly overlap?: number;
  /** How much a window says about its pixels: the same about all ("constant", default), or most in its middle, where it sees what is around ("gaussian"). */
  readonly blend?: "constant" | "gaussian";
  /** Windows that go through the model together, each from all images. Default 4. */
  readonly batchSize?: number;
}

/** Where windows begin along a dim: evenly, but for the last, which ends with the image. */
function startsOf(size: number, window: number, overlap: number): number[] {
  const step = Math.max(1, Math.round(window * (1 - overlap)));
  const even = Array.from({ length: Math.ceil((size - window) / step) }, (_, i) => i * step);
  return [...even, size - window];
}

const product = (lists: readonly (readonly number[])[]): number[][] =>
  lists.reduce<number[][]>((found, own) => found.flatMap((start) => own.map((next) => [...start, next])), [[]]);

const cut = (images: Tensor, start: readonly number[], window: readonly number[]): Tensor =>
  start.reduce((x, from, d) => x.slice(d + 2, from, from + window[d]), images);

/** @throws ShapeError unless the model keeps the size of a window */
function checkLogits(logits: Tensor, seen: Tensor): void {
  const sizes = (shape: Shape): string => showShape([shape[0], ...shape.slice(2)]);
  if (logits.ndim === seen.ndim && sizes(logits.shape) === sizes(seen.shape)) return;
  const fact = `the model maps ${showShape(seen.shape)} to ${showShape(logits.shape)}`;
  throw new ShapeError("slidingWindow", fact, "It has to keep the size: [N, K, ...window]", { shapes: [seen.shape, logits.shape] });
}

/**
 * Logits of an image that is too large for a model at once: it sees windows that overlap, in evaluation and without gradients, and where
 * several saw a pixel, their weighted mean counts. A model that looks at single pixels gives exactly what it gives for the whole image.
 * Shapes: [C, H, W] or [N, C, H, W] → [K, H, W] or [N, K, H, W]; volumes [N, C, D, H, W] → [N, K, D, H, W]. (Isensee et al., 2021)
 * @throws ValueError, UnknownNameError for options; ShapeError when the model does not keep the size
 */
export async function slidingWindow(model: TensorModule, image: Tensor, options: SlidingWindowOptions): Promise<Tensor> {
  const where = "slidingWindow";
  checkOptions(where, options, ["window", "overlap", "blend", "batchSize"]);
  const { overlap = 0.25, blend = "constant", batchSize = 4 } = options;
  checkNumber(where, "overlap", overlap, 0, 1 - Number.EPSILON);
  checkChoice(where, "blend", blend, ["constant", "gaussian"]);
  checkWhole(where, "batchSize", batchSize, 1);
  if (image.ndim !== 5) checkImage(where, image);
  const images = image.ndim === 3 ? image.unsqueeze(0) : image;
  const sizes = images.shape.slice(2);
  const window = perDim(where, "window", options.window, sizes.length, 1).map((size, d) => Math.min(size, sizes[d]));
  const starts = product(sizes.map((size, d) => startsOf(size, window[d], overlap)));
  const means = new WeightedMeans(sizes, window, blend);
  for (let i = 0; i < starts.length; i += batchSize) {
    const group = starts.slice(i, i + batchSize);
    const seen = cat(group.map((start) => cut(images, start, window)), 0);
    const logits = outputInEvaluation(model, seen);
    checkLogits(logits, seen);
    const values = await logits.data();
    const perWindow = values.length / group.length;
    group.forEach((start, g) => { means.add(values.subarray(g * perWindow, (g + 1) * perWindow), start); });
  }
  const { dtype, backend } = images;
  const blended = tensor(means.values, { shape: [images.shape[0], means.values.length / images.shape[0] / sizeOf(sizes), ...sizes], dtype, backend });
  return image.ndim === 3 ? blended.squeeze(0) : blended;
}
