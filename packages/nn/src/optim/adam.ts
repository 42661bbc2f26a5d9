import { checkRange } from "./groups.js";
import type { Optimized } from "./groups.js";
import { Optimizer } from "./optimizer.js";
import { Update, variants } from "./update.js";
import type { Rule } from "./update.js";

export interface AdamOptions {
  /** Length of a step. Default 1e-3. */
  lr: number;
  /** Memory of the mean and of the mean square of the gradient. Default [0.9, 0.999]. */
  betas: readonly [number, number];
  /** Added to the divisor. Default 1e-8. */
  eps: number;
  /** Adam: λ of the penalty λ/2·‖w‖², default 0. AdamW: part of w taken off per unit of lr, default 0.01. */
  weightDecay: number;
}

const defaults: AdamOptions = { lr: 1e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0 };

const penalty = 1;
const decoupled = 2;

/**
 * m̂/(√v̂ + eps) with both corrections drawn out of the fraction: c·m/(√v + eps·√(1 − β₂ᵗ)), so that they cost nothing per element.
 * Scalars: lr·c with c = √(1 − β₂ᵗ)/(1 − β₁ᵗ), the corrected eps, 1 − β₁, β₂, 1 − β₂, and the decay: λ, or what decoupling leaves of w.
 */
const ruleOf = /* @__PURE__ */ variants((variant): Rule => ({
  slots: ["exp_avg", "exp_avg_sq"],
  update: new Update(4, 6, ([p, grad, mean, square], [stepSize, eps, gain1, keep2, gain2, decay]) => {
    const g = variant === penalty ? grad.add(p.mul(decay)) : grad;
    const w = variant === decoupled ? p.mul(decay) : p;
    const m = mean.add(g.sub(mean).mul(gain1));
    const v = square.mul(keep2).add(g.square().mul(gain2));
    return [w.sub(m.div(v.sqrt().add(eps)).mul(stepSize)), m, v];
  }),
}));

abstract class AdamBase extends Optimizer<AdamOptions> {
  protected check({ lr, betas, eps, weightDecay }: AdamOptions): void {
    checkRange(this.name, "lr", lr);
    checkRange(this.name, "betas[0]", betas[0], 0, 1);
    checkRange(this.name, "betas[1]", betas[1], 0, 1);
    checkRange(this.name, "eps", eps);
    checkRange(this.name, "weightDecay", weightDecay);
  }

  protected abstract decay(options: AdamOptions): number;

  protected scalars(options: AdamOptions, steps: number): readonly number[] {
    const { lr, betas: [beta1, beta2], eps } = options;
    const correction = Math.sqrt(1 - beta2 ** steps);
    return [(lr * correction) / (1 - beta1 ** steps), eps * correction, 1 - beta1, beta2, 1 - beta2, this.decay(options)];
  }
}

/**
 * Adam: m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², w ← w − lr·m̂/(√v̂ + eps) with m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ).
 * (Kingma & Ba, 2015)
 * @throws ValueError for options out of range
 */
export class Adam extends AdamBase {
  constructor(params: Optimized<AdamOptions>, options: Partial<AdamOptions> = {}) {
    super("Adam", params, defaults, options);
  }

  protected rule({ weightDecay }: AdamOptions): Rule {
    return ruleOf(weightDecay === 0 ? 0 : penalty);
  }

  protected decay({ weightDecay }: AdamOptions): number {
    return weightDecay;
  }
}

/**
 * Adam with decoupled weight decay: w ← (1 − lr·weightDecay)·w before each step. (Loshchilov & Hutter, 2019)
 * @throws ValueError for options out of range
 */
export class AdamW extends AdamBase {
  constructor(params: Optimized<AdamOptions>, options: Partial<AdamOptions> = {}) {
    super("AdamW", params, { ...defaults, weightDecay: 0.01 }, options);
  }

  protected rule({ weightDecay }: AdamOptions): Rule {
    return ruleOf(weightDecay === 0 ? 0 : decoupled);
  }

  protected decay({ lr, weightDecay }: AdamOptions): number {
    return 1 - lr * weightDecay;
  }
}
