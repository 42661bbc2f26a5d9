import { ValueError } from "@dl/registry";
import { checkRange } from "./groups.js";
import type { Optimized } from "./groups.js";
import { Optimizer } from "./optimizer.js";
import { Update, variants } from "./update.js";
import type { Rule } from "./update.js";

export interface SGDOptions {
  /** Length of a step. */
  lr: number;
  /** Part of the last step that is kept. Default 0. */
  momentum: number;
  /** Part of the gradient that momentum leaves out. Default 0. */
  dampening: number;
  /** λ of the penalty λ/2·‖w‖². Default 0. */
  weightDecay: number;
  /** Look ahead along the momentum. Default false. */
  nesterov: boolean;
}

const defaults: SGDOptions = { lr: 1e-3, momentum: 0, dampening: 0, weightDecay: 0, nesterov: false };

const decays = 1;
const remembers = 2;
const looksAhead = 4;

/** Scalars: lr, weight decay, momentum, what of the velocity is kept, and what of the gradient joins it. */
const ruleOf = /* @__PURE__ */ variants((variant): Rule => {
  const momentum = (variant & remembers) !== 0;
  const update = new Update(momentum ? 3 : 2, 5, ([p, grad, velocity], [lr, decay, ahead, keep, gain]) => {
    const g = variant & decays ? grad.add(p.mul(decay)) : grad;
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
 * (Robbins & Monro, 1951; Polyak, 1964; Nesterov, 1983; Sutskever et al., 2013)
 * @throws ValueError for options out of range
 */
export class SGD extends Optimizer<SGDOptions> {
  constructor(params: Optimized<SGDOptions>, options: Partial<SGDOptions> = {}) {
    super("SGD", params, defaults, options);
  }

  protected check({ lr, momentum, dampening, weightDecay, nesterov }: SGDOptions): void {
    checkRange("SGD", "lr", lr);
    checkRange("SGD", "momentum", momentum);
    checkRange("SGD", "dampening", dampening, -Infinity);
    checkRange("SGD", "weightDecay", weightDecay);
    if (nesterov && (momentum === 0 || dampening !== 0)) {
      throw new ValueError("SGD", `nesterov with momentum ${momentum} and dampening ${dampening}`, "It needs a momentum above 0 and no dampening", { momentum, dampening });
    }
  }

  protected rule({ momentum, weightDecay, nesterov }: SGDOptions): Rule {
    return ruleOf((weightDecay === 0 ? 0 : decays) | (momentum === 0 ? 0 : remembers) | (nesterov ? looksAhead : 0));
  }

  protected scalars({ lr, momentum, dampening, weightDecay }: SGDOptions, _steps: number, fresh: boolean): readonly number[] {
    return [lr, weightDecay, momentum, fresh ? 0 : momentum, fresh ? 1 : 1 - dampening];
  }
}
