import { ValueError } from "@dl/registry";
import { directionOf, directionVariant, firstVariant, secondVariant } from "./direction.js";
import type { CommonOptions } from "./direction.js";
import { checkNotNegative, checkRange } from "./groups.js";
import type { Optimized } from "./groups.js";
import { Optimizer } from "./optimizer.js";
import { Update, variants } from "./update.js";
import type { Rule } from "./update.js";

export interface SGDOptions extends CommonOptions {
  /** Part of the last step that is kept. Default 0. */
  momentum: number;
  /** Part of the gradient that momentum leaves out; `dampening: momentum` makes the velocity a mean of gradients. Default 0. */
  dampening: number;
  /** Look ahead along the momentum. Default false. */
  nesterov: boolean;
}

const defaults: SGDOptions = { lr: 1e-3, momentum: 0, dampening: 0, weightDecay: 0, nesterov: false, maximize: false };

const remembers = firstVariant;
const looksAhead = secondVariant;

/** Scalars: lr, weight decay, momentum, what of the velocity is kept, and what of the gradient joins it. */
const ruleOf = /* @__PURE__ */ variants((variant): Rule => {
  const momentum = (variant & remembers) !== 0;
  const update = new Update(momentum ? 3 : 2, 5, ([p, grad, velocity], [lr, decay, ahead, keep, gain]) => {
    const g = directionOf(variant, p, grad, decay);
    if (!momentum) return [p.sub(g.mul(lr))];
    const v = velocity.mul(keep).add(g.mul(gain));
    const direction = variant & looksAhead ? g.add(v.mul(ahead)) : v;
    return [p.sub(direction.mul(lr)), v];
  });
  return { slots: momentum ? ["momentum_buffer"] : [], update };
});

/**
 * Stochastic gradient descent: w ← w − lr·g; with momentum v ← momentum·v + (1 − dampening)·g and w ← w − lr·v, with Nesterov's
 * w ← w − lr·(g + momentum·v). The first velocity is g itself, as PyTorch's. Default lr 1e-3.
 *
 * Textbooks also write the damped form v ← β·v + (1 − β)·g: it is `{ momentum: β, dampening: β }`.
 * (Robbins & Monro, 1951; Polyak, 1964; Nesterov, 1983; Sutskever et al., 2013)
 * @throws ValueError for options out of range
 */
export class SGD extends Optimizer<SGDOptions> {
  constructor(params: Optimized<SGDOptions>, options: Partial<SGDOptions> = {}) {
    super("SGD", params, defaults, options);
  }

  protected check({ lr, momentum, dampening, weightDecay, nesterov }: SGDOptions): void {
    checkNotNegative("SGD", { lr, momentum, weightDecay });
    checkRange("SGD", "dampening", dampening, -Infinity);
    if (nesterov && (momentum === 0 || dampening !== 0)) {
      throw new ValueError("SGD", `nesterov with momentum ${momentum} and dampening ${dampening}`, "It needs a momentum above 0 and no dampening", { momentum, dampening });
    }
  }

  protected rule(options: SGDOptions): Rule {
    return ruleOf(directionVariant(options) | (options.momentum === 0 ? 0 : remembers) | (options.nesterov ? looksAhead : 0));
  }

  protected scalars({ lr, momentum, dampening, weightDecay }: SGDOptions, _steps: number, fresh: boolean): readonly number[] {
    return [lr, weightDecay, momentum, fresh ? 0 : momentum, fresh ? 1 : 1 - dampening];
  }
}
