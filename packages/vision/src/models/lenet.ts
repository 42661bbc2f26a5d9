import { AvgPool2d, Conv2d, Flatten, jsonOptions, Layer, Linear, MaxPool2d, ReLU, Sequential, Tanh, type TensorModule } from "@dl/nn";
import { ShapeError, ValueError, checkChoice, checkOptions } from "@dl/registry";
import { showShape, type Generator, type Tensor } from "@dl/tensor";

export interface LeNet5Options {
  /** Channels of the image. Default 1. */
  readonly inChannels?: number;
  /** Height and width of the image: 28 as in MNIST (default), around which 2 pixels of zeros are laid, or 32 as in the paper. */
  readonly imageSize?: 28 | 32;
  /** Default "relu"; the paper had a tanh. */
  readonly activation?: "relu" | "tanh";
  /** Default "max"; the paper averaged. */
  readonly pooling?: "max" | "average";
  /** Where initial values come from; by default the generator that `manualSeed` seeds. Not saved. */
  readonly generator?: Generator;
}

const activations = { relu: () => new ReLU(), tanh: () => new Tanh() } as const;
const pools = { max: () => new MaxPool2d(2), average: () => new AvgPool2d(2) } as const;

/** Maps after the second pool: 16 of 5 × 5. */
const MAPS = 16;
const MAP_SIZE = 5;

/**
 * The network that read cheques, in today's form: two convolutions of 5 × 5 with 6 and 16 channels, a pool of 2 × 2 behind each, and affine
 * layers of 120, 84 and `numClasses`. 61,706 parameters for ten digits.
 * Shapes: [N, inChannels, imageSize, imageSize] → logits [N, numClasses]. Keys: `features.0`, `features.3`, `classifier.1`, `.3`, `.5`. (LeCun et al., 1998)
 * @throws ValueError, UnknownNameError for options that do not exist; ShapeError for images of another size
 */
export class LeNet5 extends Layer {
  static readonly type = "vision/LeNet5";
  readonly imageSize: number;
  readonly features: Sequential;
  readonly classifier: Sequential;

  constructor(numClasses = 10, options: LeNet5Options = {}) {
    super([numClasses, jsonOptions(options)]);
    checkOptions("LeNet5", options, ["inChannels", "imageSize", "activation", "pooling", "generator"]);
    const { inChannels = 1, imageSize = 28, activation = "relu", pooling = "max", generator } = options;
    checkChoice("LeNet5", "activation", activation, ["relu", "tanh"]);
    checkChoice("LeNet5", "pooling", pooling, ["max", "average"]);
    if (![28, 32].includes(imageSize)) throw new ValueError("LeNet5", `imageSize is ${imageSize}`, "Use 28 or 32, and resize other images", { imageSize });
    const active = (layer: TensorModule): TensorModule[] => [layer, activations[activation]()];
    this.imageSize = imageSize;
    this.features = new Sequential(
      ...active(new Conv2d(inChannels, 6, 5, { padding: (32 - imageSize) / 2, generator })), pools[pooling](),
      ...active(new Conv2d(6, MAPS, 5, { generator })), pools[pooling](),
    );
    this.classifier = new Sequential(
      new Flatten(),
      ...active(new Linear(MAPS * MAP_SIZE ** 2, 120, { generator })),
      ...active(new Linear(120, 84, { generator })),
      new Linear(84, numClasses, { generator }),
    );
  }

  forward(x: Tensor): Tensor {
    const size = this.imageSize;
    if (x.ndim !== 4 || x.shape[2] !== size || x.shape[3] !== size) {
      const fact = `the images have shape ${showShape(x.shape)}, expected [N, C, ${size}, ${size}]`;
      throw new ShapeError("LeNet5", fact, "Resize them, or choose another imageSize: 28 or 32", { shape: x.shape });
    }
    return this.classifier.forward(this.features.forward(x));
  }
}
