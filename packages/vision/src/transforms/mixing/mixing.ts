import type { Batch } from "@dl/data";
import { jsonOptions, Layer } from "@dl/nn";
import { ValueError, checkOptions, checkPositive, checkWhole } from "@dl/registry";
import { defaultGenerator, elementwise, roll, type Generator, type Tensor } from "@dl/tensor";
import { checkImage } from "../../image/check-image.js";
import type { BatchTransform, TransformOptions } from "../base/transform.js";
import type { Window } from "../edits/crops.js";
import { withPatch } from "../edits/patches.js";
import { canvasOf, type Canvas } from "../geometry/canvas.js";
import { drawnBeta } from "./beta.js";
import { softTargets } from "./soft-targets.js";

export interface MixingOptions extends TransformOptions {
  /** Both shapes of the beta distribution that says how much of a picture is kept: 1 (default) makes all parts equally likely, less makes halves rare. */
  readonly alpha?: number;
}

const mixed = /* @__PURE__ */ elementwise("mixed", (x, other, kept) => x.mul(kept).add(other.mul(kept.neg().add(1))));

/** A batch with the same batch, its last picture first, each picture in part; targets become probabilities in the same parts. */
abstract class Mixing extends Layer implements BatchTransform {
  readonly alpha: number;
  /** `null` for the default generator. */
  readonly generator: Generator | null;

  constructor(private readonly where: string, readonly numClasses: number, options: MixingOptions) {
    super([numClasses, jsonOptions(options)]);
    checkOptions(where, options, ["alpha", "generator"]);
    checkWhole(where, "numClasses", numClasses, 1);
    this.alpha = options.alpha ?? 1;
    checkPositive(where, "alpha", this.alpha);
    this.generator = options.generator ?? null;
  }

  /** The mixed pictures, and how much of the first one is left in them. */
  protected abstract mix(x: Tensor, other: Tensor, kept: number, generator: Generator): readonly [x: Tensor, kept: number];

  /**
   * Shapes: x [N, C, H, W] and y [N] class indices, or [N, numClasses] probabilities → x as it was and y [N, numClasses] of probabilities.
   * @param generator in place of the layer's own
   * @throws ShapeError for another shape; ValueError for an index that is no class
   */
  forward({ x, y }: Batch, generator: Generator = this.generator ?? defaultGenerator()): Batch {
    checkImage(this.where, x);
    if (x.ndim !== 4) {
      throw new ValueError(this.where, "x is a single picture", "Give a batch [N, C, H, W]: pictures are mixed with each other", { shape: x.shape });
    }
    const targets = softTargets(this.where, y, this.numClasses, x);
    const [pictures, kept] = this.mix(x, roll(x, 1, 0), drawnBeta(generator, this.alpha), generator);
    return { x: pictures, y: mixed(targets, roll(targets, 1, 0), kept) };
  }

  forwardBatch(batch: Batch, generator?: Generator, target?: "mask"): Batch {
    if (target === "mask") throw new ValueError(this.where, "the targets are masks", "Only class labels can be mixed; leave target out", { target });
    return this.forward(batch, generator);
  }
}

/**
 * Mixes each picture of a batch with another one: λ·x + (1 − λ)·other, targets likewise; one λ from Beta(alpha, alpha) for each batch.
 * Shapes: `{ x: [N, C, H, W], y: [N] }` → `{ x: [N, C, H, W], y: [N, numClasses] }`. (Zhang et al., 2018)
 * @throws ValueError unless alpha is above 0
 */
export class MixUp extends Mixing {
  static readonly type = "vision/MixUp";
  constructor(numClasses: number, options: MixingOptions = {}) { super("MixUp", numClasses, options); }

  protected override mix(x: Tensor, other: Tensor, kept: number): readonly [Tensor, number] {
    return [mixed(x, other, kept), kept];
  }
}

/** A window that covers 1 − kept of the area, cut at the edges of the picture. */
function windowFor({ height, width }: Canvas, kept: number, generator: Generator): Window {
  const [x, y] = [generator.int(width), generator.int(height)];
  const half = 0.5 * Math.sqrt(1 - kept);
  const [halfWidth, halfHeight] = [Math.trunc(half * width), Math.trunc(half * height)];
  const [left, top] = [Math.max(x - halfWidth, 0), Math.max(y - halfHeight, 0)];
  return { top, left, height: Math.min(y + halfHeight, height) - top, width: Math.min(x + halfWidth, width) - left };
}

/**
 * Puts a window of another picture of the batch into each picture; targets are mixed by area. One window for each batch, of 1 − λ of the area before it is
 * cut at the edges, λ from Beta(alpha, alpha).
 * Shapes: `{ x: [N, C, H, W], y: [N] }` → `{ x: [N, C, H, W], y: [N, numClasses] }`. (Yun et al., 2019)
 * @throws ValueError unless alpha is above 0
 */
export class CutMix extends Mixing {
  static readonly type = "vision/CutMix";
  constructor(numClasses: number, options: MixingOptions = {}) { super("CutMix", numClasses, options); }

  protected override mix(x: Tensor, other: Tensor, kept: number, generator: Generator): readonly [Tensor, number] {
    const canvas = canvasOf(x);
    const window = windowFor(canvas, kept, generator);
    return [withPatch(x, other, [window]), 1 - (window.height * window.width) / (canvas.height * canvas.width)];
  }
}
