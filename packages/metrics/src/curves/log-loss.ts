import { checkOptions } from "@dl/registry";
import { sums } from "../common/streaming.js";
import { ProbabilityMetric } from "./probabilities.js";
import type { ProbabilityOptions, ProbabilityRows } from "./probabilities.js";

/** A mean over rows. */
abstract class MeanOverRows extends ProbabilityMetric<Float64Array, number> {
  protected constructor(name: string, options: ProbabilityOptions) {
    checkOptions(name, options, ["numClasses"]);
    super(name, sums(2), options.numClasses);
  }

  protected abstract lossOf(rows: ProbabilityRows, row: number): number;

  protected override stateOf(rows: ProbabilityRows): Float64Array {
    let sum = 0;
    for (let row = 0; row < rows.count; row++) sum += this.lossOf(rows, row);
    return Float64Array.of(rows.count, sum);
  }

  protected override resultOf([count, sum]: Float64Array): number {
    return sum / count;
  }
}

/** Log loss over any number of batches; see `logLoss`. */
export class LogLoss extends MeanOverRows {
  constructor(options: ProbabilityOptions = {}) {
    super("LogLoss", options);
  }

  protected override lossOf({ probability, label }: ProbabilityRows, row: number): number {
    return -Math.log(Math.max(probability(row, label(row)), Number.EPSILON));
  }
}

/** The Brier score over any number of batches; see `brierScore`. */
export class BrierScore extends MeanOverRows {
  readonly #binary: boolean;

  constructor(options: ProbabilityOptions = {}) {
    super("BrierScore", options);
    this.#binary = options.numClasses === undefined;
  }

  protected override lossOf({ numClasses, probability, label }: ProbabilityRows, row: number): number {
    if (this.#binary) return (probability(row, 1) - label(row)) ** 2;
    let sum = 0;
    for (let other = 0; other < numClasses; other++) sum += (probability(row, other) - Number(other === label(row))) ** 2;
    return sum;
  }
}

/**
 * −mean ln p(label), the cross-entropy in nats. Probabilities below 2.2e-16 count as 2.2e-16, so that one certain mistake is not infinite.
 * @throws ShapeError when the lengths do not fit
 * @throws ValueError for a probability outside [0, 1], a row that does not add up to 1 (within 1e-4), or a label out of range
 * @throws StateError when there are none
 */
export const logLoss = (probabilities: ArrayLike<number>, labels: ArrayLike<number>, options: ProbabilityOptions = {}): number =>
  new LogLoss(options).update(probabilities, labels).compute();

/**
 * mean (p − y)² of two classes; with `numClasses`, the mean over rows of Σ over classes of (p − y)² (Brier 1950), from 0 to 2.
 * Throws what `logLoss` throws.
 */
export const brierScore = (probabilities: ArrayLike<number>, labels: ArrayLike<number>, options: ProbabilityOptions = {}): number =>
  new BrierScore(options).update(probabilities, labels).compute();
