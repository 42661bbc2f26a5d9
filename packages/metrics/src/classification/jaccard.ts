import { RateMetric } from "./rate-metric.js";
import type { RateOptions } from "./rate-metric.js";
import { jaccardRate } from "./rates.js";
import type { Average, Averaged } from "./rates.js";
import { tallyOf } from "./tallies.js";

/** The Jaccard index over any number of batches; see `jaccardIndex`. */
export class JaccardIndex<A extends Average = "binary"> extends RateMetric<A> {
  constructor(options: RateOptions<A> = {}) {
    super("JaccardIndex", jaccardRate, options);
  }
}

/** J = TP / (TP + FP + FN): intersection over union of what was called a class and what is one. Throws what `precision` throws. */
export const jaccardIndex = <A extends Average = "binary">(predicted: ArrayLike<number>, target: ArrayLike<number>, options: RateOptions<A> = {}): Averaged<A> =>
  tallyOf(JaccardIndex<A>, predicted, target, options);
