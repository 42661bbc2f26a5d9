import { checkOptions, checkWhole, ValueError } from "@dl/registry";
import { checkLabels, checkPairs, checkScores } from "../common/checks.js";
import { StreamingMetric, sums } from "../common/streaming.js";

export interface PrecisionAtKOptions {
  /** How many results are looked at. */
  readonly k: number;
}

/** Precision at k over any number of queries; see `precisionAtK`. */
export class PrecisionAtK extends StreamingMetric<Float64Array, number> {
  readonly k: number;

  /** @throws ValueError for a k that is not whole and above 0 */
  constructor(options: PrecisionAtKOptions) {
    const name = "PrecisionAtK";
    checkOptions(name, options, ["k"]);
    checkWhole(name, "k", options.k, 1);
    super(name, sums(2), options);
    this.k = options.k;
  }

  /**
   * Counts one query: a score of each item, and whether it is relevant, 0 or 1.
   * @throws ShapeError when the two differ in length
   * @throws ValueError for a score that is NaN, a relevance other than 0 and 1, or fewer items than k; nothing is counted
   */
  update(scores: ArrayLike<number>, relevant: ArrayLike<number>): this {
    const where = "PrecisionAtK.update";
    checkPairs(where, scores, relevant);
    checkScores(where, scores);
    checkLabels(where, "relevance", relevant, 2);
    if (scores.length < this.k) throw new ValueError(where, `${scores.length} items, and k is ${this.k}`, "Give at least k items", { items: scores.length, k: this.k });
    const order = Array.from(scores, (_, item) => item).sort((a, b) => (scores[a] === scores[b] ? a - b : scores[b] > scores[a] ? 1 : -1));
    const found = order.slice(0, this.k).filter((item) => relevant[item] === 1).length;
    return this.absorb(Float64Array.of(1, found / this.k));
  }

  protected override resultOf([count, sum]: Float64Array): number {
    return sum / count;
  }
}

/**
 * The share of relevant items among the k with the highest scores; of equal scores the item listed first comes first. `PrecisionAtK` takes
 * the mean over queries.
 * @param relevant 1 for each relevant item, 0 for the others
 * @throws ShapeError when the two differ in length
 * @throws ValueError for a score that is NaN, a relevance other than 0 and 1, or fewer items than k
 */
export const precisionAtK = (scores: ArrayLike<number>, relevant: ArrayLike<number>, options: PrecisionAtKOptions): number =>
  new PrecisionAtK(options).update(scores, relevant).compute();
