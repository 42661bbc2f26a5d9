import type { LayerExample } from "../../module/layer-example.js";
import {
  CircularPad1d, CircularPad2d, CircularPad3d, ConstantPad1d, ConstantPad2d, ConstantPad3d, ReflectionPad1d, ReflectionPad2d,
  ReflectionPad3d, ReplicationPad1d, ReplicationPad2d, ReplicationPad3d, ZeroPad1d, ZeroPad2d, ZeroPad3d,
} from "./padding.js";

export const paddingExamples = (): LayerExample[] => [
  { layer: () => new ZeroPad1d([1, 2]), shapes: [[2, 3]], outputShape: [2, 6] },
  { layer: () => new ZeroPad2d(1), shapes: [[1, 2, 3]], outputShape: [1, 4, 5] },
  { layer: () => new ZeroPad3d([1, 0, 0, 1, 2, 0]), shapes: [[1, 2, 2, 2]], outputShape: [1, 4, 3, 3] },
  { layer: () => new ReflectionPad1d([1, 2]), shapes: [[2, 3]], outputShape: [2, 6] },
  { layer: () => new ReflectionPad2d(1), shapes: [[1, 2, 3]], outputShape: [1, 4, 5] },
  { layer: () => new ReflectionPad3d([1, 0, 0, 1, 1, 0]), shapes: [[1, 2, 2, 2]], outputShape: [1, 3, 3, 3] },
  { layer: () => new ReplicationPad1d([1, 2]), shapes: [[2, 3]], outputShape: [2, 6] },
  { layer: () => new ReplicationPad2d(1), shapes: [[1, 2, 3]], outputShape: [1, 4, 5] },
  { layer: () => new ReplicationPad3d([1, 0, 0, 1, 2, 0]), shapes: [[1, 2, 2, 2]], outputShape: [1, 4, 3, 3] },
  { layer: () => new CircularPad1d([1, 2]), shapes: [[2, 3]], outputShape: [2, 6] },
  { layer: () => new CircularPad2d(1), shapes: [[1, 2, 3]], outputShape: [1, 4, 5] },
  { layer: () => new CircularPad3d([1, 0, 0, 1, 1, 0]), shapes: [[1, 2, 2, 2]], outputShape: [1, 3, 3, 3] },
  { layer: () => new ConstantPad1d([1, -1], 3), shapes: [[2, 3]], outputShape: [2, 3] },
  { layer: () => new ConstantPad2d(1, 0.5), shapes: [[1, 2, 3]], outputShape: [1, 4, 5] },
  { layer: () => new ConstantPad3d(1, -1), shapes: [[1, 1, 1, 2]], outputShape: [1, 3, 3, 4] },
];
