import type { LayerExample } from "@dl/nn";
import { GPT } from "./gpt/index.js";
import { Llama } from "./llama/index.js";
import { RecurrentLM } from "./recurrent/index.js";

/** Examples of language models, for the suites of `@dl/testing`: small, with options that are not the defaults. */
export const languageModelExamples = (): LayerExample[] => {
  const ids = { inputs: [[[0, 2, 1], [3, 3, 0]]], dtypes: ["int32"], outputShape: [2, 3, 4] } as const;
  const sizes = { vocabSize: 4, contextLength: 3, dim: 4, heads: 2, layers: 2 };
  return [
    { layer: () => new GPT({ ...sizes, dropout: 0.2, activation: "gelu", hiddenDim: 6, layerNormEps: 1e-3 }), ...ids },
    { layer: () => new GPT({ ...sizes, normFirst: false, positions: "sinusoidal", tiedHead: false, bias: false }), ...ids },
    { layer: () => new GPT({ ...sizes, dim: 8, positions: "rotary", contextLength: 5 }), ...ids },
    { layer: () => new Llama({ ...sizes, dim: 8, heads: 4, kvHeads: 2, hiddenDim: 6, ropeBase: 100, normEps: 1e-2, dropout: 0.2 }), ...ids },
    { layer: () => new Llama({ ...sizes, layers: 1, tiedHead: false }), ...ids },
    { layer: () => new RecurrentLM({ vocabSize: 4, hiddenSize: 3, embeddingDim: 2, layers: 2, dropout: 0.2 }), ...ids },
    { layer: () => new RecurrentLM({ vocabSize: 4, hiddenSize: 3, cell: "rnn", embeddingDim: 0, bias: "single" }), ...ids },
    { layer: () => new RecurrentLM({ vocabSize: 4, hiddenSize: 2, cell: "gru", bias: false }), ...ids },
  ];
};
