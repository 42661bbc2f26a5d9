import { gelu } from "@dl/tensor";
import type { LayerExample } from "../../module/layer-example.js";
import { LayerNorm } from "../norm/layer-norm.js";
import { TransformerDecoder, TransformerDecoderLayer } from "./decoder.js";
import { TransformerEncoder, TransformerEncoderLayer } from "./encoder.js";
import { Transformer } from "./transformer.js";

const small = { dimFeedforward: 3, activation: gelu, dropout: 0.2 } as const;

/** Examples of transformers, small ones with a smooth non-linearity. */
export const transformerExamples = (): LayerExample[] => [
  { layer: () => new TransformerEncoderLayer(4, 2, small), shapes: [[3, 2, 4]], outputShape: [3, 2, 4] },
  { layer: () => new TransformerEncoderLayer(2, 1, { ...small, activation: "gelu", normFirst: true, batchFirst: true, layerNormEps: 0.01 }), shapes: [[2, 3, 2]], outputShape: [2, 3, 2] },
  { layer: () => new TransformerDecoderLayer(2, 1, small), shapes: [[3, 2, 2], [2, 2, 2]], outputShape: [3, 2, 2] },
  { layer: () => new TransformerDecoderLayer(2, 2, { ...small, normFirst: true, batchFirst: true, bias: false }), shapes: [[1, 3, 2], [1, 2, 2]], outputShape: [1, 3, 2] },
  { layer: () => new TransformerEncoder(new TransformerEncoderLayer(2, 1, small), 2, { norm: new LayerNorm(2, { eps: 0.01 }) }), shapes: [[2, 2, 2]], outputShape: [2, 2, 2] },
  { layer: () => new TransformerDecoder(new TransformerDecoderLayer(2, 1, small), 2), shapes: [[2, 2, 2], [3, 2, 2]], outputShape: [2, 2, 2] },
  { layer: () => new Transformer(2, 1, { ...small, numEncoderLayers: 1, numDecoderLayers: 1 }), shapes: [[3, 1, 2], [2, 1, 2]], outputShape: [2, 1, 2] },
];
