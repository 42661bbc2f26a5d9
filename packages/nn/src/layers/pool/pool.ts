import { checkOptions } from "@dl/registry";
import {
  avgPool1d, avgPool2d, avgPool3d, lpPool1d, lpPool2d, lpPool3d, maxPool1d, maxPool1dWithIndices, maxPool2d, maxPool2dWithIndices, maxPool3d,
  maxPool3dWithIndices, maxUnpool1d, maxUnpool2d, maxUnpool3d, perDim, windowsOf,
} from "@dl/tensor";
import type { AveragePoolOptions, MaxPoolOptions, PerDim, PoolOptions, Tensor, UnpoolOptions, WindowOptions, WithIndices } from "@dl/tensor";
import { Layer } from "../../module/layer.js";
import { jsonOptions } from "../options.js";

// Pools have nothing to learn: each class is an op of @dl/tensor with its options fixed, whose documentation says what it computes.

/** Checks what can be checked before an input is there. */
function checkWindows(where: string, rank: number, kernelSize: PerDim, options: WindowOptions, keys: readonly string[]): void {
  checkOptions(where, options, keys);
  windowsOf(where, perDim(where, "kernelSize", kernelSize, rank, 1), { stride: kernelSize, ...options });
}

const maxKeys = ["stride", "padding", "dilation", "ceilMode"];

abstract class MaxPool extends Layer {
  constructor(where: string, rank: number, readonly kernelSize: PerDim, readonly options: MaxPoolOptions) {
    super([kernelSize, jsonOptions(options)]);
    checkWindows(where, rank, kernelSize, options, maxKeys);
  }
}

/** The largest value of each window, by default one beside the other. Shapes: [N, C, L] → [N, C, L′]. */
export class MaxPool1d extends MaxPool {
  static readonly type = "nn/MaxPool1d";
  constructor(kernelSize: PerDim, options: MaxPoolOptions = {}) { super("MaxPool1d", 1, kernelSize, options); }
  forward(x: Tensor): Tensor { return maxPool1d(x, this.kernelSize, this.options); }
  /** Also where each value came from, for `MaxUnpool1d`. */
  forwardWithIndices(x: Tensor): WithIndices { return maxPool1dWithIndices(x, this.kernelSize, this.options); }
}

/** The largest value of each window. Shapes: [N, C, H, W] → [N, C, H′, W′]. */
export class MaxPool2d extends MaxPool {
  static readonly type = "nn/MaxPool2d";
  constructor(kernelSize: PerDim, options: MaxPoolOptions = {}) { super("MaxPool2d", 2, kernelSize, options); }
  forward(x: Tensor): Tensor { return maxPool2d(x, this.kernelSize, this.options); }
  /** Also where each value came from, for `MaxUnpool2d`. */
  forwardWithIndices(x: Tensor): WithIndices { return maxPool2dWithIndices(x, this.kernelSize, this.options); }
}

/** The largest value of each window. Shapes: [N, C, D, H, W] → [N, C, D′, H′, W′]. */
export class MaxPool3d extends MaxPool {
  static readonly type = "nn/MaxPool3d";
  constructor(kernelSize: PerDim, options: MaxPoolOptions = {}) { super("MaxPool3d", 3, kernelSize, options); }
  forward(x: Tensor): Tensor { return maxPool3d(x, this.kernelSize, this.options); }
  /** Also where each value came from, for `MaxUnpool3d`. */
  forwardWithIndices(x: Tensor): WithIndices { return maxPool3dWithIndices(x, this.kernelSize, this.options); }
}

const unpoolKeys = ["stride", "padding", "outputSize"];

abstract class MaxUnpool extends Layer {
  constructor(where: string, rank: number, readonly kernelSize: PerDim, readonly options: UnpoolOptions) {
    super([kernelSize, jsonOptions(options)]);
    const { outputSize: _, ...rest } = options;
    checkOptions(where, options, unpoolKeys);
    checkWindows(where, rank, kernelSize, rest, unpoolKeys);
  }
}

/** Puts maxima back where `MaxPool1d.forwardWithIndices` found them. Shapes: x and indices [N, C, L] → [N, C, L′]. */
export class MaxUnpool1d extends MaxUnpool {
  static readonly type = "nn/MaxUnpool1d";
  constructor(kernelSize: PerDim, options: UnpoolOptions = {}) { super("MaxUnpool1d", 1, kernelSize, options); }
  forward(x: Tensor, indices: Tensor): Tensor { return maxUnpool1d(x, indices, this.kernelSize, this.options); }
}

/** Puts maxima back where `MaxPool2d.forwardWithIndices` found them. Shapes: x and indices [N, C, H, W] → [N, C, H′, W′]. */
export class MaxUnpool2d extends MaxUnpool {
  static readonly type = "nn/MaxUnpool2d";
  constructor(kernelSize: PerDim, options: UnpoolOptions = {}) { super("MaxUnpool2d", 2, kernelSize, options); }
  forward(x: Tensor, indices: Tensor): Tensor { return maxUnpool2d(x, indices, this.kernelSize, this.options); }
}

/** Puts maxima back where `MaxPool3d.forwardWithIndices` found them. Shapes: x and indices [N, C, D, H, W] → [N, C, D′, H′, W′]. */
export class MaxUnpool3d extends MaxUnpool {
  static readonly type = "nn/MaxUnpool3d";
  constructor(kernelSize: PerDim, options: UnpoolOptions = {}) { super("MaxUnpool3d", 3, kernelSize, options); }
  forward(x: Tensor, indices: Tensor): Tensor { return maxUnpool3d(x, indices, this.kernelSize, this.options); }
}

const averageKeys = ["stride", "padding", "ceilMode", "countIncludePad", "divisorOverride"];

abstract class AvgPool extends Layer {
  constructor(where: string, rank: number, readonly kernelSize: PerDim, readonly options: AveragePoolOptions) {
    super([kernelSize, jsonOptions(options)]);
    checkWindows(where, rank, kernelSize, options, averageKeys);
  }
}

/** The mean of each window. Shapes: [N, C, L] → [N, C, L′]. */
export class AvgPool1d extends AvgPool {
  static readonly type = "nn/AvgPool1d";
  constructor(kernelSize: PerDim, options: AveragePoolOptions = {}) { super("AvgPool1d", 1, kernelSize, options); }
  forward(x: Tensor): Tensor { return avgPool1d(x, this.kernelSize, this.options); }
}

/** The mean of each window. Shapes: [N, C, H, W] → [N, C, H′, W′]. */
export class AvgPool2d extends AvgPool {
  static readonly type = "nn/AvgPool2d";
  constructor(kernelSize: PerDim, options: AveragePoolOptions = {}) { super("AvgPool2d", 2, kernelSize, options); }
  forward(x: Tensor): Tensor { return avgPool2d(x, this.kernelSize, this.options); }
}

/** The mean of each window. Shapes: [N, C, D, H, W] → [N, C, D′, H′, W′]. */
export class AvgPool3d extends AvgPool {
  static readonly type = "nn/AvgPool3d";
  constructor(kernelSize: PerDim, options: AveragePoolOptions = {}) { super("AvgPool3d", 3, kernelSize, options); }
  forward(x: Tensor): Tensor { return avgPool3d(x, this.kernelSize, this.options); }
}

abstract class LPPool extends Layer {
  constructor(where: string, rank: number, readonly normType: number, readonly kernelSize: PerDim, readonly options: PoolOptions) {
    super([normType, kernelSize, jsonOptions(options)]);
    checkWindows(where, rank, kernelSize, options, ["stride", "padding", "ceilMode"]);
  }
}

/** The p-norm of each window. Shapes: [N, C, L] → [N, C, L′]. */
export class LPPool1d extends LPPool {
  static readonly type = "nn/LPPool1d";
  constructor(normType: number, kernelSize: PerDim, options: PoolOptions = {}) { super("LPPool1d", 1, normType, kernelSize, options); }
  forward(x: Tensor): Tensor { return lpPool1d(x, this.normType, this.kernelSize, this.options); }
}

/** The p-norm of each window. Shapes: [N, C, H, W] → [N, C, H′, W′]. */
export class LPPool2d extends LPPool {
  static readonly type = "nn/LPPool2d";
  constructor(normType: number, kernelSize: PerDim, options: PoolOptions = {}) { super("LPPool2d", 2, normType, kernelSize, options); }
  forward(x: Tensor): Tensor { return lpPool2d(x, this.normType, this.kernelSize, this.options); }
}

/** The p-norm of each window. Shapes: [N, C, D, H, W] → [N, C, D′, H′, W′]. */
export class LPPool3d extends LPPool {
  static readonly type = "nn/LPPool3d";
  constructor(normType: number, kernelSize: PerDim, options: PoolOptions = {}) { super("LPPool3d", 3, normType, kernelSize, options); }
  forward(x: Tensor): Tensor { return lpPool3d(x, this.normType, this.kernelSize, this.options); }
}
