import { directionOf, directionVariant } from "./direction.js";
import type { CommonOptions } from "./direction.js";
import { checkNotNegative, checkRange } from "./groups.js";
import type { Optimized } from "./groups.js";
import { Optimizer } from "./optimizer.js";
import { Update, variants } from "./update.js";
import type { Rule } from "./update.js";

export interface AdadeltaOptions extends CommonOptions {
  /** Memory of the mean squares of gradients and steps, in [0, 1). Default 0.9. */
  rho: number;
  /** Added inside of both roots. Default 1e-6. */
  eps: number;
}

const defaults: AdadeltaOptions = { lr: 1, rho: 0.9, eps: 1e-6, weightDecay: 0, maximize: false };

/** Scalars: lr, weight decay, rho, 1 − rho, eps. */
const ruleOf = /* @__PURE__ */ variants((variant): Rule => ({
  slots: ["square_avg", "acc_delta"],
  update: new Update(4, 5, ([p, grad, square, steps], [lr, decay, keep, gain, eps]) => {
    const g = directionOf(variant, p, grad, decay);
    const v = square.mul(keep).add(g.square().mul(gain));
    const delta = steps.add(eps).sqrt().div(v.add(eps).sqrt()).mul(g);
    return [p.sub(delta.mul(lr)), v, steps.mul(keep).add(delta.square().mul(gain))];
  }),
}));

/**
 * Adadelta, whose steps have the unit of w: v ← ρv + (1 − ρ)g², Δ = √(u + eps)/√(v + eps)·g, u ← ρu + (1 − ρ)Δ², w ← w − lr·Δ.
 * Default lr 1. (Zeiler, 2012)
 * @throws ValueError for options out of range
 */
export class Adadelta extends Optimizer<AdadeltaOptions> {
  constructor(params: Optimized<AdadeltaOptions>, options: Partial<AdadeltaOptions> = {}) {
    super("Adadelta", params, defaults, options);
  }

  protected check({ lr, rho, eps, weightDecay }: AdadeltaOptions): void {
    checkNotNegative("Adadelta", { lr, eps, weightDecay });
    checkRange("Adadelta", "rho", rho, 0, 1);
  }

  protected rule(options: AdadeltaOptions): Rule {
    return ruleOf(directionVariant(options));
  }

  protected scalars({ lr, rho, eps, weightDecay }: AdadeltaOptions): readonly number[] {
    return [lr, weightDecay, rho, 1 - rho, eps];
  }
}
