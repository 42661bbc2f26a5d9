import { StateError } from "@dl/registry";
import { StreamingMetric } from "../common/streaming.js";
import type { Accumulation } from "../common/streaming.js";
import { addMoments, momentsOf, noMoments } from "../common/moments.js";
import type { Moments } from "../common/moments.js";
import { checkValues } from "./errors.js";

interface Fit {
  readonly target: Moments;
  residual: number;
}

const fits: Accumulation<Fit> = {
  empty: () => ({ target: noMoments(1), residual: 0 }),
  add: (into, from) => {
    addMoments(into.target, from.target);
    into.residual += from.residual;
  },
  isEmpty: ({ target }) => target.count === 0,
};

/** R² over any number of batches; see `r2Score`. */
export class R2Score extends StreamingMetric<Fit, number> {
  constructor() {
    super("R2Score", fits);
  }

  /**
   * Counts a batch of values.
   * @throws ShapeError when the two differ in length
   * @throws ValueError for a value that is not finite; nothing is counted
   */
  update(predicted: ArrayLike<number>, target: ArrayLike<number>): this {
    checkValues("R2Score.update", predicted, target);
    let residual = 0;
    for (let i = 0; i < target.length; i++) residual += (predicted[i] - target[i]) ** 2;
    return this.absorb({ target: momentsOf(target, 1), residual });
  }

  protected override resultOf({ target, residual }: Fit): number {
    if (target.count < 2) throw new StateError("R2Score.compute", "one value has no spread to explain", "Count two values at least");
    const spread = target.scatter[0];
    if (spread === 0) return residual === 0 ? 1 : 0;
    return 1 - residual / spread;
  }
}

/**
 * R² = 1 − Σ (prediction − target)² / Σ (target − mean target)²: the share of the spread that is explained; 0 for always the mean, below 0 for
 * worse. Of a constant target, 1 when it is met exactly, else 0.
 * @throws ShapeError when the two differ in length
 * @throws ValueError for a value that is not finite
 * @throws StateError for fewer than two values
 */
export const r2Score = (predicted: ArrayLike<number>, target: ArrayLike<number>): number => new R2Score().update(predicted, target).compute();
