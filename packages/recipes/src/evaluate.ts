import { DataLoader, type Batch, type Dataset } from "@dl/data";
import { Accuracy, ConfusionMatrix } from "@dl/metrics";
import { noGrad } from "@dl/autograd";
import { crossEntropy, evaluating, type TensorModule } from "@dl/nn";
import { softmax } from "@dl/tensor";
import type { Predictions } from "./classifier-report.js";
import type { Tokenizers } from "./samples.js";

/** How good a model is. */
export interface Evaluation {
  /** Numbers by flat camelCase name, such as `testAccuracy`. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Rows actual, columns predicted, for classifiers. */
  readonly confusion?: ConfusionMatrix;
  /** What was said about each sample, by classifiers. */
  readonly predictions?: Predictions;
  /** What the model wrote, line by line, where it writes. */
  readonly texts?: readonly string[];
}

export interface EvaluateOptions {
  /** Names of the classes. Default: their numbers. */
  readonly labels?: readonly string[];
  readonly signal?: AbortSignal;
  /** What reads and writes the samples' texts, where there are some. */
  readonly tokenizers?: Tokenizers;
}

const BATCH_SIZE = 500;

/** Probabilities and targets of all batches, one behind the other. */
class Gathered {
  readonly #probabilities: Float32Array;
  readonly #targets: Int32Array;
  #rows = 0;

  constructor(samples: number, private readonly numClasses: number) {
    this.#probabilities = new Float32Array(samples * numClasses);
    this.#targets = new Int32Array(samples);
  }

  add(probabilities: ArrayLike<number>, targets: ArrayLike<number>): void {
    this.#probabilities.set(probabilities, this.#rows * this.numClasses);
    this.#targets.set(targets, this.#rows);
    this.#rows += targets.length;
  }

  get predictions(): Predictions {
    return { probabilities: this.#probabilities, targets: this.#targets };
  }
}

/**
 * Accuracy, mean cross-entropy, confusion matrix and probabilities of a classifier on a test set. The model is in evaluation mode meanwhile.
 * Shapes: the model maps x [N, …] to logits [N, numClasses], y [N] holds class indices.
 * @throws the signal's reason when aborted
 */
export async function evaluateClassifier(model: TensorModule, test: Dataset<Batch>, numClasses: number, options: EvaluateOptions = {}): Promise<Evaluation> {
  const { labels, signal } = options;
  const accuracy = new Accuracy();
  const confusion = new ConfusionMatrix({ numClasses, ...(labels && { labels }) });
  const gathered = new Gathered(test.length, numClasses);
  let loss = 0;
  for await (const { x, y } of new DataLoader(test, { batchSize: BATCH_SIZE })) {
    signal?.throwIfAborted();
    const logits = evaluating(model, () => noGrad(() => model.forward(x)));
    const [predicted, target, probabilities] = await Promise.all([logits.argmax(1).data(), y.data(), softmax(logits, 1).data()]);
    accuracy.update(predicted, target);
    confusion.update(predicted, target);
    gathered.add(probabilities, target);
    const [total] = await noGrad(() => crossEntropy(logits, y, { reduction: "sum" })).data();
    loss += total;
  }
  return { metrics: { testAccuracy: accuracy.compute(), testLoss: loss / test.length }, confusion, predictions: gathered.predictions };
}
