import type { LayerExample } from "../../module/layer-example.js";
import { LearnedPE, SinusoidalPE } from "./encodings.js";
import { RotaryEmbedding } from "./rotary.js";

/** Examples of positional encodings. */
export const positionExamples = (): LayerExample[] => [
  { layer: () => new SinusoidalPE(5, 3, { base: 100 }), shapes: [[4, 2, 3]], outputShape: [4, 2, 3] },
  { layer: () => new LearnedPE(3, 2, { batchFirst: true, std: 1 }), shapes: [[2, 3, 2]], outputShape: [2, 3, 2] },
  { layer: () => new RotaryEmbedding(4, { maxLength: 6, base: 100 }), shapes: [[2, 3, 4]], outputShape: [2, 3, 4] },
  { layer: () => new RotaryEmbedding(4, { maxLength: 6, interleaved: false }), shapes: [[3, 4]], outputShape: [3, 4] },
];
