import { gelu } from "@dl/tensor";
import { lossExamples } from "../losses/examples.js";
import { pruningExamples } from "../pruning/examples.js";
import { quantizationExamples } from "../quantization/examples.js";
import type { Layer } from "../module/layer.js";
import type { LayerExample } from "../module/layer-example.js";
import { Activation } from "./activation.js";
import { attentionExamples } from "./attention/examples.js";
import { convExamples } from "./conv/examples.js";
import { dropoutExamples } from "./dropout/examples.js";
import { GLU, PReLU, RReLU, Softmin, Threshold } from "./gated.js";
import { embeddingExamples } from "./embedding/examples.js";
import { Linear } from "./linear.js";
import { normExamples } from "./norm/examples.js";
import { paddingExamples } from "./padding/examples.js";
import { poolExamples } from "./pool/examples.js";
import { MLP } from "./mlp.js";
import {
  CELU, ELU, GELU, Hardshrink, Hardsigmoid, Hardswish, Hardtanh, LeakyReLU, LogSigmoid, Mish, ReLU, ReLU6, SELU, Sigmoid, SiLU, Softplus,
  Softshrink, Softsign, Tanh, Tanhshrink,
} from "./pointwise.js";
import { positionExamples } from "./position/examples.js";
import { recurrentExamples } from "./recurrent/examples.js";
import { transformerExamples } from "./transformer/examples.js";
import { resampleExamples } from "./resample/examples.js";
import { Sequential } from "./sequential.js";
import { Flatten, Identity, Unflatten } from "./shape.js";
import { LogSoftmax, Softmax } from "./softmax.js";

// Away from the kinks of all of them, where numeric gradients would say nothing.
const points = [[-1.9, -0.7, 0.2], [0.6, 1.4, 2.3]];

const pointwise = (): (() => Layer)[] => [
  () => new ReLU(), () => new ReLU6(), () => new Sigmoid(), () => new LogSigmoid(), () => new Tanh(), () => new SiLU(), () => new Mish(),
  () => new SELU(), () => new Softsign(), () => new Tanhshrink(), () => new Hardsigmoid(), () => new Hardswish(), () => new GELU(),
  () => new GELU({ approximate: "tanh" }), () => new Hardtanh({ minVal: -1.5, maxVal: 2 }), () => new LeakyReLU({ negativeSlope: 0.2 }),
  () => new ELU({ alpha: 0.5 }), () => new CELU({ alpha: 2 }), () => new Softplus({ beta: 2 }), () => new Hardshrink({ lambda: 1 }),
  () => new Softshrink({ lambda: 1 }), () => new Activation(gelu), () => new Identity(), () => new Softmax(-1), () => new LogSoftmax(0),
];

const basicExamples = (): LayerExample[] => [
  { layer: () => new Linear(3, 4), shapes: [[2, 3]], outputShape: [2, 4] },
  { layer: () => new Linear(3, 2, { bias: false }), shapes: [[2, 5, 3]], outputShape: [2, 5, 2] },
  { layer: () => new MLP([3, 4, 2], { activation: gelu, dropout: 0.25 }), shapes: [[2, 3]], outputShape: [2, 2] },
  { layer: () => new Sequential(new Linear(3, 4), new Tanh(), new Linear(4, 2)), shapes: [[2, 3]], outputShape: [2, 2] },
  { layer: () => new Flatten({ startDim: 0, endDim: 1 }), shapes: [[2, 3, 4]], outputShape: [6, 4] },
  { layer: () => new Unflatten(1, [2, 3]), shapes: [[2, 6]], outputShape: [2, 2, 3] },
  { layer: () => new PReLU({ init: 0.3 }), inputs: [points], outputShape: [2, 3] },
  { layer: () => new PReLU({ numParameters: 3 }), inputs: [points], outputShape: [2, 3] },
  { layer: () => new RReLU({ lower: 0.2 }), inputs: [points], outputShape: [2, 3] },
  { layer: () => new GLU(1), shapes: [[2, 4, 3]], outputShape: [2, 2, 3] },
  { layer: () => new Softmin(1), inputs: [points], outputShape: [2, 3] },
  { layer: () => new Threshold(0.1, 20), inputs: [points], outputShape: [2, 3] },
  ...pointwise().map((layer) => ({ layer, inputs: [points], outputShape: [2, 3] })),
];

/** Every family of layers. Nothing else lists their examples. */
const families: readonly (() => LayerExample[])[] = [basicExamples, dropoutExamples, convExamples, normExamples, poolExamples, paddingExamples, recurrentExamples, embeddingExamples, attentionExamples, transformerExamples, positionExamples, resampleExamples, lossExamples, pruningExamples, quantizationExamples];

/** Examples of every layer of this package. */
export const layerExamples = (): LayerExample[] => families.flatMap((examples) => examples());
