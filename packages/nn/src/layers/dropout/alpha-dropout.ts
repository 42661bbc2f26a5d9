import { elementwise } from "@dl/tensor";
import type { Shape, Tensor } from "@dl/tensor";
import { RandomMask } from "./dropout.js";
import type { DropoutOptions } from "./dropout.js";

/** What selu tends to for x → −∞: −1.0507·1.6733. Dropped values become this, not 0. */
const saturated = -1.7580993408473766;

/** scale·(x where kept, saturated where dropped) + shift. */
const alphaMasked = /* @__PURE__ */ elementwise("alphaDropout", (x, mask, scale, shift) => x.mul(mask).add(mask.sub(1).mul(-saturated)).mul(scale).add(shift));

/**
 * Dropout for networks of SELU: dropped values become what selu tends to at −∞, and all are scaled and shifted so that mean 0 and
 * variance 1 stay. Shapes: [..] → same. (Klambauer et al., 2017)
 * @throws ValueError unless 0 ≤ p ≤ 1
 */
export class AlphaDropout extends RandomMask {
  static readonly type = "nn/AlphaDropout";
  constructor(p = 0.5, options: DropoutOptions = {}) { super("AlphaDropout", p, options); }

  protected override drop(x: Tensor, shape: Shape): Tensor {
    return dropAlpha(x, this.mask(x, shape), this.p);
  }
}

/** `AlphaDropout` of whole channels. Shapes: [N, C, ..] → same. */
export class FeatureAlphaDropout extends RandomMask {
  static readonly type = "nn/FeatureAlphaDropout";
  constructor(p = 0.5, options: DropoutOptions = {}) { super("FeatureAlphaDropout", p, options); }

  protected override maskShape(shape: Shape): Shape {
    return shape.map((size, d) => (d < 2 ? size : 1));
  }

  protected override drop(x: Tensor, shape: Shape): Tensor {
    return dropAlpha(x, this.mask(x, shape), this.p);
  }
}

function dropAlpha(x: Tensor, mask: Tensor, p: number): Tensor {
  if (p === 1) return x.mul(0);
  const scale = 1 / Math.sqrt((1 - p) * (1 + p * saturated ** 2));
  return alphaMasked(x, mask, scale, -scale * p * saturated);
}
