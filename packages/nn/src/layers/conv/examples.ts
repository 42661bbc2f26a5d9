import type { LayerExample } from "../../module/layer-example.js";
import { Conv1d, Conv2d, Conv3d } from "./conv.js";
import { ConvTranspose1d, ConvTranspose2d, ConvTranspose3d } from "./conv-transpose.js";
import { Fold, Unfold } from "./patches.js";

export const convExamples = (): LayerExample[] => [
  { layer: () => new Conv1d(2, 4, 3, { padding: "same", groups: 2 }), shapes: [[2, 2, 4]], outputShape: [2, 4, 4] },
  { layer: () => new Conv2d(2, 3, [2, 3], { stride: 2, padding: [1, 0], bias: false }), shapes: [[1, 2, 3, 4]], outputShape: [1, 3, 2, 1] },
  { layer: () => new Conv2d(1, 2, 3, { padding: 1, paddingMode: "reflect", dilation: 1 }), shapes: [[1, 1, 3, 3]], outputShape: [1, 2, 3, 3] },
  { layer: () => new Conv3d(1, 2, 2, { padding: [[0, 1], [0, 1], [1, 0]] }), shapes: [[1, 1, 2, 2, 2]], outputShape: [1, 2, 2, 2, 2] },
  { layer: () => new ConvTranspose1d(2, 2, 3, { stride: 2, padding: 1, outputPadding: 1 }), shapes: [[1, 2, 3]], outputShape: [1, 2, 6] },
  { layer: () => new ConvTranspose2d(2, 4, 2, { stride: 2, groups: 2 }), shapes: [[1, 2, 3, 3]], outputShape: [1, 4, 6, 6] },
  { layer: () => new ConvTranspose3d(1, 1, [1, 2, 2], { bias: false, dilation: 2 }), shapes: [[1, 1, 1, 2, 2]], outputShape: [1, 1, 1, 4, 4] },
  { layer: () => new Unfold(2, { stride: 2, padding: 1 }), shapes: [[1, 2, 2, 2]], outputShape: [1, 8, 4] },
  { layer: () => new Fold([3, 3], 2, { dilation: 2 }), shapes: [[1, 4, 1]], outputShape: [1, 1, 3, 3] },
];
