import { directionOf, directionVariant } from "./direction.js";
import type { CommonOptions } from "./direction.js";
import { checkNotNegative } from "./groups.js";
import type { Optimized } from "./groups.js";
import { Optimizer } from "./optimizer.js";
import { Update, variants } from "./update.js";
import type { Rule } from "./update.js";

export interface AdagradOptions extends CommonOptions {
  /** How fast lr falls: step t uses lr/(1 + (t − 1)·lrDecay). Default 0. */
  lrDecay: number;
  /** Where the sum of squares starts. Default 0. */
  initialAccumulatorValue: number;
  /** Added to the divisor. Default 1e-10. */
  eps: number;
}

const defaults: AdagradOptions = { lr: 1e-2, lrDecay: 0, weightDecay: 0, initialAccumulatorValue: 0, eps: 1e-10, maximize: false };

/** Scalars: lr of this step, weight decay, eps, and what the sum starts with. */
const ruleOf = /* @__PURE__ */ variants((variant): Rule => ({
  slots: ["sum"],
  update: new Update(3, 4, ([p, grad, sum], [lr, decay, eps, first]) => {
    const g = directionOf(variant, p, grad, decay);
    const total = sum.add(first).add(g.square());
    return [p.sub(g.div(total.sqrt().add(eps)).mul(lr)), total];
  }),
}));

/**
 * Adagrad: s ← s + g², w ← w − lrₜ·g/(√s + eps) with lrₜ = lr/(1 + (t − 1)·lrDecay). Default lr 1e-2. (Duchi et al., 2011)
 * @throws ValueError for options out of range
 */
export class Adagrad extends Optimizer<AdagradOptions> {
  constructor(params: Optimized<AdagradOptions>, options: Partial<AdagradOptions> = {}) {
    super("Adagrad", params, defaults, options);
  }

  protected check({ lr, lrDecay, weightDecay, initialAccumulatorValue, eps }: AdagradOptions): void {
    checkNotNegative("Adagrad", { lr, lrDecay, weightDecay, initialAccumulatorValue, eps });
  }

  protected rule(options: AdagradOptions): Rule {
    return ruleOf(directionVariant(options));
  }

  protected scalars({ lr, lrDecay, weightDecay, initialAccumulatorValue, eps }: AdagradOptions, steps: number, fresh: boolean): readonly number[] {
    return [lr / (1 + (steps - 1) * lrDecay), weightDecay, eps, fresh ? initialAccumulatorValue : 0];
  }
}
