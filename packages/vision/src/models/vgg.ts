import { AdaptiveAvgPool2d, BatchNorm2d, Dropout, jsonOptions, Layer, MaxPool2d, ReLU, Sequential, type TensorModule } from "@dl/nn";
import { ValueError, checkOptions, unknownName } from "@dl/registry";
import type { Generator, Tensor } from "@dl/tensor";
import { startedConv2d, startedLinear } from "./started.js";

/** Convolutions of 3 × 3 by their channels, and "M" for a max pool that halves the size. */
export type VGGPlan = readonly (number | "M")[];

/** Configurations A, B, D and E of the paper, by how many layers have weights. */
const plans = {
  vgg11: [64, "M", 128, "M", 256, 256, "M", 512, 512, "M", 512, 512, "M"],
  vgg13: [64, 64, "M", 128, 128, "M", 256, 256, "M", 512, 512, "M", 512, 512, "M"],
  vgg16: [64, 64, "M", 128, 128, "M", 256, 256, 256, "M", 512, 512, 512, "M", 512, 512, 512, "M"],
  vgg19: [64, 64, "M", 128, 128, "M", 256, 256, 256, 256, "M", 512, 512, 512, 512, "M", 512, 512, 512, 512, "M"],
} as const satisfies Readonly<Record<string, VGGPlan>>;

export type VGGName = keyof typeof plans;

export interface VGGOptions {
  /** Channels of the image. Default 3. */
  readonly inChannels?: number;
  /** Batch normalisation behind every convolution. Default false. */
  readonly batchNorm?: boolean;
  /** Values of the two hidden affine layers. Default 4096: 103 of the 133 million parameters of vgg11, so choose less for small images. */
  readonly hidden?: number;
  /** Height and width to which maps are averaged before the affine layers. Default 7. */
  readonly pooledSize?: number;
  /** Probability of dropping a hidden value. Default 0.5. */
  readonly dropout?: number;
  /** Where initial values come from; by default the generator that `manualSeed` seeds. Not saved. */
  readonly generator?: Generator;
}

function planOf(plan: VGGName | VGGPlan): VGGPlan {
  if (typeof plan !== "string") {
    if (plan.some((step) => typeof step === "number")) return plan;
    throw new ValueError("VGG", `the plan [${plan.join(", ")}] has no convolution`, 'Give channels and pools: [16, "M", 32, "M"]', { plan });
  }
  if (!Object.hasOwn(plans, plan)) throw unknownName("VGG", "plan", plan, Object.keys(plans));
  return plans[plan];
}

/** The convolutions, and the channels that the last of them gives. */
function featuresOf(plan: VGGPlan, { inChannels = 3, batchNorm = false, generator }: VGGOptions): { readonly features: Sequential; readonly channels: number } {
  let channels = inChannels;
  const layers = plan.flatMap((step): TensorModule[] => {
    if (step === "M") return [new MaxPool2d(2)];
    const conv = startedConv2d(channels, step, 3, { padding: 1, generator });
    channels = step;
    return batchNorm ? [conv, new BatchNorm2d(step), new ReLU()] : [conv, new ReLU()];
  });
  return { features: new Sequential(...layers), channels };
}

/**
 * Stacks of 3 × 3 convolutions between max pools, then three affine layers: `new VGG("vgg11", 10)`, or small with a plan of one's own,
 * `new VGG([16, "M", 32, "M"], 10, { batchNorm: true, hidden: 64, pooledSize: 2 })`.
 * Shapes: [N, inChannels, H, W] → logits [N, numClasses]; H and W of at least 2 to the number of pools. Names, shapes and initial values are
 * torchvision's: `features.0.weight`, …, `classifier.6.bias`. (Simonyan and Zisserman, 2015)
 * @throws UnknownNameError, ValueError
 */
export class VGG extends Layer {
  static readonly type = "vision/VGG";
  readonly features: Sequential;
  readonly avgpool: AdaptiveAvgPool2d;
  readonly classifier: Sequential;

  constructor(plan: VGGName | VGGPlan, numClasses = 1000, options: VGGOptions = {}) {
    super([plan, numClasses, jsonOptions(options)]);
    checkOptions("VGG", options, ["inChannels", "batchNorm", "hidden", "pooledSize", "dropout", "generator"]);
    const { hidden = 4096, pooledSize = 7, dropout = 0.5, generator } = options;
    const { features, channels } = featuresOf(planOf(plan), options);
    this.features = features;
    this.avgpool = new AdaptiveAvgPool2d(pooledSize);
    this.classifier = new Sequential(
      startedLinear(channels * pooledSize ** 2, hidden, { generator }), new ReLU(), new Dropout(dropout),
      startedLinear(hidden, hidden, { generator }), new ReLU(), new Dropout(dropout),
      startedLinear(hidden, numClasses, { generator }),
    );
  }

  forward(x: Tensor): Tensor {
    return this.classifier.forward(this.avgpool.forward(this.features.forward(x)).flatten(1));
  }
}
