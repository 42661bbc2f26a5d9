import type { LayerExample } from "@dl/nn";
import { RNNSeq2Seq } from "./rnn/rnn-seq2seq.js";
import { RNNTokenDecoder } from "./rnn/rnn-token-decoder.js";
import { TransformerSeq2Seq } from "./transformer/transformer-seq2seq.js";
import { TransformerTokenDecoder } from "./transformer/transformer-token-decoder.js";

/** Examples of sequence to sequence, for the suites of `@dl/testing`: small, with options that are not the defaults. */
export const seq2seqExamples = (): LayerExample[] => {
  const pair = { inputs: [[[3, 1, 2], [2, 1, 0]], [[1, 4, 2, 3], [1, 2, 3, 0]]], dtypes: ["int32", "int32"], outputShape: [2, 4, 5] } as const;
  const decoding = {
    inputs: [[[1, 4], [2, 3]], [[[0.5, -1], [1, 2]], [[1, 0.3], [-0.7, 0.2]]]], dtypes: ["int32", "float32"], outputShape: [2, 2, 5],
  } as const;
  const small = { dim: 2, hidden: 3, dropout: 0.2 } as const;
  return [
    { layer: () => new RNNSeq2Seq(4, 5, { ...small, layers: 2 }), ...pair },
    { layer: () => new RNNSeq2Seq(4, 5, { ...small, attention: "dot", bidirectional: false }), ...pair },
    { layer: () => new RNNSeq2Seq(4, 5, { ...small, cell: "lstm", attention: "bahdanau" }), ...pair },
    { layer: () => new RNNSeq2Seq(4, 5, { ...small, attention: "none" }), ...pair },
    { layer: () => new RNNTokenDecoder(5, 2, { ...small, attention: "bahdanau" }), ...decoding },
    { layer: () => new TransformerSeq2Seq(4, 5, { dim: 4, heads: 2, layers: 1, encoderLayers: 2, dimFeedforward: 3, maxLength: 6, dropout: 0.2 }), ...pair },
    { layer: () => new TransformerSeq2Seq(5, 5, { dim: 4, heads: 2, layers: 1, dimFeedforward: 3, normFirst: false, shared: true, paddingIdx: 4 }), ...pair },
    { layer: () => new TransformerTokenDecoder(5, 2, { heads: 1, layers: 1, dimFeedforward: 3, tiedHead: true }), ...decoding },
  ];
};
