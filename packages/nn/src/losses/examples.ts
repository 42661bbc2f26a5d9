import type { Nested } from "@dl/tensor";
import type { LayerExample } from "../module/layer-example.js";
import { CosineEmbeddingLoss, CosineSimilarity, PairwiseDistance, TripletMarginLoss, TripletMarginWithDistanceLoss } from "./distance-layers.js";
import {
  BCELoss, BCEWithLogitsLoss, CrossEntropyLoss, HuberLoss, L1Loss, MSELoss, NLLLoss, SmoothL1Loss,
} from "./layers.js";
import { CTCLoss, GaussianNLLLoss, KLDivLoss, PoissonNLLLoss } from "./likelihood-layers.js";
import {
  HingeEmbeddingLoss, HingeLoss, MarginRankingLoss, MultiLabelMarginLoss, MultiLabelSoftMarginLoss, MultiMarginLoss, SoftMarginLoss,
} from "./margin-layers.js";
import { DiceLoss, FocalLoss, SigmoidFocalLoss } from "./overlap-layers.js";
import { pairwiseDistance } from "./similarity.js";

const scores = [[0.2, -1.1, 0.5], [1.7, 0.4, -0.3]];
const pair = [[[0.2, -1.1], [1.7, 0.4]], [[0.1, 0.9], [-0.6, 2.1]]];
const signs = [[1, -1], [-1, 1]];
const labels = { inputs: [scores, [2, 0]], dtypes: ["float32", "int32"], outputShape: [] } as const;
const binary = (input: Nested): Pick<LayerExample, "inputs" | "outputShape"> => ({ inputs: [input, [[0, 1], [0.3, 1]]], outputShape: [] });

const basicExamples = (): LayerExample[] => [
  { layer: () => new MSELoss({ reduction: "sum" }), inputs: pair, outputShape: [] },
  { layer: () => new L1Loss({ reduction: "none" }), inputs: pair, outputShape: [2, 2] },
  { layer: () => new HuberLoss({ delta: 0.5 }), inputs: pair, outputShape: [] },
  { layer: () => new SmoothL1Loss({ beta: 0.5 }), inputs: pair, outputShape: [] },
  { layer: () => new CrossEntropyLoss({ labelSmoothing: 0.1, ignoreIndex: 1 }), ...labels },
  { layer: () => new NLLLoss({ reduction: "sum" }), ...labels },
  { layer: () => new BCEWithLogitsLoss({ reduction: "sum" }), ...binary(pair[0]) },
  { layer: () => new BCELoss({ reduction: "sum" }), ...binary([[0.2, 0.7], [0.5, 0.9]]) },
];

// A target that is moved away from 1 or −1 is refused, so these have no numeric gradients here; hinge.test.ts takes them by the input alone.
const marginExamples = (): LayerExample[] => [
  { layer: () => new HingeLoss({ squared: true }), inputs: [pair[0], signs], outputShape: [], gradient: false },
  { layer: () => new SoftMarginLoss({ reduction: "sum" }), inputs: [pair[0], signs], outputShape: [], gradient: false },
  { layer: () => new HingeEmbeddingLoss({ margin: 0.7 }), inputs: [pair[0], signs], outputShape: [], gradient: false },
  { layer: () => new MarginRankingLoss({ margin: 0.3 }), inputs: [...pair, signs], outputShape: [], gradient: false },
  { layer: () => new MultiMarginLoss({ p: 2, margin: 0.8 }), ...labels },
  { layer: () => new MultiLabelMarginLoss({ reduction: "none" }), inputs: [scores, [[2, 0, -1], [1, -1, 0]]], dtypes: ["float32", "int32"], outputShape: [2] },
  { layer: () => new MultiLabelSoftMarginLoss({ reduction: "none" }), ...binary(pair[0]), outputShape: [2] },
];

const distanceExamples = (): LayerExample[] => [
  { layer: () => new CosineSimilarity({ dim: 0, eps: 1e-6 }), inputs: pair, outputShape: [2] },
  { layer: () => new PairwiseDistance({ p: 3, keepDim: true }), inputs: pair, outputShape: [2, 1] },
  { layer: () => new CosineEmbeddingLoss({ margin: 0.1 }), inputs: [...pair, [1, -1]], dtypes: ["float32", "float32", "int32"], outputShape: [] },
  { layer: () => new TripletMarginLoss({ margin: 2, swap: true }), inputs: [...pair, scores.map((row) => row.slice(1))], outputShape: [] },
  {
    layer: () => new TripletMarginWithDistanceLoss({ distanceFunction: pairwiseDistance, margin: 2 }),
    inputs: [...pair, scores.map((row) => row.slice(1))],
    outputShape: [],
  },
];

const likelihoodExamples = (): LayerExample[] => [
  { layer: () => new KLDivLoss({ reduction: "batchMean", logTarget: true }), inputs: pair, outputShape: [] },
  { layer: () => new PoissonNLLLoss({ full: true }), inputs: [pair[0], [[2, 0.5], [3, 4]]], outputShape: [] },
  { layer: () => new GaussianNLLLoss({ full: true }), inputs: [...pair, [[0.5], [2]]], outputShape: [] },
  {
    layer: () => new CTCLoss({ blank: 2, reduction: "sum" }),
    inputs: [[[[0.1, -0.4, 0.3], [-1, 0.2, 0]], [[0.5, -0.2, -0.7], [0.3, 0.4, -0.1]], [[-0.3, 0.6, 0.2], [0.1, -0.5, 0.2]]], [[0, 1], [1, 0]], [3, 2], [2, 1]],
    dtypes: ["float32", "int32", "int32", "int32"],
    outputShape: [],
  },
];

const overlapExamples = (): LayerExample[] => [
  { layer: () => new DiceLoss({ activation: "softmax", smooth: 0.5 }), inputs: [[[[0.2, -1.1], [1.7, 0.4]], [[0.1, 0.9], [-0.6, 2.1]]], [[0, 1], [1, 0]]], dtypes: ["float32", "int32"], outputShape: [] },
  { layer: () => new FocalLoss({ gamma: 1.5 }), ...labels },
  { layer: () => new SigmoidFocalLoss({ alpha: 0.3, gamma: 1.5 }), ...binary(pair[0]) },
];

/** Examples of the losses as layers. */
export const lossExamples = (): LayerExample[] =>
  [basicExamples, marginExamples, distanceExamples, likelihoodExamples, overlapExamples].flatMap((family) => family());
