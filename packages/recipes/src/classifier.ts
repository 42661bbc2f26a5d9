import type { Batch, Dataset } from "@dl/data";
import { accuracy } from "@dl/metrics";
import { crossEntropy, Trainer, type Callback, type TensorModule, type TrainerOptimizer } from "@dl/nn";
import type { EvaluateOptions, Evaluation } from "./evaluate.js";
import { evaluateClassifier } from "./evaluate.js";

/** A trainer that minimises cross-entropy and reports accuracy. */
export function classifierTrainer(model: TensorModule, optimizer: TrainerOptimizer, callbacks: readonly Callback[] = []): Trainer {
  return new Trainer({
    model,
    optimizer,
    callbacks,
    loss: (logits, target) => crossEntropy(logits, target),
    metrics: { accuracy: async (logits, target) => accuracy(await logits.argmax(1).data(), await target.data()) },
  });
}

/** How recipes with `numClasses` classes are judged. */
export const judge =
  (numClasses: number) =>
  (model: TensorModule, test: Dataset<Batch>, options?: EvaluateOptions): Promise<Evaluation> =>
    evaluateClassifier(model, test, numClasses, options);
