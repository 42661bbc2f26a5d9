import { checkOptions, checkWhole } from "@dl/registry";
import { sums } from "../common/streaming.js";
import { ProbabilityMetric } from "./probabilities.js";
import type { ProbabilityOptions, ProbabilityRows } from "./probabilities.js";

export interface CalibrationOptions extends ProbabilityOptions {
  /** Number of bins of equal width, ( i / bins, (i + 1) / bins ], the first with 0. Default 15. */
  readonly bins?: number;
}

/** What the bins that are not empty hold, by rising confidence. */
export interface CalibrationPoints {
  /** The mean probability that was claimed. */
  readonly confidence: readonly number[];
  /** The share that came true. */
  readonly accuracy: readonly number[];
  readonly counts: readonly number[];
}

/** The claim of a row, and whether it came true: of class 1 of two, else of the most probable class. */
function claimOf({ numClasses, probability, label }: ProbabilityRows, row: number, binary: boolean): readonly [number, boolean] {
  if (binary) return [probability(row, 1), label(row) === 1];
  let best = 0;
  for (let other = 1; other < numClasses; other++) if (probability(row, other) > probability(row, best)) best = other;
  return [probability(row, best), best === label(row)];
}

/** Sums of each bin: count, claimed, come true; before them, the count of all. */
abstract class BinnedMetric<Result> extends ProbabilityMetric<Float64Array, Result> {
  readonly #bins: number;
  readonly #binary: boolean;

  protected constructor(name: string, options: CalibrationOptions) {
    checkOptions(name, options, ["numClasses", "bins"]);
    const { numClasses, bins = 15 } = options;
    checkWhole(name, "bins", bins, 1);
    super(name, sums(1 + 3 * bins), numClasses, { bins });
    this.#bins = bins;
    this.#binary = numClasses === undefined;
  }

  protected override stateOf(rows: ProbabilityRows): Float64Array {
    const state = new Float64Array(1 + 3 * this.#bins);
    state[0] = rows.count;
    for (let row = 0; row < rows.count; row++) {
      const [claim, right] = claimOf(rows, row, this.#binary);
      const at = 1 + 3 * this.#binOf(claim);
      state[at]++;
      state[at + 1] += claim;
      state[at + 2] += Number(right);
    }
    return state;
  }

  /** Rounding of claim · bins must not move a claim off its edge. */
  #binOf(claim: number): number {
    let bin = Math.min(this.#bins - 1, Math.floor(claim * this.#bins));
    while (bin > 0 && claim <= bin / this.#bins) bin--;
    return bin;
  }

  protected pointsOf(state: Float64Array): CalibrationPoints {
    const bins = Array.from({ length: this.#bins }, (_, bin) => state.subarray(1 + 3 * bin, 4 + 3 * bin)).filter(([count]) => count > 0);
    return { confidence: bins.map(([count, claimed]) => claimed / count), accuracy: bins.map(([count, , right]) => right / count), counts: bins.map(([count]) => count) };
  }
}

/** The calibration curve over any number of batches; see `calibrationCurve`. */
export class CalibrationCurve extends BinnedMetric<CalibrationPoints> {
  constructor(options: CalibrationOptions = {}) {
    super("CalibrationCurve", options);
  }

  protected override resultOf(state: Float64Array): CalibrationPoints {
    return this.pointsOf(state);
  }
}

/** The expected calibration error over any number of batches; see `expectedCalibrationError`. */
export class ExpectedCalibrationError extends BinnedMetric<number> {
  constructor(options: CalibrationOptions = {}) {
    super("ExpectedCalibrationError", options);
  }

  protected override resultOf(state: Float64Array): number {
    const { confidence, accuracy, counts } = this.pointsOf(state);
    return counts.reduce((sum, count, bin) => sum + count * Math.abs(accuracy[bin] - confidence[bin]), 0) / state[0];
  }
}

/**
 * How often claims of each confidence come true: a reliability diagram, which `curveSvg` draws. With one probability a row the claim is
 * class 1; with `numClasses`, the most probable class (the first of equal ones).
 * @throws ShapeError when the lengths do not fit
 * @throws ValueError for a probability outside [0, 1], a row that does not add up to 1 (within 1e-4), or a label out of range
 * @throws StateError when there are none
 */
export const calibrationCurve = (probabilities: ArrayLike<number>, labels: ArrayLike<number>, options: CalibrationOptions = {}): CalibrationPoints =>
  new CalibrationCurve(options).update(probabilities, labels).compute();

/** ECE = Σ over bins of count / N · |accuracy − confidence| (Naeini 2015, Guo 2017). Throws what `calibrationCurve` throws. */
export const expectedCalibrationError = (probabilities: ArrayLike<number>, labels: ArrayLike<number>, options: CalibrationOptions = {}): number =>
  new ExpectedCalibrationError(options).update(probabilities, labels).compute();
