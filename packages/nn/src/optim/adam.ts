import { directionOf, directionVariant, firstVariant, secondVariant } from "./direction.js";
import type { CommonOptions } from "./direction.js";
import { checkBetas, checkNotNegative } from "./groups.js";
import type { Optimized } from "./groups.js";
import { Optimizer } from "./optimizer.js";
import { Update, variants } from "./update.js";
import type { Rule } from "./update.js";

export interface AdamOptions extends CommonOptions {
  /** Memory of the mean and of the mean square of the gradient. Default [0.9, 0.999]. */
  betas: readonly [number, number];
  /** Added to the divisor. Default 1e-8. */
  eps: number;
  /** Adam: λ of the penalty λ/2·‖w‖², default 0. AdamW: part of w taken off per unit of lr, default 0.01. */
  weightDecay: number;
  /** Divide by the largest mean square so far, so that steps never grow again. Default false. (Reddi et al., 2018) */
  amsgrad: boolean;
}

const defaults: AdamOptions = { lr: 1e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, amsgrad: false, maximize: false };

const decoupled = firstVariant;
const keepsLargest = secondVariant;

/**
 * m̂/(√v̂ + eps) with both corrections drawn out of the fraction: c·m/(√v + eps·√(1 − β₂ᵗ)), so that they cost nothing per element.
 * Scalars: lr·c with c = √(1 − β₂ᵗ)/(1 − β₁ᵗ), the corrected eps, 1 − β₁, β₂, 1 − β₂, and the decay: λ, or what decoupling leaves of w.
 */
const ruleOf = /* @__PURE__ */ variants((variant): Rule => {
  const amsgrad = (variant & keepsLargest) !== 0;
  const update = new Update(amsgrad ? 5 : 4, 6, ([p, grad, mean, square, largest], [stepSize, eps, gain1, keep2, gain2, decay]) => {
    const g = directionOf(variant, p, grad, decay);
    const w = variant & decoupled ? p.mul(decay) : p;
    const m = mean.add(g.sub(mean).mul(gain1));
    const v = square.mul(keep2).add(g.square().mul(gain2));
    const most = amsgrad ? largest.max(v) : v;
    const next = w.sub(m.div(most.sqrt().add(eps)).mul(stepSize));
    return amsgrad ? [next, m, v, most] : [next, m, v];
  });
  return { slots: ["exp_avg", "exp_avg_sq", ...(amsgrad ? ["max_exp_avg_sq"] : [])], update };
});

abstract class AdamBase extends Optimizer<AdamOptions> {
  protected check({ lr, betas, eps, weightDecay }: AdamOptions): void {
    checkNotNegative(this.name, { lr, eps, weightDecay });
    checkBetas(this.name, betas);
  }

  protected abstract variant(options: AdamOptions): number;

  protected abstract decay(options: AdamOptions): number;

  protected rule(options: AdamOptions): Rule {
    return ruleOf(this.variant(options) | (options.amsgrad ? keepsLargest : 0));
  }

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

  protected variant(options: AdamOptions): number {
    return directionVariant(options);
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

  protected variant({ weightDecay, maximize }: AdamOptions): number {
    return directionVariant({ weightDecay: 0, maximize }) | (weightDecay === 0 ? 0 : decoupled);
  }

  protected decay({ lr, weightDecay }: AdamOptions): number {
    return 1 - lr * weightDecay;
  }
}
