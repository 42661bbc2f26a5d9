import type { LayerExample } from "@dl/nn";
import { BasicBlock } from "./basic-block.js";
import { InvertedResidual } from "./inverted-residual.js";
import { LeNet5 } from "./lenet.js";
import { MobileNetV2 } from "./mobilenet.js";
import { ResNet } from "./resnet.js";
import { VGG } from "./vgg.js";

/** Examples of the models, for the suites of `@dl/testing`: small, with options that are not the defaults. Their ReLUs and pools have kinks. */
export const modelExamples = (): LayerExample[] => [
  { layer: () => new BasicBlock(2, 3, { stride: 2, zeroInit: true }), shapes: [[2, 2, 4, 4]], outputShape: [2, 3, 2, 2], gradient: false },
  { layer: () => new BasicBlock(2, 2), shapes: [[2, 2, 3, 3]], outputShape: [2, 2, 3, 3], gradient: false },
  { layer: () => new InvertedResidual(2, 3, { stride: 2, expansion: 2 }), shapes: [[2, 2, 4, 4]], outputShape: [2, 3, 2, 2], gradient: false },
  { layer: () => new InvertedResidual(2, 2, { expansion: 1 }), shapes: [[2, 2, 3, 3]], outputShape: [2, 2, 3, 3], gradient: false },
  {
    layer: () => new LeNet5(3, { inChannels: 2, imageSize: 32, activation: "tanh", pooling: "average" }),
    shapes: [[2, 2, 32, 32]], outputShape: [2, 3], gradient: false,
  },
  {
    layer: () => new VGG([4, "M", 3], 2, { inChannels: 1, batchNorm: true, hidden: 5, pooledSize: 2, dropout: 0.25 }),
    shapes: [[2, 1, 6, 6]], outputShape: [2, 2], gradient: false,
  },
  {
    layer: () => new ResNet([1, 2], 3, { inChannels: 1, stem: "cifar", width: 2, zeroInitResidual: true }),
    shapes: [[2, 1, 6, 6]], outputShape: [2, 3], gradient: false,
  },
  {
    layer: () => new MobileNetV2(3, {
      inChannels: 1, widthMultiplier: 0.25, stem: "cifar", stages: [[1, 16, 1, 1], [2, 24, 2, 2], [2, 32, 1, 2]], lastChannels: 16, dropout: 0.5,
    }),
    shapes: [[2, 1, 8, 8]], outputShape: [2, 3], gradient: false,
  },
];
