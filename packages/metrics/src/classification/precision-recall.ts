import { checkPositive } from "@dl/registry";
import { RateMetric } from "./rate-metric.js";
import type { RateOptions } from "./rate-metric.js";
import { fallOutRate, fBetaRate, precisionRate, recallRate, specificityRate } from "./rates.js";
import type { Average, Averaged } from "./rates.js";
import { tallyOf } from "./tallies.js";

type Labels = ArrayLike<number>;

/** Precision over any number of batches; see `precision`. */
export class Precision<A extends Average = "binary"> extends RateMetric<A> {
  constructor(options: RateOptions<A> = {}) {
    super("Precision", precisionRate, options);
  }
}

/** Recall over any number of batches; see `recall`. */
export class Recall<A extends Average = "binary"> extends RateMetric<A> {
  constructor(options: RateOptions<A> = {}) {
    super("Recall", recallRate, options);
  }
}

/** Specificity over any number of batches; see `specificity`. */
export class Specificity<A extends Average = "binary"> extends RateMetric<A> {
  constructor(options: RateOptions<A> = {}) {
    super("Specificity", specificityRate, options);
  }
}

/** The false positive rate over any number of batches; see `fpr`. */
export class FalsePositiveRate<A extends Average = "binary"> extends RateMetric<A> {
  constructor(options: RateOptions<A> = {}) {
    super("FalsePositiveRate", fallOutRate, options);
  }
}

export type FBetaOptions<A extends Average = Average> = RateOptions<A> & {
  /** How many times more recall matters than precision, above 0. */
  readonly beta: number;
};

/** The F score over any number of batches; see `fBeta`. */
export class FBeta<A extends Average = "binary"> extends RateMetric<A> {
  /** @throws ValueError also for a beta that is not above 0 */
  constructor(options: FBetaOptions<A>) {
    checkPositive("FBeta", "beta", options.beta);
    super("FBeta", fBetaRate(options.beta), options, ["beta"]);
  }
}

/** The F1 score over any number of batches; see `f1Score`. */
export class F1Score<A extends Average = "binary"> extends RateMetric<A> {
  constructor(options: RateOptions<A> = {}) {
    super("F1Score", fBetaRate(1), options);
  }
}

/**
 * precision = TP / (TP + FP): the share of what was called a class that is one.
 *
 *     precision(predicted, target);                          // of class 1 of two
 *     precision(predicted, target, { average: "none" });     // of each class
 *
 * @throws ShapeError when the two lists differ in length
 * @throws ValueError for labels out of range, "binary" (the default) of more than two classes, or 0/0 with zeroDivision "throw"
 * @throws StateError when the lists are empty
 */
export const precision = <A extends Average = "binary">(predicted: Labels, target: Labels, options: RateOptions<A> = {}): Averaged<A> =>
  tallyOf(Precision<A>, predicted, target, options);

/** recall = TP / (TP + FN): the share of a class that was found. Throws what `precision` throws. */
export const recall = <A extends Average = "binary">(predicted: Labels, target: Labels, options: RateOptions<A> = {}): Averaged<A> =>
  tallyOf(Recall<A>, predicted, target, options);

/**
 * The true positive rate, which is `recall`, also called sensitivity.
 * @alias
 */
export const tpr = recall;

/** specificity = TN / (TN + FP): the share of the rest that was left alone. Throws what `precision` throws. */
export const specificity = <A extends Average = "binary">(predicted: Labels, target: Labels, options: RateOptions<A> = {}): Averaged<A> =>
  tallyOf(Specificity<A>, predicted, target, options);

/** The false positive rate, FP / (FP + TN) = 1 − specificity. Throws what `precision` throws. */
export const fpr = <A extends Average = "binary">(predicted: Labels, target: Labels, options: RateOptions<A> = {}): Averaged<A> =>
  tallyOf(FalsePositiveRate<A>, predicted, target, options);

/** F_β = (1 + β²)·P·R / (β²·P + R) of precision P and recall R (van Rijsbergen 1979). Throws what `precision` throws. */
export const fBeta = <A extends Average = "binary">(predicted: Labels, target: Labels, options: FBetaOptions<A>): Averaged<A> =>
  tallyOf(FBeta<A>, predicted, target, options);

/** F1 = 2 / (1/P + 1/R) = 2·P·R / (P + R), the harmonic mean of precision and recall. Throws what `precision` throws. */
export const f1Score = <A extends Average = "binary">(predicted: Labels, target: Labels, options: RateOptions<A> = {}): Averaged<A> =>
  tallyOf(F1Score<A>, predicted, target, options);
