import { noGrad } from "@dl/autograd";
import { ShapeError, ValueError, checkOptions } from "@dl/registry";
import { batchNorm, batchNormWithStatistics, ones, showShape, zeros } from "@dl/tensor";
import type { DType, Tensor } from "@dl/tensor";
import { Layer } from "../../module/layer.js";
import { buffer, parameter } from "../../module/parameter.js";
import type { Buffer, Parameter } from "../../module/parameter.js";
import { jsonOptions } from "../options.js";

export interface TrackedNormOptions {
  /** Added to the variance, against division by zero. Default 1e-5. */
  readonly eps?: number;
  /** Part of the running statistics that each batch replaces; `null` averages all batches alike. Default 0.1. */
  readonly momentum?: number | null;
  /** Learn a factor and an offset per channel. */
  readonly affine?: boolean;
  /** Keep running statistics for evaluation. */
  readonly trackRunningStats?: boolean;
  /** Dtype of the parameters. Default float32. */
  readonly dtype?: DType;
}

export const trackedKeys = ["eps", "momentum", "affine", "trackRunningStats", "dtype"];

/** Mean and variance of each channel, [C], of a batch; the variance is the population's. */
export interface Statistics {
  readonly mean: Tensor;
  readonly variance: Tensor;
}

/** Running statistics with PyTorch's names, and learnt scales: what batch and instance normalisation keep. */
export abstract class TrackedNorm extends Layer {
  readonly eps: number;
  readonly momentum: number | null;
  readonly weight: Parameter | null;
  readonly bias: Parameter | null;
  readonly runningMean: Buffer | null;
  readonly runningVar: Buffer | null;
  readonly numBatchesTracked: Buffer | null;

  constructor(where: string, readonly numFeatures: number, options: TrackedNormOptions, defaults: { readonly affine: boolean; readonly trackRunningStats: boolean }) {
    super([numFeatures, jsonOptions(options)]);
    checkOptions(where, options, trackedKeys);
    if (!Number.isSafeInteger(numFeatures) || numFeatures < 1) throw new ValueError(where, `numFeatures is ${numFeatures}`, "Give the number of channels, 1 or more", { numFeatures });
    const { eps = 1e-5, momentum = 0.1, affine = defaults.affine, trackRunningStats = defaults.trackRunningStats, dtype = "float32" } = options;
    if (momentum !== null && !(momentum >= 0 && momentum <= 1)) throw new ValueError(where, `momentum is ${momentum}`, "Give a number from 0 to 1, or null for the plain average", { momentum });
    this.eps = eps;
    this.momentum = momentum;
    this.weight = affine ? parameter(ones([numFeatures], { dtype })) : null;
    this.bias = affine ? parameter(zeros([numFeatures], { dtype })) : null;
    this.runningMean = trackRunningStats ? buffer(zeros([numFeatures], { dtype })) : null;
    this.runningVar = trackRunningStats ? buffer(ones([numFeatures], { dtype })) : null;
    // PyTorch counts in int64.
    this.numBatchesTracked = trackRunningStats ? buffer(zeros([], { dtype: "int32" }), { fileDtype: "I64" }) : null;
  }

  /** PyTorch's instance normalisation has the counter, and leaves it at 0. */
  protected readonly countsBatches: boolean = true;

  /** The running statistics, when this is evaluation and they are kept. */
  protected get kept(): Statistics | null {
    const { runningMean: mean, runningVar: variance } = this;
    return this.training || mean === null || variance === null ? null : { mean, variance };
  }

  /** Lets a batch's statistics, each of `count` elements, into the running ones, which keep the unbiased variance. */
  protected track({ mean, variance }: Statistics, count: number): void {
    const { runningMean, runningVar, numBatchesTracked } = this;
    if (runningMean === null || runningVar === null || numBatchesTracked === null) return;
    noGrad(() => {
      if (this.countsBatches) numBatchesTracked.adopt(numBatchesTracked.add(1));
      const unbiased = variance.mul(count / Math.max(1, count - 1));
      const part = this.momentum ?? numBatchesTracked.to(runningMean.dtype).pow(-1);
      runningMean.adopt(runningMean.add(mean.sub(runningMean).mul(part)));
      runningVar.adopt(runningVar.add(unbiased.sub(runningVar).mul(part)));
    });
  }

  /** @throws ShapeError unless x has the channels */
  protected checkChannels(where: string, x: Tensor, dim: number, layouts: readonly string[]): void {
    if (x.shape[dim] === this.numFeatures && layouts.some((layout) => layout.split(",").length === x.ndim)) return;
    const wanted = layouts.map((layout) => `[${layout.replace("C", String(this.numFeatures))}]`).join(" or ");
    throw new ShapeError(where, `x has shape ${showShape(x.shape)}`, `Give ${wanted}, or make the layer with another numFeatures`, { shape: x.shape });
  }
}

const tracked = { affine: true, trackRunningStats: true };

abstract class BatchNorm extends TrackedNorm {
  constructor(private readonly where: string, private readonly layouts: readonly string[], numFeatures: number, options: TrackedNormOptions) {
    super(where, numFeatures, options, tracked);
  }

  forward(x: Tensor): Tensor {
    this.checkChannels(this.where, x, 1, this.layouts);
    const { weight, bias, eps, kept } = this;
    if (kept !== null) return batchNorm(x, { ...kept, weight, bias, eps });
    const count = x.size / this.numFeatures;
    if (count < 2) return batchNorm(x, { weight, bias, eps });
    const { y, mean, variance } = batchNormWithStatistics(x, { weight, bias, eps });
    if (this.training) this.track({ mean, variance }, count);
    return y;
  }
}

/**
 * Every channel over the batch: (x − mean)/√(variance + eps)·weight + bias. In training by the batch's own statistics, of which
 * running averages are kept (the variance unbiased); in evaluation by those.
 * Shapes: [N, C] or [N, C, L] → same; weight, bias, running statistics [C]. Options: eps, momentum, affine (default true),
 * trackRunningStats (default true). (Ioffe & Szegedy, 2015)
 * @throws ShapeError for another number of channels; ValueError in training on one element per channel
 */
export class BatchNorm1d extends BatchNorm {
  static readonly type = "nn/BatchNorm1d";
  constructor(numFeatures: number, options: TrackedNormOptions = {}) { super("BatchNorm1d", ["N, C", "N, C, L"], numFeatures, options); }
}

/** `BatchNorm1d` for images. Shapes: [N, C, H, W] → same. */
export class BatchNorm2d extends BatchNorm {
  static readonly type = "nn/BatchNorm2d";
  constructor(numFeatures: number, options: TrackedNormOptions = {}) { super("BatchNorm2d", ["N, C, H, W"], numFeatures, options); }
}

/** `BatchNorm1d` for volumes. Shapes: [N, C, D, H, W] → same. */
export class BatchNorm3d extends BatchNorm {
  static readonly type = "nn/BatchNorm3d";
  constructor(numFeatures: number, options: TrackedNormOptions = {}) { super("BatchNorm3d", ["N, C, D, H, W"], numFeatures, options); }
}
