import { ValueError, checkOptions } from "@dl/registry";
import { bernoulli, defaultGenerator, elementwise } from "@dl/tensor";
import type { Generator, Tensor } from "@dl/tensor";
import { Layer } from "../module/layer.js";

const masked = /* @__PURE__ */ elementwise("dropout", (x, mask, scale) => x.mul(mask).mul(scale));

export interface DropoutOptions {
  /** Where masks come from; by default the generator that `manualSeed` seeds. Part of a training's state, not of the layer's JSON. */
  readonly generator?: Generator;
}

/**
 * Sets each value to 0 with probability p while training, and multiplies the others by 1/(1 − p), so that evaluation changes
 * nothing. Shapes: any → same. (Srivastava et al., 2014)
 * @throws ValueError unless 0 ≤ p ≤ 1
 */
export class Dropout extends Layer {
  static readonly type = "nn/Dropout";
  /** `null` for the default generator. */
  readonly generator: Generator | null;

  constructor(readonly p = 0.5, options: DropoutOptions = {}) {
    super([p]);
    checkOptions("Dropout", options, ["generator"]);
    if (!(p >= 0 && p <= 1)) throw new ValueError("Dropout", `p is ${p}`, "Give a probability from 0 to 1", { p });
    this.generator = options.generator ?? null;
  }

  forward(x: Tensor): Tensor {
    if (!this.training || this.p === 0) return x;
    if (this.p === 1) return x.mul(0);
    const { dtype, backend } = x;
    const mask = bernoulli(x.shape, 1 - this.p, { dtype, backend, generator: this.generator ?? defaultGenerator() });
    return masked(x, mask, 1 / (1 - this.p));
  }
}
