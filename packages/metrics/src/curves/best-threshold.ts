import { ValueError } from "@dl/registry";
import { ScoreMetric, sweep } from "./scores.js";
import type { Scored } from "./scores.js";

export interface Costs {
  /** What one false positive costs, 0 or more. Default 1. */
  readonly costFP?: number;
  /** What one false negative costs, 0 or more. Default 1. */
  readonly costFN?: number;
}

export interface BestThresholdResult {
  /** A score from here on is positive. Infinity when it is cheapest to call nothing positive. */
  readonly threshold: number;
  /** costFP·FP + costFN·FN. */
  readonly cost: number;
  readonly fp: number;
  readonly fn: number;
}

/** The cheapest threshold over any number of batches; see `bestThreshold`. */
export class BestThreshold extends ScoreMetric<BestThresholdResult> {
  readonly #costFP: number;
  readonly #costFN: number;

  /** @throws ValueError for a cost that is negative or not finite */
  constructor(options: Costs = {}) {
    super("BestThreshold", options, ["costFP", "costFN"]);
    const { costFP = 1, costFN = 1 } = options;
    for (const [name, cost] of Object.entries({ costFP, costFN })) {
      if (!(cost >= 0 && Number.isFinite(cost))) throw new ValueError(this.name, `${name} is ${cost}`, "Give a finite number from 0");
    }
    this.#costFP = costFP;
    this.#costFN = costFN;
  }

  protected override measure(scored: Scored): BestThresholdResult {
    const { thresholds, tp, fp } = sweep(scored);
    const positives = tp[tp.length - 1];
    const at = (threshold: number, wrong: number, found: number): BestThresholdResult => {
      const missed = positives - found;
      return { threshold, cost: this.#costFP * wrong + this.#costFN * missed, fp: wrong, fn: missed };
    };
    return thresholds.map((threshold, i) => at(threshold, fp[i], tp[i])).reduce((best, next) => (next.cost < best.cost ? next : best), at(Infinity, 0, 0));
  }
}

/**
 * The threshold with the least cost costFP·FP + costFN·FN among all distinct scores and Infinity (nothing is positive); of equal costs,
 * the highest threshold. Labels are 0 and 1; positive means score ≥ threshold.
 * @throws ShapeError when the two differ in length
 * @throws ValueError for a score that is NaN, a label other than 0 and 1, or a negative cost
 * @throws StateError when there are none
 */
export const bestThreshold = (scores: ArrayLike<number>, labels: ArrayLike<number>, costs: Costs = {}): BestThresholdResult =>
  new BestThreshold(costs).update(scores, labels).compute();
