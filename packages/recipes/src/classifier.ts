import type { Batch, Dataset } from "@dl/data";
import { accuracy } from "@dl/metrics";
import { crossEntropy, Trainer, type Callback, type TensorModule, type TrainerOptimizer } from "@dl/nn";
import type { EvaluateOptions, Evaluation } from "./evaluate.js";
import { evaluateClassifier } from "./evaluate.js";

/** Hyper-parameters of every classifier's training, with the recipe's own defaults. */
export const trainingOptions = ({ batchSize, lr }: Readonly<Record<"batchSize" | "lr", number>>) =>
  ({
    epochs: { kind: "integer", default: 10, min: 1, max: 1000, description: "passes over the training samples" },
    batchSize: { kind: "integer", default: batchSize, min: 1, max: 100_000, description: "samples per step" },
    lr: { kind: "number", default: lr, min: 0, max: 100, description: "learning rate at the start" },
  }) as const;

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
