import type { LayerExample } from "../../module/layer-example.js";
import {
  AdaptiveAvgPool1d, AdaptiveAvgPool2d, AdaptiveAvgPool3d, AdaptiveMaxPool1d, AdaptiveMaxPool2d, AdaptiveMaxPool3d,
} from "./adaptive-pool.js";
import { KMaxPool1d } from "./k-max-pool.js";
import {
  AvgPool1d, AvgPool2d, AvgPool3d, LPPool1d, LPPool2d, LPPool3d, MaxPool1d, MaxPool2d, MaxPool3d, MaxUnpool1d, MaxUnpool2d, MaxUnpool3d,
} from "./pool.js";

const index = (layer: LayerExample["layer"], x: NonNullable<LayerExample["inputs"]>[number], indices: typeof x, outputShape: readonly number[]): LayerExample => ({
  layer, inputs: [x, indices], dtypes: ["float32", "int32"], outputShape,
});

export const poolExamples = (): LayerExample[] => [
  { layer: () => new MaxPool1d(3, { stride: 1, padding: 1, dilation: 1 }), shapes: [[1, 2, 4]], outputShape: [1, 2, 4] },
  { layer: () => new MaxPool2d(2, { ceilMode: true }), shapes: [[1, 2, 3, 4]], outputShape: [1, 2, 2, 2] },
  { layer: () => new MaxPool3d([1, 2, 2], { stride: [1, 2, 1] }), shapes: [[1, 1, 2, 2, 3]], outputShape: [1, 1, 2, 1, 2] },
  index(() => new MaxUnpool1d(2, { stride: 2 }), [[[5, 4]]], [[[1, 3]]], [1, 1, 4]),
  index(() => new MaxUnpool2d(2, { outputSize: [3, 2] }), [[[[5]]]], [[[[2]]]], [1, 1, 3, 2]),
  index(() => new MaxUnpool3d(2, { padding: 0 }), [[[[[5]]]]], [[[[[6]]]]], [1, 1, 2, 2, 2]),
  { layer: () => new AvgPool1d(2, { padding: 1, countIncludePad: false }), shapes: [[1, 2, 4]], outputShape: [1, 2, 3] },
  { layer: () => new AvgPool2d([2, 1], { divisorOverride: 3 }), shapes: [[1, 2, 4, 2]], outputShape: [1, 2, 2, 2] },
  { layer: () => new AvgPool3d(2, { stride: 1 }), shapes: [[1, 1, 2, 2, 3]], outputShape: [1, 1, 1, 1, 2] },
  { layer: () => new LPPool1d(2, 2, { ceilMode: true }), shapes: [[1, 2, 3]], outputShape: [1, 2, 2] },
  { layer: () => new LPPool2d(4, 2, { stride: 1 }), shapes: [[1, 1, 3, 3]], outputShape: [1, 1, 2, 2] },
  { layer: () => new LPPool3d(2, 2, { stride: 1 }), shapes: [[1, 1, 2, 2, 3]], outputShape: [1, 1, 1, 1, 2] },
  { layer: () => new KMaxPool1d(2), shapes: [[2, 2, 5]], outputShape: [2, 2, 2] },
  { layer: () => new KMaxPool1d({ layer: 1, layers: 2, top: 2 }), shapes: [[1, 2, 7]], outputShape: [1, 2, 4] },
  { layer: () => new AdaptiveAvgPool1d(3), shapes: [[1, 2, 5]], outputShape: [1, 2, 3] },
  { layer: () => new AdaptiveAvgPool2d([2, 1]), shapes: [[1, 2, 3, 4]], outputShape: [1, 2, 2, 1] },
  { layer: () => new AdaptiveAvgPool3d(1), shapes: [[1, 2, 2, 2, 2]], outputShape: [1, 2, 1, 1, 1] },
  { layer: () => new AdaptiveMaxPool1d(2), shapes: [[1, 2, 5]], outputShape: [1, 2, 2] },
  { layer: () => new AdaptiveMaxPool2d([2, 3]), shapes: [[1, 2, 3, 4]], outputShape: [1, 2, 2, 3] },
  { layer: () => new AdaptiveMaxPool3d(1), shapes: [[1, 2, 2, 2, 2]], outputShape: [1, 2, 1, 1, 1] },
];
