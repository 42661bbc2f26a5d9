import { DataLoader, type Batch, type Dataset } from "@dl/data";
import { Accuracy, ConfusionMatrix } from "@dl/metrics";
import { noGrad } from "@dl/autograd";
import { crossEntropy, type TensorModule } from "@dl/nn";

/** How good a model is. */
export interface Evaluation {
  /** Numbers by flat camelCase name, such as `testAccuracy`. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Rows actual, columns predicted, for classifiers. */
  readonly confusion?: ConfusionMatrix;
}

export interface EvaluateOptions {
  /** Names of the classes. Default: their numbers. */
  readonly labels?: readonly string[];
  readonly signal?: AbortSignal;
}

const BATCH_SIZE = 500;

/**
 * Accuracy, mean cross-entropy and confusion matrix of a classifier on a test set. The model is in evaluation mode meanwhile.
 * Shapes: the model maps x [N, …] to logits [N, numClasses], y [N] holds class indices.
 * @throws the signal's reason when aborted
 */
export async function evaluateClassifier(model: TensorModule, test: Dataset<Batch>, numClasses: number, options: EvaluateOptions = {}): Promise<Evaluation> {
  const { labels, signal } = options;
  const accuracy = new Accuracy();
  const confusion = new ConfusionMatrix({ numClasses, ...(labels && { labels }) });
  let loss = 0;
  const wasTraining = model.training;
  model.eval();
  try {
    for await (const { x, y } of new DataLoader(test, { batchSize: BATCH_SIZE })) {
      signal?.throwIfAborted();
      const logits = noGrad(() => model.forward(x));
      const [predicted, target] = await Promise.all([logits.argmax(1).data(), y.data()]);
      accuracy.update(predicted, target);
      confusion.update(predicted, target);
      const [total] = await noGrad(() => crossEntropy(logits, y, { reduction: "sum" })).data();
      loss += total;
    }
  } finally {
    model.train(wasTraining);
  }
  return { metrics: { testAccuracy: accuracy.compute(), testLoss: loss / test.length }, confusion };
}
