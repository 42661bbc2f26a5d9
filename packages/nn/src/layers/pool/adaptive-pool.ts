import {
  adaptiveAvgPool1d, adaptiveAvgPool2d, adaptiveAvgPool3d, adaptiveMaxPool1d, adaptiveMaxPool1dWithIndices, adaptiveMaxPool2d,
  adaptiveMaxPool2dWithIndices, adaptiveMaxPool3d, adaptiveMaxPool3dWithIndices, perDim,
} from "@dl/tensor";
import type { PerDim, Tensor, WithIndices } from "@dl/tensor";
import { Layer } from "../../module/layer.js";

abstract class AdaptivePool extends Layer {
  constructor(where: string, rank: number, readonly outputSize: PerDim) {
    super([outputSize]);
    perDim(where, "outputSize", outputSize, rank, 1);
  }
}

/** Means over a grid of `outputSize`, whatever the input's size. Shapes: [N, C, L] → [N, C, outputSize]. */
export class AdaptiveAvgPool1d extends AdaptivePool {
  static readonly type = "nn/AdaptiveAvgPool1d";
  constructor(outputSize: PerDim) { super("AdaptiveAvgPool1d", 1, outputSize); }
  forward(x: Tensor): Tensor { return adaptiveAvgPool1d(x, this.outputSize); }
}

/** Largest values over a grid of `outputSize`, whatever the input's size. Shapes: [N, C, L] → [N, C, outputSize]. */
export class AdaptiveMaxPool1d extends AdaptivePool {
  static readonly type = "nn/AdaptiveMaxPool1d";
  constructor(outputSize: PerDim) { super("AdaptiveMaxPool1d", 1, outputSize); }
  forward(x: Tensor): Tensor { return adaptiveMaxPool1d(x, this.outputSize); }
  /** Also where each value came from. */
  forwardWithIndices(x: Tensor): WithIndices { return adaptiveMaxPool1dWithIndices(x, this.outputSize); }
}

/** Means over a grid of `outputSize`, whatever the input's size. Shapes: [N, C, H, W] → [N, C, ...outputSize]. */
export class AdaptiveAvgPool2d extends AdaptivePool {
  static readonly type = "nn/AdaptiveAvgPool2d";
  constructor(outputSize: PerDim) { super("AdaptiveAvgPool2d", 2, outputSize); }
  forward(x: Tensor): Tensor { return adaptiveAvgPool2d(x, this.outputSize); }
}

/** Largest values over a grid of `outputSize`, whatever the input's size. Shapes: [N, C, H, W] → [N, C, ...outputSize]. */
export class AdaptiveMaxPool2d extends AdaptivePool {
  static readonly type = "nn/AdaptiveMaxPool2d";
  constructor(outputSize: PerDim) { super("AdaptiveMaxPool2d", 2, outputSize); }
  forward(x: Tensor): Tensor { return adaptiveMaxPool2d(x, this.outputSize); }
  /** Also where each value came from. */
  forwardWithIndices(x: Tensor): WithIndices { return adaptiveMaxPool2dWithIndices(x, this.outputSize); }
}

/** Means over a grid of `outputSize`, whatever the input's size. Shapes: [N, C, D, H, W] → [N, C, ...outputSize]. */
export class AdaptiveAvgPool3d extends AdaptivePool {
  static readonly type = "nn/AdaptiveAvgPool3d";
  constructor(outputSize: PerDim) { super("AdaptiveAvgPool3d", 3, outputSize); }
  forward(x: Tensor): Tensor { return adaptiveAvgPool3d(x, this.outputSize); }
}

/** Largest values over a grid of `outputSize`, whatever the input's size. Shapes: [N, C, D, H, W] → [N, C, ...outputSize]. */
export class AdaptiveMaxPool3d extends AdaptivePool {
  static readonly type = "nn/AdaptiveMaxPool3d";
  constructor(outputSize: PerDim) { super("AdaptiveMaxPool3d", 3, outputSize); }
  forward(x: Tensor): Tensor { return adaptiveMaxPool3d(x, this.outputSize); }
  /** Also where each value came from. */
  forwardWithIndices(x: Tensor): WithIndices { return adaptiveMaxPool3dWithIndices(x, this.outputSize); }
}
