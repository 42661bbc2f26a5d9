import { checkClassesPresent, ScoreMetric, sweep } from "./scores.js";
import type { Scored } from "./scores.js";

/** Points of a ROC curve, from (0, 0) to (1, 1). */
export interface RocPoints {
  readonly fpr: readonly number[];
  readonly tpr: readonly number[];
  /** The threshold of each point: a score from there on is positive. The first is Infinity. */
  readonly thresholds: readonly number[];
}

/** The points of two classes; the caller has checked the scores. */
export function rocPoints(where: string, scored: Scored): RocPoints {
  checkClassesPresent(where, scored.labels, [0, 1], "a ROC curve");
  const { thresholds, tp, fp } = sweep(scored);
  const last = thresholds.length - 1;
  return {
    fpr: [0, ...fp.map((count) => count / fp[last])],
    tpr: [0, ...tp.map((count) => count / tp[last])],
    thresholds: [Infinity, ...thresholds],
  };
}

/** The ROC curve over any number of batches; see `rocCurve`. */
export class RocCurve extends ScoreMetric<RocPoints> {
  constructor() {
    super("RocCurve");
  }

  protected override measure(scored: Scored): RocPoints {
    return rocPoints("RocCurve.compute", scored);
  }
}

/**
 * True positive rate over false positive rate as the threshold falls: one point for each distinct score, after (0, 0).
 * Equal scores make one step. Labels are 0 and 1; positive means score ≥ threshold.
 *
 *     rocCurve([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]);   // fpr [0, 0, .5, .5, 1], tpr [0, .5, .5, 1, 1]
 *
 * @throws ShapeError when the two differ in length
 * @throws ValueError for a score that is NaN, a label other than 0 and 1, or labels that are all the same
 * @throws StateError when there are none
 */
export const rocCurve = (scores: ArrayLike<number>, labels: ArrayLike<number>): RocPoints => new RocCurve().update(scores, labels).compute();
