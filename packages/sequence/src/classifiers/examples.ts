import type { LayerExample } from "@dl/nn";
import { BagOfEmbeddings } from "./bag-of-embeddings.js";
import { CharCNN } from "./char-cnn.js";
import { DCNN } from "./dcnn.js";
import { EmbedLinear } from "./embed-linear.js";
import { OrdinalHead } from "./ordinal.js";
import { AttentionPool } from "./pooling.js";
import { RecurrentClassifier } from "./recurrent-classifier.js";
import { TextCNN } from "./text-cnn.js";
import { TransformerClassifier } from "./transformer-classifier.js";

const padded = { inputs: [[[3, 1, 4, 2, 1], [2, 4, 3, 0, 0]]], dtypes: ["int32"], outputShape: [2, 3] } as const;
// The padding's vector is a parameter that learns nothing: numeric gradients would move it.
const texts = { ...padded, inputs: [[[3, 1, 4, 2, 1], [2, 4, 3, 3, 2]]] } as const;

/** Examples of the classifiers, for the suites of `@dl/testing`: small, with options that are not the defaults. */
export const classifierExamples = (): LayerExample[] => [
  { layer: () => new BagOfEmbeddings(5, 3, { dim: 2, mode: "sum", dropout: 0.2, wordDropout: 0.1 }), ...texts },
  { layer: () => new EmbedLinear(5, { length: 4, dim: 2, classes: 3 }), ...texts },
  { layer: () => new TextCNN(5, 3, { dim: 2, widths: [1, 3], maps: 2, dropout: 0.25, std: 1, multichannel: true }), ...texts },
  // A word that is dropped counts as padding, too.
  { layer: () => new TextCNN(5, 3, { dim: 2, widths: [2], maps: 2, dropout: 0, wordDropout: 0.2 }), ...texts, gradient: false },
  { layer: () => new CharCNN(5, 3, { length: 5, dim: 3, blocks: [{ channels: 2, pool: 1 }, { channels: 3, kernelSize: 2, pool: 3 }], hidden: 4, dropout: 0.25 }), ...texts },
  { layer: () => new DCNN(5, 3, { dim: 4, widths: [3, 2], maps: [2, 3], top: 2, dropout: 0.25 }), ...texts },
  { layer: () => new RecurrentClassifier(5, 3, { cell: "GRU", dim: 2, hidden: 2, pooling: "attention", dropout: 0.1 }), ...padded },
  { layer: () => new RecurrentClassifier(5, 3, { cell: "RNN", dim: 2, hidden: 2, numLayers: 2, bidirectional: false, dropout: 0.1 }), ...texts },
  { layer: () => new RecurrentClassifier(5, 3, { dim: 2, hidden: 2, pooling: "mean" }), ...texts },
  { layer: () => new RecurrentClassifier(5, 3, { cell: "GRU", dim: 2, hidden: 2, pooling: "max", dropout: 0 }), ...texts },
  { layer: () => new TransformerClassifier(5, 3, { dim: 4, heads: 2, numLayers: 1, dimFeedforward: 3, maxLength: 6, positions: "learned", normFirst: false, pooling: "first" }), ...texts },
  { layer: () => new TransformerClassifier(5, 3, { dim: 2, heads: 1, numLayers: 1, dimFeedforward: 3, dropout: 0.2 }), ...texts },
  { layer: () => new AttentionPool(2, 3), shapes: [[2, 3, 2]], outputShape: [2, 2] },
  { layer: () => new OrdinalHead(3, 4), shapes: [[2, 3]], outputShape: [2, 3] },
];
