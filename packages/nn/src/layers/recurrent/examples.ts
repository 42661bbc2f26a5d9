import type { LayerExample } from "../../module/layer-example.js";
import { GRUCell, LSTMCell, RNNCell } from "./cells.js";
import { Elman } from "./elman.js";
import { GRU } from "./gru.js";
import { LSTM } from "./lstm.js";
import { RNN } from "./rnn.js";

/** Examples of recurrent layers. */
export const recurrentExamples = (): LayerExample[] => [
  { layer: () => new RNN(2, 3), shapes: [[4, 2, 2], [1, 2, 3]], outputShape: [4, 2, 3] },
  { layer: () => new RNN(2, 2, { numLayers: 2, bidirectional: true, batchFirst: true, dropout: 0.3, bias: "single" }), shapes: [[2, 3, 2]], outputShape: [2, 3, 4] },
  { layer: () => new RNN(2, 2, { nonlinearity: "relu", bias: false }), shapes: [[3, 2]], outputShape: [3, 2] },
  { layer: () => new LSTM(2, 3, { forgetBias: 1 }), shapes: [[3, 2, 2]], outputShape: [3, 2, 3] },
  { layer: () => new LSTM(2, 3, { projSize: 2, numLayers: 2, bidirectional: true, batchFirst: true }), shapes: [[1, 2, 2]], outputShape: [1, 2, 4] },
  { layer: () => new GRU(2, 2, { numLayers: 2, dropout: 0.2 }), shapes: [[3, 2, 2], [2, 2, 2]], outputShape: [3, 2, 2] },
  { layer: () => new GRU(2, 2, { resetAfter: false, bidirectional: true }), shapes: [[3, 2, 2]], outputShape: [3, 2, 4] },
  { layer: () => new RNNCell(3, 2, { nonlinearity: "tanh", bias: "single" }), shapes: [[2, 3], [2, 2]], outputShape: [2, 2] },
  { layer: () => new LSTMCell(3, 2, { forgetBias: 1 }), shapes: [[2, 3]], outputShape: [2, 2] },
  { layer: () => new GRUCell(3, 2, { resetAfter: false }), shapes: [[3], [2]], outputShape: [2] },
  { layer: () => new Elman(2, 3, 2, { batchFirst: true }), shapes: [[2, 3, 2]], outputShape: [2, 3, 2] },
];
