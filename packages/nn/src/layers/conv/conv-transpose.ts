import { checkOptions } from "@dl/registry";
import { convTranspose1d, convTranspose2d, convTranspose3d, perDim, windowsOf } from "@dl/tensor";
import type { ConvTransposeOptions, PerDim, Shape, Tensor } from "@dl/tensor";
import { Layer } from "../../module/layer.js";
import type { Parameter } from "../../module/parameter.js";
import { jsonOptions } from "../options.js";
import { checkChannelCounts, convKeys, convParameters } from "./conv.js";
import type { ConvLayerOptions } from "./conv.js";

export interface ConvTransposeLayerOptions extends Omit<ConvLayerOptions, "paddingMode"> {
  /** Rows added at the end, to choose between the sizes that the stride rounds away. Default 0. */
  readonly outputPadding?: PerDim;
}

type ConvTransposeOp = (x: Tensor, weight: Tensor, options: ConvTransposeOptions) => Tensor;

abstract class ConvTranspose extends Layer {
  readonly weight: Parameter;
  readonly bias: Parameter | null;
  readonly kernelSize: Shape;

  constructor(
    where: string, private readonly op: ConvTransposeOp, rank: number, readonly inChannels: number, readonly outChannels: number, kernelSize: PerDim,
    readonly options: ConvTransposeLayerOptions,
  ) {
    super([inChannels, outChannels, kernelSize, jsonOptions(options)]);
    checkOptions(where, options, [...convKeys, "outputPadding"]);
    const { groups = 1, outputPadding = 0 } = options;
    checkChannelCounts(where, inChannels, outChannels, groups);
    this.kernelSize = perDim(where, "kernelSize", kernelSize, rank, 1);
    windowsOf(where, this.kernelSize, options);
    perDim(where, "outputPadding", outputPadding, rank, 0);
    const { weight, bias } = convParameters([inChannels, outChannels / groups, ...this.kernelSize], outChannels, options);
    this.weight = weight;
    this.bias = bias;
  }

  forward(x: Tensor): Tensor {
    const { stride = 1, padding = 0, dilation = 1, groups = 1, outputPadding = 0 } = this.options;
    return this.op(x, this.weight, { stride, padding, dilation, groups, outputPadding, bias: this.bias });
  }
}

/**
 * The transposed convolution over one dim, with learnt kernels; see `convTranspose1d`.
 * Shapes: [N, inChannels, L] → [N, outChannels, (L − 1)·stride − 2·padding + dilation·(K − 1) + outputPadding + 1];
 * weight [inChannels, outChannels/groups, K], bias [outChannels].
 * @throws ValueError, ShapeError
 */
export class ConvTranspose1d extends ConvTranspose {
  static readonly type = "nn/ConvTranspose1d";
  constructor(inChannels: number, outChannels: number, kernelSize: PerDim, options: ConvTransposeLayerOptions = {}) {
    super("ConvTranspose1d", convTranspose1d, 1, inChannels, outChannels, kernelSize, options);
  }
}

/** `ConvTranspose1d` for images. Shapes: [N, inChannels, H, W] → [N, outChannels, H′, W′]. (Zeiler et al., 2010) */
export class ConvTranspose2d extends ConvTranspose {
  static readonly type = "nn/ConvTranspose2d";
  constructor(inChannels: number, outChannels: number, kernelSize: PerDim, options: ConvTransposeLayerOptions = {}) {
    super("ConvTranspose2d", convTranspose2d, 2, inChannels, outChannels, kernelSize, options);
  }
}

/** `ConvTranspose1d` for volumes. Shapes: [N, inChannels, D, H, W] → [N, outChannels, D′, H′, W′]. */
export class ConvTranspose3d extends ConvTranspose {
  static readonly type = "nn/ConvTranspose3d";
  constructor(inChannels: number, outChannels: number, kernelSize: PerDim, options: ConvTransposeLayerOptions = {}) {
    super("ConvTranspose3d", convTranspose3d, 3, inChannels, outChannels, kernelSize, options);
  }
}
