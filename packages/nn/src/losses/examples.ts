import type { Nested } from "@dl/tensor";
import type { LayerExample } from "../module/layer-example.js";
import {
  BCELoss, BCEWithLogitsLoss, CrossEntropyLoss, HuberLoss, L1Loss, MSELoss, NLLLoss, SmoothL1Loss,
} from "./layers.js";

/** Examples of the losses as layers. */
export const lossExamples = (): LayerExample[] => {
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
