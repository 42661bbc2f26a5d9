import { checkOptions, ValueError } from "@dl/registry";
import { checkLabels, checkPairs, checkScores } from "../common/checks.js";
import { StreamingMetric, sums } from "../common/streaming.js";
import { countsOf, fallOutRate, precisionRate, recallRate, specificityRate } from "./rates.js";
import type { BinaryCounts, Rate } from "./rates.js";
import { talliesIn, tally, tallyLength } from "./tallies.js";
import { checkZeroDivision, ratio } from "./zero-division.js";
import type { ZeroDivision } from "./zero-division.js";

/**
 * True and false positives, true and false negatives of two lists of 0 and 1.
 * @param options.positive the class that counts as positive, 0 or 1; default 1
 * @throws ShapeError when the two differ in length
 * @throws ValueError for a label other than 0 and 1
 */
export function binaryCounts(predicted: ArrayLike<number>, target: ArrayLike<number>, options: { readonly positive?: number } = {}): BinaryCounts {
  const where = "binaryCounts";
  checkOptions(where, options, ["positive"]);
  const { positive = 1 } = options;
  checkLabels(where, "the positive class", [positive], 2);
  checkPairs(where, predicted, target);
  checkLabels(where, "prediction", predicted, 2);
  checkLabels(where, "target", target, 2);
  const state = new Float64Array(tallyLength(2));
  tally(state, predicted, target);
  return countsOf(talliesIn(state), positive);
}

export interface ThresholdedBinaryOptions {
  /** A score from here on is positive. Default 0.5; any number but NaN. */
  readonly threshold?: number;
  /** What a rate is that has nothing to divide by. Default 0. */
  readonly zeroDivision?: ZeroDivision;
}

/** The table at one threshold, and the rates that follow from it. */
export interface ThresholdedCounts extends BinaryCounts {
  readonly tpr: number;
  readonly fpr: number;
  readonly specificity: number;
  readonly precision: number;
  readonly accuracy: number;
}

/**
 * What scores amount to at one threshold, over any number of batches. A score equal to the threshold is positive
 * (score ≥ threshold), so threshold 0.5 on the second of two softmax outputs is their argmax, but for exact ties, where argmax says 0.
 *
 *     new ThresholdedBinary({ threshold: 0.3 }).update(scores, labels).compute().tpr;
 */
export class ThresholdedBinary extends StreamingMetric<Float64Array, ThresholdedCounts> {
  readonly threshold: number;
  readonly #zeroDivision: ZeroDivision;

  /** @throws ValueError for a threshold that is NaN or an unknown zeroDivision */
  constructor(options: ThresholdedBinaryOptions = {}) {
    const name = "ThresholdedBinary";
    checkOptions(name, options, ["threshold", "zeroDivision"]);
    const { threshold = 0.5, zeroDivision = 0 } = options;
    if (Number.isNaN(threshold)) throw new ValueError(name, "threshold is NaN", "Give a number");
    checkZeroDivision(name, zeroDivision);
    super(name, sums(tallyLength(2)), { threshold: String(threshold) });
    this.threshold = threshold;
    this.#zeroDivision = zeroDivision;
  }

  /**
   * Counts a batch: a score for each row, and its label, 0 or 1.
   * @throws ShapeError when the two differ in length
   * @throws ValueError for a score that is NaN or a label other than 0 and 1; nothing is counted
   */
  update(scores: ArrayLike<number>, labels: ArrayLike<number>): this {
    const where = `${this.name}.update`;
    checkPairs(where, scores, labels);
    checkScores(where, scores);
    checkLabels(where, "label", labels, 2);
    const batch = new Float64Array(tallyLength(2));
    tally(batch, Uint8Array.from(scores, (score) => Number(score >= this.threshold)), labels);
    return this.absorb(batch);
  }

  protected override resultOf(state: Float64Array): ThresholdedCounts {
    const counts = countsOf(talliesIn(state), 1);
    const rate = (name: string, of: Rate): number => ratio(`${this.name}.compute`, name, ...of(counts), this.#zeroDivision);
    return {
      ...counts,
      tpr: rate("tpr", recallRate),
      fpr: rate("fpr", fallOutRate),
      specificity: rate("specificity", specificityRate),
      precision: rate("precision", precisionRate),
      accuracy: (counts.tp + counts.tn) / state[0],
    };
  }
}
