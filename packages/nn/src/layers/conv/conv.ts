import { checkOptions } from "@dl/registry";
import { checkGroups, conv1d, conv2d, conv3d, perDim, sizeOf, windowsOf, zeros } from "@dl/tensor";
import type { ConvOptions, DType, Generator, PaddingMode, PerDim, Shape, Tensor, WindowOptions } from "@dl/tensor";
import { uniform } from "../../init/basic.js";
import { Layer } from "../../module/layer.js";
import { parameter } from "../../module/parameter.js";
import type { Parameter } from "../../module/parameter.js";
import { jsonOptions } from "../options.js";
import { checkSizes } from "../sizes.js";

export interface ConvLayerOptions extends WindowOptions {
  /** Channels are split into this many groups that do not see each other. Default 1. */
  readonly groups?: number;
  /** Add a learnt offset per output channel. Default true. */
  readonly bias?: boolean;
  /** What stands beyond the edge: "zeros" (default), "reflect", "replicate" or "circular". */
  readonly paddingMode?: PaddingMode;
  /** Dtype of the parameters. Default float32. */
  readonly dtype?: DType;
  /** Where initial values come from; by default the generator that `manualSeed` seeds. Not saved. */
  readonly generator?: Generator;
}

export const convKeys = ["stride", "padding", "dilation", "groups", "bias", "dtype", "generator"];

/** Parameters of both kinds of convolution, drawn from U(−1/√f, 1/√f) with f = kernel elements × second size of the weight. */
export function convParameters(weightShape: Shape, channels: number, { bias = true, dtype = "float32", generator }: ConvLayerOptions): { weight: Parameter; bias: Parameter | null } {
  const bound = 1 / Math.sqrt(sizeOf(weightShape.slice(1)));
  const draw = (shape: Shape): Parameter => uniform(parameter(zeros(shape, { dtype })), -bound, bound, generator && { generator });
  return { weight: draw(weightShape), bias: bias ? draw([channels]) : null };
}

export function checkChannelCounts(where: string, inChannels: number, outChannels: number, groups: number): void {
  checkSizes(where, { inChannels, outChannels });
  checkGroups(where, groups, { "input channels": inChannels, "output channels": outChannels });
}

type ConvOp = (x: Tensor, weight: Tensor, options: ConvOptions) => Tensor;

abstract class Conv extends Layer {
  readonly weight: Parameter;
  readonly bias: Parameter | null;
  readonly kernelSize: Shape;

  constructor(where: string, private readonly op: ConvOp, rank: number, readonly inChannels: number, readonly outChannels: number, kernelSize: PerDim, readonly options: ConvLayerOptions) {
    super([inChannels, outChannels, kernelSize, jsonOptions(options)]);
    checkOptions(where, options, [...convKeys, "paddingMode"]);
    const { groups = 1 } = options;
    checkChannelCounts(where, inChannels, outChannels, groups);
    this.kernelSize = perDim(where, "kernelSize", kernelSize, rank, 1);
    windowsOf(where, this.kernelSize, options);
    const { weight, bias } = convParameters([outChannels, inChannels / groups, ...this.kernelSize], outChannels, options);
    this.weight = weight;
    this.bias = bias;
  }

  forward(x: Tensor): Tensor {
    const { stride = 1, padding = 0, dilation = 1, groups = 1, paddingMode = "zeros" } = this.options;
    return this.op(x, this.weight, { stride, padding, dilation, groups, paddingMode, bias: this.bias });
  }
}

/**
 * Cross-correlation over one dim, with learnt kernels; see `conv1d`. Options: stride, padding (numbers, pairs, "same", "valid"),
 * dilation, groups, bias, paddingMode.
 * Shapes: [N, inChannels, L] or [inChannels, L] → [N, outChannels, L′]; weight [outChannels, inChannels/groups, K], bias [outChannels].
 * @throws ValueError, ShapeError
 */
export class Conv1d extends Conv {
  static readonly type = "nn/Conv1d";
  constructor(inChannels: number, outChannels: number, kernelSize: PerDim, options: ConvLayerOptions = {}) { super("Conv1d", conv1d, 1, inChannels, outChannels, kernelSize, options); }
}

/** `Conv1d` for images. Shapes: [N, inChannels, H, W] → [N, outChannels, H′, W′]; weight [outChannels, inChannels/groups, KH, KW]. (LeCun et al., 1989) */
export class Conv2d extends Conv {
  static readonly type = "nn/Conv2d";
  constructor(inChannels: number, outChannels: number, kernelSize: PerDim, options: ConvLayerOptions = {}) { super("Conv2d", conv2d, 2, inChannels, outChannels, kernelSize, options); }
}

/** `Conv1d` for volumes. Shapes: [N, inChannels, D, H, W] → [N, outChannels, D′, H′, W′]; weight [outChannels, inChannels/groups, KD, KH, KW]. */
export class Conv3d extends Conv {
  static readonly type = "nn/Conv3d";
  constructor(inChannels: number, outChannels: number, kernelSize: PerDim, options: ConvLayerOptions = {}) { super("Conv3d", conv3d, 3, inChannels, outChannels, kernelSize, options); }
}
