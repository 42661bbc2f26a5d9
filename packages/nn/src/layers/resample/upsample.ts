import { ValueError, checkOptions } from "@dl/registry";
import { interpolate } from "@dl/tensor";
import type { InterpolateOptions, PerDim, Tensor } from "@dl/tensor";
import { Layer } from "../../module/layer.js";

/** One of size and scaleFactor; the rest as `interpolate` takes it. */
export type UpsampleOptions = Omit<InterpolateOptions, "antialias">;

export type Upsample2dOptions = Pick<InterpolateOptions, "size" | "scaleFactor">;

/** @throws ValueError unless exactly one of the two says how large the result is */
function checkTarget(where: string, size: PerDim | undefined, scaleFactor: PerDim | undefined): void {
  if ((size === undefined) !== (scaleFactor === undefined)) return;
  throw new ValueError(where, size === undefined ? "neither size nor scaleFactor is given" : "both size and scaleFactor are given", "Give one of them");
}

/**
 * Resizes the dims behind batch and channels by `interpolate`: nearest by default, or linear, bilinear, bicubic, trilinear, area.
 * Shapes: [N, C, ..sizes] → [N, C, ..new sizes].
 * @throws ValueError unless one of size and scaleFactor is given
 */
export class Upsample extends Layer {
  static readonly type = "nn/Upsample";

  constructor(readonly options: UpsampleOptions) {
    super([options]);
    checkOptions("Upsample", options, ["size", "scaleFactor", "mode", "alignCorners", "recomputeScaleFactor"]);
    checkTarget("Upsample", options.size, options.scaleFactor);
  }

  forward(x: Tensor): Tensor {
    return interpolate(x, this.options);
  }
}

/** `Upsample` of images by repeating pixels. Shapes: [N, C, H, W] → [N, C, H′, W′]. @throws ValueError unless one of size and scaleFactor is given */
export class UpsamplingNearest2d extends Layer {
  static readonly type = "nn/UpsamplingNearest2d";

  constructor(readonly options: Upsample2dOptions) {
    super([options]);
    checkOptions("UpsamplingNearest2d", options, ["size", "scaleFactor"]);
    checkTarget("UpsamplingNearest2d", options.size, options.scaleFactor);
  }

  forward(x: Tensor): Tensor {
    return interpolate(x, this.options);
  }
}

/**
 * `Upsample` of images in mode bilinear with aligned corners, as torch.nn.UpsamplingBilinear2d: `new Upsample({ mode: "bilinear" })` is the
 * one that keeps outer edges. Shapes: [N, C, H, W] → [N, C, H′, W′].
 * @throws ValueError unless one of size and scaleFactor is given
 */
export class UpsamplingBilinear2d extends Layer {
  static readonly type = "nn/UpsamplingBilinear2d";

  constructor(readonly options: Upsample2dOptions) {
    super([options]);
    checkOptions("UpsamplingBilinear2d", options, ["size", "scaleFactor"]);
    checkTarget("UpsamplingBilinear2d", options.size, options.scaleFactor);
  }

  forward(x: Tensor): Tensor {
    return interpolate(x, { ...this.options, mode: "bilinear", alignCorners: true });
  }
}
