import { ValueError } from "@dl/registry";
import type { Tensor } from "@dl/tensor";
import { directionOf, directionVariant } from "./direction.js";
import type { CommonOptions } from "./direction.js";
import { checkBetas, checkNotNegative } from "./groups.js";
import type { Optimized } from "./groups.js";
import { Optimizer } from "./optimizer.js";
import type { OptimizerState } from "./optimizer.js";
import { Update, variants } from "./update.js";
import type { Rule } from "./update.js";

export interface NAdamOptions extends CommonOptions {
  /** Memory of the mean and of the mean square of the gradient. Default [0.9, 0.999]. */
  betas: readonly [number, number];
  /** Added to the divisor. Default 1e-8. */
  eps: number;
  /** How fast the momentum grows to its full size. Default 4e-3. */
  momentumDecay: number;
}

const defaults: NAdamOptions = { lr: 2e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, momentumDecay: 4e-3, maximize: false };

/** Scalars: factors of the gradient and of the mean, the corrected eps, 1 − β₁, β₂, 1 − β₂, λ; corrections stand outside, as in Adam. */
const ruleOf = /* @__PURE__ */ variants((variant): Rule => ({
  slots: ["exp_avg", "exp_avg_sq"],
  update: new Update(4, 7, ([p, grad, mean, square], [now, ahead, eps, gain1, keep2, gain2, decay]) => {
    const g = directionOf(variant, p, grad, decay);
    const m = mean.add(g.sub(mean).mul(gain1));
    const v = square.mul(keep2).add(g.square().mul(gain2));
    return [p.sub(g.mul(now).add(m.mul(ahead)).div(v.sqrt().add(eps))), m, v];
  }),
}));

/** µₜ, the momentum of step t. */
const momentumAt = (step: number, { betas: [beta1], momentumDecay }: NAdamOptions): number => beta1 * (1 - 0.5 * 0.96 ** (step * momentumDecay));

const isProduct = (value: unknown): value is number => typeof value === "number" && value >= 0 && value <= 1;

/**
 * Adam with Nesterov's momentum: m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², v̂ = v/(1 − β₂ᵗ),
 * m̂ = µₜ₊₁·m/(1 − µ₁…µₜ₊₁) + (1 − µₜ)·g/(1 − µ₁…µₜ), w ← w − lr·m̂/(√v̂ + eps), where µₜ = β₁·(1 − ½·0.96^(t·momentumDecay)).
 * Default lr 2e-3. A saved state holds the products µ₁…µₜ beside the positions of a group's parameters. (Dozat, 2016)
 * @throws ValueError for options out of range
 */
export class NAdam extends Optimizer<NAdamOptions> {
  readonly #products = new Map<Tensor, number>();

  constructor(params: Optimized<NAdamOptions>, options: Partial<NAdamOptions> = {}) {
    super("NAdam", params, defaults, options);
  }

  protected check({ lr, betas, eps, weightDecay, momentumDecay }: NAdamOptions): void {
    checkNotNegative("NAdam", { lr, eps, weightDecay, momentumDecay });
    checkBetas("NAdam", betas);
  }

  protected rule(options: NAdamOptions): Rule {
    return ruleOf(directionVariant(options));
  }

  protected scalars(options: NAdamOptions, steps: number, _fresh: boolean, p: Tensor): readonly number[] {
    const { lr, betas: [beta1, beta2], eps, weightDecay } = options;
    const [mu, next] = [momentumAt(steps, options), momentumAt(steps + 1, options)];
    const product = this.#productOf(p) * mu;
    this.#products.set(p, product);
    const correction = Math.sqrt(1 - beta2 ** steps);
    const now = (lr * correction * (1 - mu)) / (1 - product);
    const ahead = (lr * correction * next) / (1 - product * next);
    return [now, ahead, eps * correction, 1 - beta1, beta2, 1 - beta2, weightDecay];
  }

  #productOf(p: Tensor): number {
    return this.#products.get(p) ?? 1;
  }

  override stateDict(): OptimizerState {
    const state = super.stateDict();
    const groups = state.groups.map((group, i) => ({ ...group, muProducts: this.groups[i].params.map((p) => this.#productOf(p)) }));
    return { ...state, groups };
  }

  override loadStateDict(state: OptimizerState): void {
    super.loadStateDict(state);
    const products = productsIn(state);
    this.params.forEach((p, i) => { this.#products.set(p, products[i]); });
  }

  protected override checkState(where: string, state: OptimizerState): void {
    super.checkState(where, state);
    if (productsIn(state).length !== this.params.length) {
      throw new ValueError(where, "the groups do not hold muProducts, one number in [0, 1] for each parameter", "Give a state as stateDict() returns it");
    }
  }
}

const productsIn = (state: OptimizerState): number[] =>
  state.groups.flatMap(({ muProducts }) => (Array.isArray(muProducts) ? muProducts.filter(isProduct) : []));
