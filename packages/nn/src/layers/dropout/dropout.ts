import { ShapeError, ValueError, checkOptions } from "@dl/registry";
import { bernoulli, defaultGenerator, elementwise, showShape } from "@dl/tensor";
import type { Generator, Shape, Tensor } from "@dl/tensor";
import { Layer } from "../../module/layer.js";

const masked = /* @__PURE__ */ elementwise("dropout", (x, mask, scale) => x.mul(mask).mul(scale));

export interface DropoutOptions {
  /** Where masks come from; by default the generator that `manualSeed` seeds. Part of a training's state, not of the layer's JSON. */
  readonly generator?: Generator;
}

/** What all kinds share: nothing happens in evaluation, and in training a mask of 0 and 1 is drawn. */
export abstract class RandomMask extends Layer {
  /** `null` for the default generator. */
  readonly generator: Generator | null;

  constructor(private readonly where: string, readonly p: number, options: DropoutOptions) {
    super([p]);
    checkOptions(where, options, ["generator"]);
    if (!(p >= 0 && p <= 1)) throw new ValueError(where, `p is ${p}`, "Give a probability from 0 to 1", { p });
    this.generator = options.generator ?? null;
  }

  forward(x: Tensor): Tensor {
    return !this.training || this.p === 0 ? x : this.drop(x, this.maskShape(x.shape));
  }

  /** What is dropped together: one draw per element of this shape, stretched to x's. */
  protected maskShape(shape: Shape): Shape {
    return shape;
  }

  /** x in training, of which each part survives with probability 1 − p. */
  protected drop(x: Tensor, shape: Shape): Tensor {
    if (this.p === 1) return x.mul(0);
    const mask = this.mask(x, shape);
    const left = masked(x, mask, 1 / (1 - this.p));
    mask.passedOnTo(left);
    return left;
  }

  protected mask({ dtype, backend }: Tensor, shape: Shape): Tensor {
    return bernoulli(shape, 1 - this.p, { dtype, backend, generator: this.generator ?? defaultGenerator() });
  }

  /** One draw per channel. @throws ShapeError unless x is [N, C, ...] or [C, ...] with `rank` more dims */
  protected channels(shape: Shape, rank: number): Shape {
    const lead = shape.length - rank;
    if (lead === 1 || lead === 2) return shape.map((size, d) => (d < lead ? size : 1));
    throw new ShapeError(this.where, `x has shape ${showShape(shape)}`, `Give channels with ${rank} spatial dim${rank === 1 ? "" : "s"}, batched or not`, { shape });
  }
}

/**
 * Sets each value to 0 with probability p while training, and multiplies the others by 1/(1 − p), so that evaluation changes
 * nothing. Shapes: [..] → same. (Srivastava et al., 2014)
 * @throws ValueError unless 0 ≤ p ≤ 1
 */
export class Dropout extends RandomMask {
  static readonly type = "nn/Dropout";
  constructor(p = 0.5, options: DropoutOptions = {}) { super("Dropout", p, options); }
}

/** Drops whole channels. Shapes: [N, C, L] or [C, L] → same. (Tompson et al., 2015) */
export class Dropout1d extends RandomMask {
  static readonly type = "nn/Dropout1d";
  constructor(p = 0.5, options: DropoutOptions = {}) { super("Dropout1d", p, options); }
  protected override maskShape(shape: Shape): Shape { return this.channels(shape, 1); }
}

/** Drops whole channels. Shapes: [N, C, H, W] or [C, H, W] → same. (Tompson et al., 2015) */
export class Dropout2d extends RandomMask {
  static readonly type = "nn/Dropout2d";
  constructor(p = 0.5, options: DropoutOptions = {}) { super("Dropout2d", p, options); }
  protected override maskShape(shape: Shape): Shape { return this.channels(shape, 2); }
}

/** Drops whole channels. Shapes: [N, C, D, H, W] or [C, D, H, W] → same. (Tompson et al., 2015) */
export class Dropout3d extends RandomMask {
  static readonly type = "nn/Dropout3d";
  constructor(p = 0.5, options: DropoutOptions = {}) { super("Dropout3d", p, options); }
  protected override maskShape(shape: Shape): Shape { return this.channels(shape, 3); }
}
