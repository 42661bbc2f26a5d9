import { BatchNorm2d, type Conv2d, init, inSequence, jsonOptions, Layer, passOn, ReLU, Sequential } from "@dl/nn";
import { checkOptions } from "@dl/registry";
import type { Generator, Tensor } from "@dl/tensor";
import { startedConv2d } from "./started.js";

export interface BasicBlockOptions {
  /** Of the first convolution. Default 1. */
  readonly stride?: number;
  /** Start with a residual of 0, so that the block does nothing but its shortcut. Default false. */
  readonly zeroInit?: boolean;
  /** Where initial values come from; by default the generator that `manualSeed` seeds. Not saved. */
  readonly generator?: Generator;
}

/**
 * relu(shortcut(x) + bn(conv(relu(bn(conv(x)))))) with convolutions of 3 × 3. The shortcut is x itself, or a normalised 1 × 1 convolution
 * where size or channels change. Shapes: [N, inChannels, H, W] → [N, channels, ⌈H/stride⌉, ⌈W/stride⌉]. (He et al., 2016)
 */
export class BasicBlock extends Layer {
  static readonly type = "vision/BasicBlock";
  static readonly keepsNothing = true;
  readonly conv1: Conv2d;
  readonly bn1: BatchNorm2d;
  readonly relu = new ReLU();
  readonly conv2: Conv2d;
  readonly bn2: BatchNorm2d;
  readonly downsample: Sequential | null;

  constructor(inChannels: number, channels: number, options: BasicBlockOptions = {}) {
    super([inChannels, channels, jsonOptions(options)]);
    checkOptions("BasicBlock", options, ["stride", "zeroInit", "generator"]);
    const { stride = 1, zeroInit = false, generator } = options;
    const keepsShape = stride === 1 && inChannels === channels;
    this.conv1 = startedConv2d(inChannels, channels, 3, { stride, padding: 1, bias: false, generator });
    this.bn1 = new BatchNorm2d(channels);
    this.conv2 = startedConv2d(channels, channels, 3, { padding: 1, bias: false, generator });
    this.bn2 = new BatchNorm2d(channels);
    this.downsample = keepsShape ? null : new Sequential(startedConv2d(inChannels, channels, 1, { stride, bias: false, generator }), new BatchNorm2d(channels));
    if (zeroInit && this.bn2.weight !== null) init.zeros(this.bn2.weight);
  }

  forward(x: Tensor): Tensor {
    const residual = inSequence([this.conv1, this.bn1, this.relu, this.conv2, this.bn2], x);
    const shortcut = this.downsample === null ? x : this.downsample.forward(x);
    const sum = residual.add(shortcut);
    passOn(residual, sum, this.bn2);
    if (this.downsample !== null) passOn(shortcut, sum, this.downsample);
    const y = this.relu.forward(sum);
    passOn(sum, y, this.relu);
    return y;
  }
}
