import { jsonOptions, Layer, type TensorModule } from "@dl/nn";
import { ShapeError, checkChoice, checkOptions, checkWhole } from "@dl/registry";
import { cat, showShape, type Tensor } from "@dl/tensor";
import { asBatch, likeImage } from "../filters/filter2d.js";
import { checkImage } from "../image/check-image.js";
import { checkPatchSize, patchesAround, patchPaddings, type PatchPadding } from "./patches.js";

export interface PatchSegmenterOptions {
  /** Patches that go through the classifier together. Default 256. */
  readonly batchSize?: number;
  /** What stands beyond the edge. Default "reflect". */
  readonly pad?: Exclude<PatchPadding, "none">;
}

/**
 * A class for every pixel by a classifier of whole images: the patch around each pixel goes through it, H·W of them for one image. Nothing is
 * shared between neighbours, whose patches are almost the same, which makes it slow: what U-Nets were made against.
 * Shapes: [N, C, H, W] or [C, H, W] → logits [N, K, H, W] or [K, H, W], where the classifier maps [P, C, size, size] to [P, K].
 * (Ciresan et al., 2012)
 * @throws ValueError for an even size; ShapeError for an image that is too small, or a classifier that gives something else
 */
export class PatchSegmenter extends Layer {
  static readonly type = "vision/PatchSegmenter";
  readonly batchSize: number;
  readonly pad: PatchPadding;

  constructor(readonly classifier: TensorModule, readonly size: number, options: PatchSegmenterOptions = {}) {
    super([classifier, size, jsonOptions(options)]);
    checkOptions("PatchSegmenter", options, ["batchSize", "pad"]);
    const { batchSize = 256, pad = "reflect" } = options;
    checkPatchSize("PatchSegmenter", size);
    checkWhole("PatchSegmenter", "batchSize", batchSize, 1);
    checkChoice("PatchSegmenter", "pad", pad, patchPaddings.filter((name) => name !== "none"));
    this.batchSize = batchSize;
    this.pad = pad;
  }

  forward(x: Tensor): Tensor {
    checkImage("PatchSegmenter", x);
    const images = asBatch("PatchSegmenter", x);
    const windows = patchesAround("PatchSegmenter", images, this.size, 1, this.pad);
    const logits = cat(this.rowsOf(windows).flatMap((rows) => this.classified(rows)), 0);
    const [count, height, width] = windows.shape;
    return likeImage(logits.reshape([count, height, width, -1]).permute([0, 3, 1, 2]), x);
  }

  /** As many rows of patches at a time as make a batch, but never less than one: only these are copied out of the image. */
  private rowsOf(windows: Tensor): Tensor[] {
    const [count, height, width] = windows.shape;
    const step = Math.max(1, Math.floor(this.batchSize / width));
    const starts = Array.from({ length: Math.ceil(height / step) }, (_, i) => i * step);
    return Array.from({ length: count }, (_, n) => windows.select(0, n)).flatMap((own) => starts.map((start) => own.slice(0, start, start + step)));
  }

  private classified(rows: Tensor): Tensor[] {
    const patches = rows.reshape([-1, ...rows.shape.slice(2)]);
    const starts = Array.from({ length: Math.ceil(patches.shape[0] / this.batchSize) }, (_, i) => i * this.batchSize);
    return starts.map((start) => {
      const batch = patches.slice(0, start, start + this.batchSize);
      const logits = this.classifier.forward(batch);
      if (logits.ndim === 2 && logits.shape[0] === batch.shape[0]) return logits;
      const fact = `the classifier maps ${showShape(batch.shape)} to ${showShape(logits.shape)}`;
      throw new ShapeError("PatchSegmenter", fact, `It has to give logits of shape [${batch.shape[0]}, classes]`, { shape: logits.shape });
    });
  }
}
