import { DataLoader, type Batch, type Dataset } from "@dl/data";
import { BoundaryIoU, IoU, PixelAccuracy, pixelAccuracy } from "@dl/metrics";
import { Trainer, type Callback, type TensorModule, type TrainerOptimizer } from "@dl/nn";
import type { Tensor } from "@dl/tensor";
import { pixelCrossEntropy, predictMask } from "@dl/vision";
import type { EvaluateOptions, Evaluation } from "../evaluate.js";

export type PixelLoss = (logits: Tensor, target: Tensor) => Tensor;

/** A trainer that minimises cross-entropy over pixels, or another loss, and reports the share of right pixels. */
export function segmenterTrainer(model: TensorModule, optimizer: TrainerOptimizer, { loss = pixelCrossEntropy, callbacks = [] }: { readonly loss?: PixelLoss; readonly callbacks?: readonly Callback[] } = {}): Trainer {
  return new Trainer({
    model,
    optimizer,
    callbacks,
    loss,
    metrics: { accuracy: async (logits, target) => pixelAccuracy(await logits.argmax(1).data(), await target.data()) },
  });
}

/** How masks come about: [N, C, H, W] → int32 [N, H, W]. */
export type PredictMask = (model: TensorModule, images: Tensor) => Tensor | Promise<Tensor>;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** "cell" → "iouCell". */
const iouOf = (label: string): string => `iou${label.charAt(0).toUpperCase()}${label.slice(1)}`;

/**
 * How good masks are on a test set of y [N, H, W] or [N, D, H, W]: the share of right pixels; the intersection over union of each class, their mean
 * (mIoU), and that of all but class 0 (foregroundIoU); and the mean over classes of the same within 2 pixels of outlines (boundaryIoU, of images only).
 * @throws the signal's reason when aborted
 */
export async function evaluateSegmenter(model: TensorModule, test: Dataset<Batch>, numClasses: number, options: EvaluateOptions = {}, predict: PredictMask = predictMask): Promise<Evaluation> {
  const { labels = Array.from({ length: numClasses }, (_, k) => String(k)), signal } = options;
  const overlap = new IoU({ numClasses });
  const accuracy = new PixelAccuracy({ numClasses });
  let boundary: BoundaryIoU | null = null;
  for await (const { x, y } of new DataLoader(test, { batchSize: 1 })) {
    signal?.throwIfAborted();
    const [predicted, target] = await Promise.all([(await predict(model, x)).data(), y.data()]);
    overlap.update(predicted, target);
    accuracy.update(predicted, target);
    if (y.ndim !== 3) continue;
    boundary ??= new BoundaryIoU({ numClasses, shape: [y.shape[1], y.shape[2]], distance: 2 });
    boundary.update(predicted, target);
  }
  const ious = overlap.compute();
  return {
    metrics: {
      pixelAccuracy: accuracy.compute(),
      mIoU: mean(ious),
      foregroundIoU: mean(ious.slice(1)),
      ...(boundary !== null && { boundaryIoU: boundary.compute() }),
      ...Object.fromEntries(ious.map((value, k) => [iouOf(labels[k]), value])),
    },
  };
}
