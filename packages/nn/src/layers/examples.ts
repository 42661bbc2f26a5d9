import { gelu } from "@dl/tensor";
import type { DType, Nested } from "@dl/tensor";
import {
  BCELoss, BCEWithLogitsLoss, CrossEntropyLoss, HuberLoss, L1Loss, MSELoss, NLLLoss, SmoothL1Loss,
} from "../losses/layers.js";
import type { Layer } from "../module/layer.js";
import { Activation } from "./activation.js";
import { Dropout } from "./dropout.js";
import { Linear } from "./linear.js";
import { MLP } from "./mlp.js";
import {
  CELU, ELU, GELU, Hardshrink, Hardsigmoid, Hardswish, Hardtanh, LeakyReLU, LogSigmoid, Mish, ReLU, ReLU6, SELU, Sigmoid, SiLU, Softplus,
  Softshrink, Softsign, Tanh, Tanhshrink,
} from "./pointwise.js";
import { Sequential } from "./sequential.js";
import { Flatten, Identity, Unflatten } from "./shape.js";
import { LogSoftmax, Softmax } from "./softmax.js";

/** A sample use of a layer, as `testLayer` of `@dl/testing` takes it. Options are not the defaults: what a file loses shows only then. */
export interface LayerExample {
  /** Makes the layer, each time with fresh weights. */
  readonly layer: () => Layer;
  /** Shapes of the inputs, whose values are drawn from [-2, 2]. */
  readonly shapes?: readonly (readonly number[])[];
  /** The inputs' values, where they matter. */
  readonly inputs?: readonly Nested[];
  readonly dtypes?: readonly DType[];
  readonly outputShape?: readonly number[];
}

// Away from the kinks of all of them, where numeric gradients would say nothing.
const points = [[-1.9, -0.7, 0.2], [0.6, 1.4, 2.3]];

const pointwise = (): (() => Layer)[] => [
  () => new ReLU(), () => new ReLU6(), () => new Sigmoid(), () => new LogSigmoid(), () => new Tanh(), () => new SiLU(), () => new Mish(),
  () => new SELU(), () => new Softsign(), () => new Tanhshrink(), () => new Hardsigmoid(), () => new Hardswish(), () => new GELU(),
  () => new GELU({ approximate: "tanh" }), () => new Hardtanh({ minVal: -1.5, maxVal: 2 }), () => new LeakyReLU({ negativeSlope: 0.2 }),
  () => new ELU({ alpha: 0.5 }), () => new CELU({ alpha: 2 }), () => new Softplus({ beta: 2 }), () => new Hardshrink({ lambda: 1 }),
  () => new Softshrink({ lambda: 1 }), () => new Activation(gelu), () => new Identity(), () => new Softmax(-1), () => new LogSoftmax(0),
];

const losses = (): LayerExample[] => {
  const pair = [[[0.2, -1.1], [1.7, 0.4]], [[0.1, 0.9], [-0.6, 2.1]]];
  const labels = { inputs: [[[0.2, -1.1, 0.5], [1.7, 0.4, -0.3]], [2, 0]], dtypes: ["float32", "int32"], outputShape: [] } as const;
  const binary = (input: Nested): Pick<LayerExample, "inputs" | "outputShape"> => ({ inputs: [input, [[0, 1], [0.3, 1]]], outputShape: [] });
  return [
    { layer: () => new MSELoss({ reduction: "sum" }), inputs: pair, outputShape: [] },
    { layer: () => new L1Loss({ reduction: "none" }), inputs: pair, outputShape: [2, 2] },
    { layer: () => new HuberLoss({ delta: 0.5 }), inputs: pair, outputShape: [] },
    { layer: () => new SmoothL1Loss({ beta: 0.5 }), inputs: pair, outputShape: [] },
    { layer: () => new CrossEntropyLoss({ labelSmoothing: 0.1, ignoreIndex: 1 }), ...labels },
    { layer: () => new NLLLoss({ reduction: "sum" }), ...labels },
    { layer: () => new BCEWithLogitsLoss({ reduction: "sum" }), ...binary(pair[0]) },
    { layer: () => new BCELoss({ reduction: "sum" }), ...binary([[0.2, 0.7], [0.5, 0.9]]) },
  ];
};

/** Examples of every layer of this package. */
export const layerExamples = (): LayerExample[] => [
  { layer: () => new Linear(3, 4), shapes: [[2, 3]], outputShape: [2, 4] },
  { layer: () => new Linear(3, 2, { bias: false }), shapes: [[2, 5, 3]], outputShape: [2, 5, 2] },
  { layer: () => new MLP([3, 4, 2], { activation: gelu, dropout: 0.25 }), shapes: [[2, 3]], outputShape: [2, 2] },
  { layer: () => new Sequential(new Linear(3, 4), new Tanh(), new Linear(4, 2)), shapes: [[2, 3]], outputShape: [2, 2] },
  { layer: () => new Dropout(0.3), shapes: [[4, 5]], outputShape: [4, 5] },
  { layer: () => new Flatten({ startDim: 0, endDim: 1 }), shapes: [[2, 3, 4]], outputShape: [6, 4] },
  { layer: () => new Unflatten(1, [2, 3]), shapes: [[2, 6]], outputShape: [2, 2, 3] },
  ...pointwise().map((layer) => ({ layer, inputs: [points], outputShape: [2, 3] })),
  ...losses(),
];
