import { checkOptions } from "@dl/registry";
import type { Dataset } from "../dataset.js";
import { randomSplit } from "./random-split.js";
import { checkFractions } from "./sizes.js";
import { stratifiedSplit } from "./stratified-split.js";

export interface TrainValTestOptions {
  /** Fraction of the samples. Default 0.1. */
  readonly validation?: number;
  /** Fraction of the samples. Default 0.1. */
  readonly test?: number;
  /** The class of each sample, to give each part its share of every class. */
  readonly labels?: ArrayLike<number | string>;
  /** Default 0. */
  readonly seed?: number;
}

/**
 * Divides a data set at random into what is left for training, a validation set to choose by, and a test set to be touched once.
 *
 *     const { train, validation, test } = trainValTestSplit(data, { validation: 0.1, test: 0.2, seed: 1 });
 *
 * @throws ValueError for fractions below 0 or with a sum above 1; with `labels` what `stratifiedSplit` throws
 */
export function trainValTestSplit<D extends Dataset<unknown>>(
  dataset: D,
  options: TrainValTestOptions = {},
): Readonly<Record<"train" | "validation" | "test", ReturnType<D["subset"]>>> {
  checkOptions("trainValTestSplit", options, ["validation", "test", "labels", "seed"]);
  const { validation = 0.1, test = 0.1, labels, seed = 0 } = options;
  const fractions = [Math.max(0, 1 - validation - test), validation, test];
  checkFractions("trainValTestSplit", fractions);
  const [training, validating, testing] = labels === undefined ? randomSplit(dataset, fractions, { seed }) : stratifiedSplit(dataset, labels, fractions, { seed });
  return { train: training, validation: validating, test: testing };
}
