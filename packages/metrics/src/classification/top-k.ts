import { checkOptions, checkWhole, ValueError } from "@dl/registry";
import { checkLabels, checkPairs, checkScores, rowCount } from "../common/checks.js";
import { StreamingMetric, sums } from "../common/streaming.js";

export interface TopKAccuracyOptions {
  /** Number of classes: the length of a row of scores. */
  readonly numClasses: number;
  /** How many guesses a row has. Default 5. */
  readonly k?: number;
}

/** How many classes come before `label`: those with a higher score, and of equal ones those listed earlier. */
function rankIn(scores: ArrayLike<number>, start: number, numClasses: number, label: number): number {
  const own = scores[start + label];
  let rank = 0;
  for (let other = 0; other < numClasses; other++) {
    const score = scores[start + other];
    if (score > own || (score === own && other < label)) rank++;
  }
  return rank;
}

/** Top-k accuracy over any number of batches; see `topKAccuracy`. */
export class TopKAccuracy extends StreamingMetric<Float64Array, number> {
  readonly numClasses: number;
  readonly k: number;

  /** @throws ValueError when k is not in [1, numClasses] */
  constructor(options: TopKAccuracyOptions) {
    const name = "TopKAccuracy";
    checkOptions(name, options, ["numClasses", "k"]);
    const { numClasses, k = 5 } = options;
    checkWhole(name, "numClasses", numClasses, 1);
    checkWhole(name, "k", k, 1);
    if (k > numClasses) throw new ValueError(name, `k is ${k} of ${numClasses} classes`, "Give fewer guesses than there are classes", { k, numClasses });
    super(name, sums(2), { numClasses, k });
    this.numClasses = numClasses;
    this.k = k;
  }

  /**
   * Counts a batch: scores [N, numClasses] row by row, and N class indices.
   * @throws ShapeError when the lengths do not fit
   * @throws ValueError for a score that is NaN or a label out of range; nothing is counted
   */
  update(scores: ArrayLike<number>, target: ArrayLike<number>): this {
    const where = "TopKAccuracy.update";
    checkPairs(where, { length: rowCount(where, "scores", scores, this.numClasses) }, target);
    checkScores(where, scores);
    checkLabels(where, "target", target, this.numClasses);
    let right = 0;
    for (let row = 0; row < target.length; row++) right += Number(rankIn(scores, row * this.numClasses, this.numClasses, target[row]) < this.k);
    return this.absorb(Float64Array.of(target.length, right));
  }

  protected override resultOf([count, right]: Float64Array): number {
    return right / count;
  }
}

/**
 * The share of rows whose class is among the k with the highest scores. Of equal scores the class listed first comes first, as in argmax.
 * Scores are [N, numClasses], row by row; k is 5 unless given. Throws what `TopKAccuracy` throws, and StateError when there are no rows.
 */
export const topKAccuracy = (scores: ArrayLike<number>, target: ArrayLike<number>, options: TopKAccuracyOptions): number =>
  new TopKAccuracy(options).update(scores, target).compute();
