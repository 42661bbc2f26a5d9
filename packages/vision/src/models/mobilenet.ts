import { Dropout, jsonOptions, Layer, Sequential } from "@dl/nn";
import { ValueError, checkChoice, checkOptions, checkPositive, checkWhole } from "@dl/registry";
import type { Generator, Tensor } from "@dl/tensor";
import { InvertedResidual } from "./inverted-residual.js";
import { convNormReLU6, startedLinear } from "./started.js";

/** Blocks of one shape: how much they widen, their channels, how many there are, and the stride of the first. */
export type MobileNetStage = readonly [expansion: number, channels: number, blocks: number, stride: number];

export interface MobileNetV2Options {
  /** Channels of the image. Default 3. */
  readonly inChannels?: number;
  /** Factor on all channels, which stay multiples of 8. Default 1. */
  readonly widthMultiplier?: number;
  /** "imagenet" (default) leaves 1/32 of height and width; "cifar" begins without the first two strides, for small images. */
  readonly stem?: "imagenet" | "cifar";
  /** Default: the 17 blocks of the paper. */
  readonly stages?: readonly MobileNetStage[];
  /** Channels before the mean, multiplied only by a widthMultiplier above 1. Default 1280. */
  readonly lastChannels?: number;
  /** Probability of dropping one of them. Default 0.2. */
  readonly dropout?: number;
  /** Where initial values come from; by default the generator that `manualSeed` seeds. Not saved. */
  readonly generator?: Generator;
}

/** Table 2 of the paper. */
const paperStages: readonly MobileNetStage[] = [
  [1, 16, 1, 1], [6, 24, 2, 2], [6, 32, 3, 2], [6, 64, 4, 2], [6, 96, 3, 1], [6, 160, 3, 2], [6, 320, 1, 1],
];
const STEM_CHANNELS = 32;

/** The multiple of 8 nearest to `channels`, but never less than nine tenths of them. */
function roundedChannels(channels: number): number {
  const nearest = Math.max(8, Math.floor((channels + 4) / 8) * 8);
  return nearest < 0.9 * channels ? nearest + 8 : nearest;
}

const optionKeys: readonly (keyof MobileNetV2Options)[] = ["inChannels", "widthMultiplier", "stem", "stages", "lastChannels", "dropout", "generator"];

/** Whether it is one at run time, too. */
const isStage = (stage: readonly number[]): boolean => stage.length === 4 && stage.every((value) => value > 0) && stage.slice(1).every(Number.isSafeInteger);

function checked(options: MobileNetV2Options): Required<Omit<MobileNetV2Options, "generator">> {
  checkOptions("MobileNetV2", options, optionKeys);
  const { inChannels = 3, widthMultiplier = 1, stem = "imagenet", stages = paperStages, lastChannels = 1280, dropout = 0.2 } = options;
  checkPositive("MobileNetV2", "widthMultiplier", widthMultiplier);
  checkChoice("MobileNetV2", "stem", stem, ["imagenet", "cifar"]);
  checkWhole("MobileNetV2", "lastChannels", lastChannels, 1);
  const wrong = stages.find((stage) => !isStage(stage));
  if (wrong !== undefined) {
    throw new ValueError("MobileNetV2", `a stage is [${wrong.join(", ")}]`, "Give [expansion, channels, blocks, stride], all above 0", { stage: wrong });
  }
  return { inChannels, widthMultiplier, stem, stages, lastChannels, dropout };
}

/** The paper's strides, but 1 in the first stage that halves. */
function gentler(stages: readonly MobileNetStage[]): MobileNetStage[] {
  const first = stages.findIndex(([, , , stride]) => stride > 1);
  return stages.map(([expansion, channels, blocks, stride], i) => [expansion, channels, blocks, i === first ? 1 : stride]);
}

/**
 * A network of inverted residuals, whose convolutions of 3 × 3 see one channel each; 3,504,872 parameters for 1000 classes.
 * Shapes: [N, inChannels, H, W] → logits [N, numClasses]. Names, shapes and initial values are torchvision's: `features.0.0.weight`,
 * `features.1.conv.0.0.weight`, …, `classifier.1.bias`. (Sandler et al., 2018)
 * @throws UnknownNameError, ValueError
 */
export class MobileNetV2 extends Layer {
  static readonly type = "vision/MobileNetV2";
  readonly features: Sequential;
  readonly classifier: Sequential;

  constructor(numClasses = 1000, options: MobileNetV2Options = {}) {
    super([numClasses, jsonOptions(options)]);
    const { inChannels, widthMultiplier, stem, stages, lastChannels, dropout } = checked(options);
    const { generator } = options;
    const isSmall = stem === "cifar";
    let channels = roundedChannels(STEM_CHANNELS * widthMultiplier);
    const start = convNormReLU6(inChannels, channels, 3, { stride: isSmall ? 1 : 2, generator });
    const blocks = (isSmall ? gentler(stages) : stages).flatMap(([expansion, wanted, count, stride]) =>
      Array.from({ length: count }, (_, i) => {
        const before = channels;
        channels = roundedChannels(wanted * widthMultiplier);
        return new InvertedResidual(before, channels, { stride: i === 0 ? stride : 1, expansion, generator });
      }));
    const last = roundedChannels(lastChannels * Math.max(1, widthMultiplier));
    this.features = new Sequential(start, ...blocks, convNormReLU6(channels, last, 1, { generator }));
    this.classifier = new Sequential(new Dropout(dropout), startedLinear(last, numClasses, { generator }));
  }

  forward(x: Tensor): Tensor {
    return this.classifier.forward(this.features.forward(x).mean([2, 3]));
  }
}
