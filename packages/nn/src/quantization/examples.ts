import { Conv1d, Conv2d, Conv3d } from "../layers/conv/index.js";
import { Linear } from "../layers/linear.js";
import type { Layer } from "../module/layer.js";
import type { LayerExample } from "../module/layer-example.js";
import { FakeQuantized } from "./fake-quantized.js";
import { scaleOf } from "./int8.js";
import type { FloatLayer } from "./targets.js";
import { quantized } from "./targets.js";

const dynamic = (layer: FloatLayer): Layer => quantized(layer, null);
const fixed = (layer: FloatLayer): Layer => quantized(layer, scaleOf(layer.weight.abs().max()));

// Rounding has no gradient, and what stands in for it is none that could be measured.
export const quantizationExamples = (): LayerExample[] => [
  { layer: () => dynamic(new Linear(3, 4)), shapes: [[2, 3]], outputShape: [2, 4], gradient: false },
  { layer: () => fixed(new Linear(3, 4, { bias: false })), shapes: [[2, 5, 3]], outputShape: [2, 5, 4], gradient: false },
  { layer: () => dynamic(new Conv1d(2, 3, 3, { padding: 1 })), shapes: [[2, 2, 5]], outputShape: [2, 3, 5], gradient: false },
  { layer: () => fixed(new Conv2d(2, 4, 3, { stride: 2, groups: 2, padding: 1, paddingMode: "reflect" })), shapes: [[2, 2, 5, 6]], outputShape: [2, 4, 3, 3], gradient: false },
  { layer: () => dynamic(new Conv3d(1, 2, 2, { dilation: 2 })), shapes: [[1, 1, 3, 4, 3]], outputShape: [1, 2, 1, 2, 1], gradient: false },
  { layer: () => new FakeQuantized(new Linear(3, 4)), shapes: [[2, 3]], outputShape: [2, 4], gradient: false },
];
