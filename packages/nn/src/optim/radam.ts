import { selectExpr } from "@dl/tensor";
import { directionOf, directionVariant } from "./direction.js";
import type { CommonOptions } from "./direction.js";
import { checkBetas, checkNotNegative } from "./groups.js";
import type { Optimized } from "./groups.js";
import { Optimizer } from "./optimizer.js";
import { Update, variants } from "./update.js";
import type { Rule } from "./update.js";

export interface RAdamOptions extends CommonOptions {
  /** Memory of the mean and of the mean square of the gradient. Default [0.9, 0.999]. */
  betas: readonly [number, number];
  /** Added to the divisor. Default 1e-8. */
  eps: number;
}

const defaults: RAdamOptions = { lr: 1e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, maximize: false };

/** Scalars: length of the step with all corrections, whether it is divided, eps, 1 − β₁, β₂, 1 − β₂, λ. */
const ruleOf = /* @__PURE__ */ variants((variant): Rule => ({
  slots: ["exp_avg", "exp_avg_sq"],
  update: new Update(4, 7, ([p, grad, mean, square], [stepSize, adaptive, eps, gain1, keep2, gain2, decay]) => {
    const g = directionOf(variant, p, grad, decay);
    const m = mean.add(g.sub(mean).mul(gain1));
    const v = square.mul(keep2).add(g.square().mul(gain2));
    return [p.sub(m.div(selectExpr(adaptive.gt(0), v.sqrt().add(eps), 1)).mul(stepSize)), m, v];
  }),
}));

/** By how much the variance of 1/√v̂ after `steps` steps makes a step shorter; `null` while the variance does not exist. */
function rectification(beta2: number, steps: number): number | null {
  const most = 2 / (1 - beta2) - 1;
  const now = most - (2 * steps * beta2 ** steps) / (1 - beta2 ** steps);
  return now > 5 ? Math.sqrt(((now - 4) * (now - 2) * most) / ((most - 4) * (most - 2) * now)) : null;
}

/**
 * Rectified Adam, which warms up by itself: w ← w − lr·r·m̂·√(1 − β₂ᵗ)/(√v + eps) with Adam's m̂ and v, where
 * r = √((ρ − 4)(ρ − 2)ρ∞/((ρ∞ − 4)(ρ∞ − 2)ρ)), ρ = ρ∞ − 2tβ₂ᵗ/(1 − β₂ᵗ) and ρ∞ = 2/(1 − β₂) − 1; while ρ ≤ 5, w ← w − lr·m̂.
 * (Liu et al., 2020)
 * @throws ValueError for options out of range
 */
export class RAdam extends Optimizer<RAdamOptions> {
  constructor(params: Optimized<RAdamOptions>, options: Partial<RAdamOptions> = {}) {
    super("RAdam", params, defaults, options);
  }

  protected check({ lr, betas, eps, weightDecay }: RAdamOptions): void {
    checkNotNegative("RAdam", { lr, eps, weightDecay });
    checkBetas("RAdam", betas);
  }

  protected rule(options: RAdamOptions): Rule {
    return ruleOf(directionVariant(options));
  }

  protected scalars({ lr, betas: [beta1, beta2], eps, weightDecay }: RAdamOptions, steps: number): readonly number[] {
    const rectified = rectification(beta2, steps);
    const length = rectified === null ? lr : lr * rectified * Math.sqrt(1 - beta2 ** steps);
    return [length / (1 - beta1 ** steps), rectified === null ? 0 : 1, eps, 1 - beta1, beta2, 1 - beta2, weightDecay];
  }
}
