import { directionOf, directionVariant } from "./direction.js";
import type { CommonOptions } from "./direction.js";
import { checkBetas, checkNotNegative } from "./groups.js";
import type { Optimized } from "./groups.js";
import { Optimizer } from "./optimizer.js";
import { Update, variants } from "./update.js";
import type { Rule } from "./update.js";

export interface AdamaxOptions extends CommonOptions {
  /** Memory of the mean and of the largest magnitude of the gradient. Default [0.9, 0.999]. */
  betas: readonly [number, number];
  /** Added to magnitudes. Default 1e-8. */
  eps: number;
}

const defaults: AdamaxOptions = { lr: 2e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, maximize: false };

/** Scalars: corrected lr, weight decay, eps, 1 − β₁, β₂. */
const ruleOf = /* @__PURE__ */ variants((variant): Rule => ({
  slots: ["exp_avg", "exp_inf"],
  update: new Update(4, 5, ([p, grad, mean, largest], [lr, decay, eps, gain1, keep2]) => {
    const g = directionOf(variant, p, grad, decay);
    const m = mean.add(g.sub(mean).mul(gain1));
    const u = largest.mul(keep2).max(g.abs().add(eps));
    return [p.sub(m.div(u).mul(lr)), m, u];
  }),
}));

/**
 * Adam with the infinity norm: m ← β₁m + (1 − β₁)g, u ← max(β₂u, |g| + eps), w ← w − lr/(1 − β₁ᵗ)·m/u. Default lr 2e-3.
 * (Kingma & Ba, 2015)
 * @throws ValueError for options out of range
 */
export class Adamax extends Optimizer<AdamaxOptions> {
  constructor(params: Optimized<AdamaxOptions>, options: Partial<AdamaxOptions> = {}) {
    super("Adamax", params, defaults, options);
  }

  protected check({ lr, betas, eps, weightDecay }: AdamaxOptions): void {
    checkNotNegative("Adamax", { lr, eps, weightDecay });
    checkBetas("Adamax", betas);
  }

  protected rule(options: AdamaxOptions): Rule {
    return ruleOf(directionVariant(options));
  }

  protected scalars({ lr, betas: [beta1, beta2], eps, weightDecay }: AdamaxOptions, steps: number): readonly number[] {
    return [lr / (1 - beta1 ** steps), weightDecay, eps, 1 - beta1, beta2];
  }
}
