import type { LayerExample } from "../../module/layer-example.js";
import { MultiheadAttention } from "./multihead.js";

/** Examples of attention layers. */
export const attentionExamples = (): LayerExample[] => [
  { layer: () => new MultiheadAttention(4, 2), shapes: [[3, 2, 4]], outputShape: [3, 2, 4] },
  {
    layer: () => new MultiheadAttention(4, 2, { dropout: 0.3, kdim: 3, vdim: 2, addBiasKv: true, addZeroAttn: true, batchFirst: true }),
    shapes: [[2, 2, 4], [2, 3, 3], [2, 3, 2]],
    outputShape: [2, 2, 4],
  },
  { layer: () => new MultiheadAttention(4, 1, { bias: false }), shapes: [[2, 4], [3, 4]], outputShape: [2, 4] },
];
