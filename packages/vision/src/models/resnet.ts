import { BatchNorm2d, type Conv2d, inSequence, jsonOptions, Layer, Linear, MaxPool2d, ReLU, Sequential } from "@dl/nn";
import { ValueError, checkChoice, checkOptions, checkWhole } from "@dl/registry";
import type { Generator, Tensor } from "@dl/tensor";
import { BasicBlock } from "./basic-block.js";
import { startedConv2d } from "./started.js";

export interface ResNetOptions {
  /** Channels of the image. Default 3. */
  readonly inChannels?: number;
  /**
   * What comes before the blocks: "imagenet" (default) is a 7 × 7 convolution and a pool that leave a quarter of height and width, "cifar" a
   * 3 × 3 convolution that keeps the size, for small images.
   */
  readonly stem?: "imagenet" | "cifar";
  /** Channels of the first stage; each later one has twice as many. Default 64. */
  readonly width?: number;
  /** Start every block with a residual of 0, which trains a little better. Default false. (Goyal et al., 2017) */
  readonly zeroInitResidual?: boolean;
  /** Where initial values come from; by default the generator that `manualSeed` seeds. Not saved. */
  readonly generator?: Generator;
}

interface Stage {
  readonly blocks: number;
  readonly inChannels: number;
  readonly channels: number;
  readonly stride: number;
}

function stageOf({ blocks, inChannels, channels, stride }: Stage, { zeroInitResidual: zeroInit, generator }: ResNetOptions): Sequential {
  return new Sequential(...Array.from({ length: blocks }, (_, i) =>
    i === 0 ? new BasicBlock(inChannels, channels, { stride, zeroInit, generator }) : new BasicBlock(channels, channels, { zeroInit, generator })));
}

/**
 * A residual network of basic blocks: a stem, stages of blocks of which each but the first halves the size, the mean over what is left, and
 * an affine layer. `new ResNet([3, 3, 3], 10, { stem: "cifar", width: 16 })` is the paper's network of 20 layers for small images.
 * Shapes: [N, inChannels, H, W] → logits [N, numClasses]. Names, shapes and initial values are torchvision's: `conv1.weight`, `layer1.0.bn2.bias`,
 * `layer2.0.downsample.0.weight`, …, `fc.bias`. (He et al., 2016)
 * @param blocks how many each stage has
 * @throws ValueError, UnknownNameError
 */
export class ResNet extends Layer {
  static readonly type = "vision/ResNet";
  readonly conv1: Conv2d;
  readonly bn1: BatchNorm2d;
  readonly relu = new ReLU();
  readonly maxpool: MaxPool2d | null;
  /** `layer1`, `layer2`, …: one for each stage. */
  [stage: `layer${number}`]: Sequential;
  /** Declared only: it is made behind the stages, where torchvision has it. */
  declare readonly fc: Linear;

  constructor(readonly blocks: readonly number[], numClasses = 1000, options: ResNetOptions = {}) {
    super([blocks, numClasses, jsonOptions(options)]);
    checkOptions("ResNet", options, ["inChannels", "stem", "width", "zeroInitResidual", "generator"]);
    const { inChannels = 3, stem = "imagenet", width = 64, generator } = options;
    checkChoice("ResNet", "stem", stem, ["imagenet", "cifar"]);
    checkWhole("ResNet", "width", width, 1);
    if (blocks.length === 0) throw new ValueError("ResNet", "there are no stages", "Give the number of blocks of each: [2, 2, 2, 2]", { blocks });
    blocks.forEach((count, i) => { checkWhole("ResNet", `the number of blocks of stage ${i + 1}`, count, 1); });

    const isSmall = stem === "cifar";
    this.conv1 = startedConv2d(inChannels, width, isSmall ? 3 : 7, { stride: isSmall ? 1 : 2, padding: isSmall ? 1 : 3, bias: false, generator });
    this.bn1 = new BatchNorm2d(width);
    this.maxpool = isSmall ? null : new MaxPool2d(3, { stride: 2, padding: 1 });
    const channelsOf = (i: number): number => width * 2 ** i;
    blocks.forEach((count, i) => {
      this[`layer${i + 1}`] = stageOf({ blocks: count, inChannels: channelsOf(Math.max(0, i - 1)), channels: channelsOf(i), stride: i === 0 ? 1 : 2 }, options);
    });
    this.fc = new Linear(channelsOf(blocks.length - 1), numClasses, { generator });
  }

  forward(x: Tensor): Tensor {
    const stem = [this.conv1, this.bn1, this.relu, ...(this.maxpool === null ? [] : [this.maxpool])];
    const maps = inSequence([...stem, ...this.blocks.map((_, i) => this[`layer${i + 1}`])], x);
    return this.fc.forward(maps.mean([2, 3]));
  }
}

/** Residual network of 18 layers; 11,689,512 parameters for 1000 classes. @throws what `ResNet` throws */
export const resnet18 = (numClasses = 1000, options: ResNetOptions = {}): ResNet => new ResNet([2, 2, 2, 2], numClasses, options);

/** Residual network of 34 layers; 21,797,672 parameters for 1000 classes. @throws what `ResNet` throws */
export const resnet34 = (numClasses = 1000, options: ResNetOptions = {}): ResNet => new ResNet([3, 4, 6, 3], numClasses, options);
