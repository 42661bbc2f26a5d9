import { BatchNorm2d, jsonOptions, Layer, Sequential, type TensorModule } from "@dl/nn";
import { checkOptions, checkPositive } from "@dl/registry";
import type { Generator, Tensor } from "@dl/tensor";
import { convNormReLU6, startedConv2d } from "./started.js";

export interface InvertedResidualOptions {
  /** Of the depthwise convolution. Default 1. */
  readonly stride?: number;
  /** How many times more channels there are inside. Default 6. */
  readonly expansion?: number;
  /** Where initial values come from; by default the generator that `manualSeed` seeds. Not saved. */
  readonly generator?: Generator;
}

/**
 * Widens by a 1 × 1 convolution, filters each channel by itself with a 3 × 3 one, and narrows by another 1 × 1 one without a non-linearity;
 * x is added where the shape stays. Shapes: [N, inChannels, H, W] → [N, channels, ⌈H/stride⌉, ⌈W/stride⌉]. (Sandler et al., 2018)
 */
export class InvertedResidual extends Layer {
  static readonly type = "vision/InvertedResidual";
  static readonly keepsNothing = true;
  readonly conv: Sequential;
  readonly keepsShape: boolean;

  constructor(inChannels: number, channels: number, options: InvertedResidualOptions = {}) {
    super([inChannels, channels, jsonOptions(options)]);
    checkOptions("InvertedResidual", options, ["stride", "expansion", "generator"]);
    const { stride = 1, expansion = 6, generator } = options;
    checkPositive("InvertedResidual", "expansion", expansion);
    const inside = Math.round(inChannels * expansion);
    const widen: TensorModule[] = expansion === 1 ? [] : [convNormReLU6(inChannels, inside, 1, { generator })];
    this.conv = new Sequential(
      ...widen,
      convNormReLU6(inside, inside, 3, { stride, groups: inside, generator }),
      startedConv2d(inside, channels, 1, { bias: false, generator }),
      new BatchNorm2d(channels),
    );
    this.keepsShape = stride === 1 && inChannels === channels;
  }

  forward(x: Tensor): Tensor {
    const y = this.conv.forward(x);
    return this.keepsShape ? y.add(x) : y;
  }
}
