import { Generator } from "@dl/tensor";
import { RNNSeq2Seq, TransformerSeq2Seq } from "./index.js";

const random = (): { readonly generator: Generator } => ({ generator: new Generator(5) });
const rnn = { dim: 6, hidden: 8, dropout: 0.3 } as const;
const transformer = { dim: 8, heads: 2, layers: 2, maxLength: 20, dropout: 0.3 } as const;

/** Small untrained models of 9 source and 7 target ids. */
export const smallModels = (): [string, RNNSeq2Seq | TransformerSeq2Seq][] => [
  ["GRU, luong", new RNNSeq2Seq(9, 7, { ...rnn, ...random(), layers: 2 })],
  ["LSTM, bahdanau", new RNNSeq2Seq(9, 7, { ...rnn, ...random(), cell: "lstm", attention: "bahdanau", layers: 2 })],
  ["GRU, dot, one direction", new RNNSeq2Seq(9, 7, { ...rnn, ...random(), attention: "dot", bidirectional: false })],
  ["LSTM, no attention", new RNNSeq2Seq(9, 7, { ...rnn, ...random(), cell: "lstm", attention: "none" })],
  ["Transformer", new TransformerSeq2Seq(9, 7, { ...transformer, ...random() })],
  ["Transformer, normalised behind the sums", new TransformerSeq2Seq(9, 7, { ...transformer, ...random(), normFirst: false, tiedHead: true, encoderLayers: 1 })],
  ["Transformer, shared vectors", new TransformerSeq2Seq(7, 7, { ...transformer, ...random(), shared: true })],
];
