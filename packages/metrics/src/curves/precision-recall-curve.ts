import { checkClassesPresent, ScoreMetric, sweep } from "./scores.js";
import type { Scored } from "./scores.js";

/** Points of a precision-recall curve: recall falls as the threshold rises, and the last point is (recall 0, precision 1). */
export interface PrPoints {
  readonly precision: readonly number[];
  readonly recall: readonly number[];
  /** Thresholds of all points but the last, rising. */
  readonly thresholds: readonly number[];
}

function prPoints(where: string, scored: Scored): PrPoints {
  checkClassesPresent(where, scored.labels, [1], "precision over recall");
  const { thresholds, tp, fp } = sweep(scored);
  const positives = tp[tp.length - 1];
  return {
    precision: [...tp.map((count, i) => count / (count + fp[i])).reverse(), 1],
    recall: [...tp.map((count) => count / positives).reverse(), 0],
    thresholds: [...thresholds].reverse(),
  };
}

/** The precision-recall curve over any number of batches; see `prCurve`. */
export class PrCurve extends ScoreMetric<PrPoints> {
  constructor() {
    super("PrCurve");
  }

  protected override measure(scored: Scored): PrPoints {
    return prPoints("PrCurve.compute", scored);
  }
}

/** Average precision over any number of batches; see `averagePrecision`. */
export class AveragePrecision extends ScoreMetric<number> {
  constructor() {
    super("AveragePrecision");
  }

  protected override measure(scored: Scored): number {
    const { precision, recall } = prPoints("AveragePrecision.compute", scored);
    return precision.slice(0, -1).reduce((sum, value, i) => sum + (recall[i] - recall[i + 1]) * value, 0);
  }
}

/**
 * Precision and recall at every distinct score as threshold. Labels are 0 and 1; positive means score ≥ threshold.
 * @throws ShapeError when the two differ in length
 * @throws ValueError for a score that is NaN, a label other than 0 and 1, or no label 1
 * @throws StateError when there are none
 */
export const prCurve = (scores: ArrayLike<number>, labels: ArrayLike<number>): PrPoints => new PrCurve().update(scores, labels).compute();

/** AP = Σ (Rₙ − Rₙ₋₁)·Pₙ over the thresholds: the area below the curve in steps, not trapezoids. Throws what `prCurve` throws. */
export const averagePrecision = (scores: ArrayLike<number>, labels: ArrayLike<number>): number => new AveragePrecision().update(scores, labels).compute();
