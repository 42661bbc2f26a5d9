import type { TensorModule } from "@dl/nn";
import type { Tensor } from "@dl/tensor";
import { outputInEvaluation } from "./in-evaluation.js";

/**
 * The most likely class of every pixel by a model's logits, in evaluation and without gradients; the model's mode stays as it was.
 * Shapes: image [N, C, H, W] or, where the model takes it, [C, H, W]; logits [N, K, H, W] or [K, H, W] → int32 [N, H, W] or [H, W]; volumes
 * alike, but always with N.
 * @throws what the model throws
 */
export function predictMask(model: TensorModule, image: Tensor): Tensor {
  const logits = outputInEvaluation(model, image);
  return logits.argmax(logits.ndim === 3 ? 0 : 1);
}
