import { DataLoader } from "@dl/data";
import type { Batch, Dataset } from "@dl/data";
import type { Callback, History, TensorModule, TrainerOptimizer } from "@dl/nn";
import { classifierTrainer } from "../classifier.js";
import { evaluateClassifier } from "../evaluate.js";

export interface TrainingPlan {
  /** At least so many steps, in whole passes over the data. */
  readonly steps: number;
  readonly batchSize: number;
  /** Of the order of the samples. */
  readonly seed: number;
  /** Judged after every pass. */
  readonly validation?: Dataset<Batch>;
  readonly callbacks?: readonly Callback[];
}

/** Trains a classifier for a number of steps, however large the data set is, so that trainings on other data are as long. */
export function trainFor(model: TensorModule, optimizer: TrainerOptimizer, data: Dataset<Batch>, plan: TrainingPlan): PromiseLike<History> {
  const { steps, batchSize, seed, validation, callbacks = [] } = plan;
  const loader = new DataLoader(data, { batchSize, shuffle: true, seed });
  return classifierTrainer(model, optimizer, callbacks).fit(loader, {
    epochs: Math.ceil(steps / loader.length),
    ...(validation && { validation: new DataLoader(validation, { batchSize: validation.length }) }),
  });
}

/** Part of the samples for which the model says the right class. */
export const accuracyOn = async (model: TensorModule, data: Dataset<Batch>, classes = 10): Promise<number> =>
  (await evaluateClassifier(model, data, classes)).metrics.testAccuracy;

/** Elements of all parameters. */
export const parametersOf = (model: TensorModule): number => model.parameters().reduce((sum, { size }) => sum + size, 0);
