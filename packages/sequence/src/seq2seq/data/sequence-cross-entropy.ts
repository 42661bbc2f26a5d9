import { crossEntropy } from "@dl/nn";
import { ShapeError, checkOptions } from "@dl/registry";
import { showShape } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";

export interface SequenceCrossEntropyOptions {
  /** Targets with this id count for nothing: padding. Default 0. */
  readonly ignoreIndex?: number;
  /** Part of the target that is spread evenly over all ids, from 0 (default) to 1. (Szegedy et al., 2016) */
  readonly labelSmoothing?: number;
}

/**
 * Cross-entropy of the ids of sequences: the mean of −ln p[y] over all places of the batch that are no padding.
 * Shapes: logits [N, T, V], y [N, T] int32 → [].
 * @throws ShapeError, DTypeError, ValueError for targets that do not fit; UnknownNameError for options
 */
export function sequenceCrossEntropy(logits: Tensor, y: Tensor, options: SequenceCrossEntropyOptions = {}): Tensor {
  checkOptions("sequenceCrossEntropy", options, ["ignoreIndex", "labelSmoothing"]);
  if (logits.ndim !== 3 || showShape(logits.shape.slice(0, 2)) !== showShape(y.shape)) {
    throw new ShapeError(
      "sequenceCrossEntropy",
      `logits of shape ${showShape(logits.shape)} and targets of shape ${showShape(y.shape)} do not go together`,
      "Give logits [N, T, V] and ids [N, T]",
      { shapes: [logits.shape, y.shape] },
    );
  }
  return crossEntropy(logits.flatten(0, 1), y.flatten(), { ignoreIndex: 0, ...options });
}
