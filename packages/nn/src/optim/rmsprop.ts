import { directionOf, directionVariant, firstVariant, secondVariant } from "./direction.js";
import type { CommonOptions } from "./direction.js";
import { checkNotNegative, checkRange } from "./groups.js";
import type { Optimized } from "./groups.js";
import { Optimizer } from "./optimizer.js";
import { Update, variants } from "./update.js";
import type { Rule } from "./update.js";

export interface RMSpropOptions extends CommonOptions {
  /** Memory of the mean square of the gradient. Default 0.99. */
  alpha: number;
  /** Added to the divisor. Default 1e-8. */
  eps: number;
  /** Part of the last step that is kept. Default 0. */
  momentum: number;
  /** Divide by the standard deviation instead of the root mean square. Default false. */
  centered: boolean;
}

const defaults: RMSpropOptions = { lr: 1e-2, alpha: 0.99, eps: 1e-8, weightDecay: 0, momentum: 0, centered: false, maximize: false };

const remembers = firstVariant;
const centres = secondVariant;

/** Scalars: lr, weight decay, alpha, 1 − alpha, eps, momentum. */
const ruleOf = /* @__PURE__ */ variants((variant): Rule => {
  const [momentum, centered] = [(variant & remembers) !== 0, (variant & centres) !== 0];
  const slots = ["square_avg", ...(momentum ? ["momentum_buffer"] : []), ...(centered ? ["grad_avg"] : [])];
  const update = new Update(2 + slots.length, 6, ([p, grad, square, ...others], [lr, decay, keep, gain, eps, kept]) => {
    const g = directionOf(variant, p, grad, decay);
    const v = square.mul(keep).add(g.square().mul(gain));
    const means = centered ? [others[others.length - 1].mul(keep).add(g.mul(gain))] : [];
    // Rounding can bring a variance of nothing below 0.
    const divisor = means.reduce((rest, mean) => rest.sub(mean.square()).max(0), v).sqrt().add(eps);
    if (!momentum) return [p.sub(g.div(divisor).mul(lr)), v, ...means];
    const velocity = others[0].mul(kept).add(g.div(divisor));
    return [p.sub(velocity.mul(lr)), v, velocity, ...means];
  });
  return { slots, update };
});

/**
 * RMSprop: v ← α·v + (1 − α)·g², w ← w − lr·g/(√v + eps); with momentum u ← momentum·u + g/(√v + eps) and w ← w − lr·u;
 * centred, v − ḡ² stands for v in the root, with ḡ ← α·ḡ + (1 − α)·g. Default lr 1e-2. (Tieleman & Hinton, 2012; centred: Graves, 2013)
 * @throws ValueError for options out of range
 */
export class RMSprop extends Optimizer<RMSpropOptions> {
  constructor(params: Optimized<RMSpropOptions>, options: Partial<RMSpropOptions> = {}) {
    super("RMSprop", params, defaults, options);
  }

  protected check({ lr, alpha, eps, weightDecay, momentum }: RMSpropOptions): void {
    checkNotNegative("RMSprop", { lr, eps, weightDecay, momentum });
    checkRange("RMSprop", "alpha", alpha, 0, 1);
  }

  protected rule(options: RMSpropOptions): Rule {
    return ruleOf(directionVariant(options) | (options.momentum === 0 ? 0 : remembers) | (options.centered ? centres : 0));
  }

  protected scalars({ lr, weightDecay, alpha, eps, momentum }: RMSpropOptions): readonly number[] {
    return [lr, weightDecay, alpha, 1 - alpha, eps, momentum];
  }
}
