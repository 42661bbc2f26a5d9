import type { LayerExample } from "../../module/layer-example.js";
import { BatchNorm1d, BatchNorm2d, BatchNorm3d } from "./batch-norm.js";
import { InstanceNorm1d, InstanceNorm2d, InstanceNorm3d } from "./instance-norm.js";
import { GroupNorm, LayerNorm, LocalResponseNorm, RMSNorm } from "./layer-norm.js";

export const normExamples = (): LayerExample[] => [
  { layer: () => new BatchNorm1d(3, { eps: 1e-3, momentum: 0.2 }), shapes: [[4, 3]], outputShape: [4, 3] },
  { layer: () => new BatchNorm1d(2, { momentum: null }), shapes: [[3, 2, 2]], outputShape: [3, 2, 2] },
  { layer: () => new BatchNorm2d(2, { affine: false }), shapes: [[2, 2, 2, 3]], outputShape: [2, 2, 2, 3] },
  { layer: () => new BatchNorm3d(2, { trackRunningStats: false }), shapes: [[2, 2, 1, 2, 2]], outputShape: [2, 2, 1, 2, 2] },
  { layer: () => new InstanceNorm1d(2, { affine: true }), shapes: [[2, 2, 4]], outputShape: [2, 2, 4] },
  { layer: () => new InstanceNorm2d(2, { affine: true, trackRunningStats: true, momentum: 0.3 }), shapes: [[2, 2, 2, 2]], outputShape: [2, 2, 2, 2] },
  { layer: () => new InstanceNorm3d(1, { eps: 1e-3 }), shapes: [[1, 2, 2, 2]], outputShape: [1, 2, 2, 2] },
  { layer: () => new LayerNorm([2, 3], { eps: 1e-3, bias: false }), shapes: [[2, 2, 3]], outputShape: [2, 2, 3] },
  { layer: () => new LayerNorm(3), shapes: [[2, 3]], outputShape: [2, 3] },
  { layer: () => new RMSNorm(3, { eps: 1e-3 }), shapes: [[2, 3]], outputShape: [2, 3] },
  { layer: () => new GroupNorm(2, 4, { eps: 1e-3 }), shapes: [[2, 4, 3]], outputShape: [2, 4, 3] },
  { layer: () => new LocalResponseNorm(2, { alpha: 0.5, k: 2 }), shapes: [[1, 3, 2]], outputShape: [1, 3, 2] },
];
