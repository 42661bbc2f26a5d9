import { noGrad } from "@dl/autograd";
import { evaluating, type TensorModule } from "@dl/nn";
import { checkNumber, checkOptions, checkWhole } from "@dl/registry";
import { cat, outputSizes, perDim, tensor, windowsOf, type PerDim, type Tensor } from "@dl/tensor";
import { asBatch, likeImage } from "../filters/filter2d.js";
import { checkImage } from "../image/check-image.js";
import { classesOf, pickScores, type ClassIndex } from "./class-score.js";

export interface OcclusionOptions {
  /** Rows and columns that are covered at a time: one number, or one for each. */
  readonly window: PerDim;
  /** How far the window moves. Default half of it, at least 1. */
  readonly stride?: PerDim;
  /** What covers the pixels. Default 0. */
  readonly value?: number;
  /** The class that is asked about. Default: of each image the one with the highest score. */
  readonly classIndex?: ClassIndex;
  /** Covered images that go through the model at a time. Default 32. */
  readonly batchSize?: number;
}

type Corner = readonly [row: number, column: number];

/** 1 for the pixels that stay, 0 below the window, for each of its places. Shape: [places, 1, H, W]. */
function coversFor(corners: readonly Corner[], [rows, columns]: readonly number[], [height, width]: readonly number[], like: Tensor): Tensor {
  const kept = new Float32Array(corners.length * height * width).fill(1);
  corners.forEach(([top, left], i) => {
    for (let y = top; y < top + rows; y++) kept.fill(0, (i * height + y) * width + left, (i * height + y) * width + left + columns);
  });
  return tensor(kept, { shape: [corners.length, 1, height, width], dtype: like.dtype, backend: like.backend });
}

interface Cover {
  readonly window: readonly number[];
  readonly corners: readonly Corner[];
  readonly value: number;
  readonly batchSize: number;
}

/** What one image scores with each place covered. Shapes: image [1, C, H, W] → [places]. */
function coveredScores(model: TensorModule, image: Tensor, index: number, { corners, window, value, batchSize }: Cover): Tensor {
  const parts: Tensor[] = [];
  for (let i = 0; i < corners.length; i += batchSize) {
    const some = corners.slice(i, i + batchSize);
    const kept = coversFor(some, window, image.shape.slice(2), image);
    const covered = image.mul(kept).add(kept.neg().add(1).mul(value));
    parts.push(pickScores(model.forward(covered), some.map(() => index)));
  }
  return cat(parts);
}

/**
 * How far the score falls when a window of the image is covered, for every place of the window: high where the network looks. Needs no gradient,
 * so it works for any model, and takes places × images forwards. Runs in evaluation mode.
 * Shapes: x [N, C, H, W] or [C, H, W] → [N, rows, columns] or [rows, columns] of places, ⌊(H − window)/stride⌋ + 1 of them. (Zeiler & Fergus, 2014)
 * @throws ShapeError, DTypeError for what is no image, or when the window does not fit; ValueError for bad options or a class that is not there
 */
export function occlusion(model: TensorModule, x: Tensor, options: OcclusionOptions): Tensor {
  const where = "occlusion";
  checkOptions(where, options, ["window", "stride", "value", "classIndex", "batchSize"]);
  checkImage(where, x);
  const window = perDim(where, "window", options.window, 2, 1);
  const { stride = window.map((size) => Math.max(1, size >> 1)), value = 0, classIndex, batchSize = 32 } = options;
  checkNumber(where, "value", value);
  checkWhole(where, "batchSize", batchSize, 1);
  const batch = asBatch(where, x).detach();
  const windows = windowsOf(where, window, { stride });
  const [rows, columns] = outputSizes(where, batch.shape.slice(2), windows);
  const corners = Array.from({ length: rows * columns }, (_, i): Corner => [Math.floor(i / columns) * windows.stride[0], (i % columns) * windows.stride[1]]);
  const cover: Cover = { window, corners, value, batchSize };
  const drops = evaluating(model, () => noGrad(() => {
    const scores = model.forward(batch);
    const classes = classesOf(where, scores, classIndex);
    const open = pickScores(scores, classes);
    return cat(classes.map((index, n) => open.slice(0, n, n + 1).sub(coveredScores(model, batch.slice(0, n, n + 1), index, cover))));
  }));
  return likeImage(drops.reshape([batch.shape[0], rows, columns]), x);
}
