import { checkChoice, checkNumber, checkOptions, checkWhole } from "@dl/registry";
import { GRU, LSTM, RNN } from "@dl/nn";
import type { DType, Generator } from "@dl/tensor";

export interface RecurrentLMOptions {
  /** Number of different ids. */
  readonly vocabSize: number;
  /** Size of the hidden state. */
  readonly hiddenSize: number;
  /** Default "lstm". */
  readonly cell?: "rnn" | "lstm" | "gru";
  /** Size of a token's vector; 0 feeds one-hot vectors instead of learnt ones. Default hiddenSize. */
  readonly embeddingDim?: number;
  /** Cells on top of each other. Default 1. */
  readonly layers?: number;
  /** Probability of dropping a value of the vectors, between layers and behind the last one. Default 0. */
  readonly dropout?: number;
  /** "double" (default): PyTorch's two biases per gate; "single": the textbooks' one; `false`: none. */
  readonly bias?: "single" | "double" | false;
  /** Where initial values and dropout's masks come from; by default the generator that `manualSeed` seeds. Not saved. */
  readonly generator?: Generator;
  /** Dtype of the parameters. Default float32. */
  readonly dtype?: DType;
}

/** Options with nothing left open. */
export type RecurrentLMSettings = Required<Omit<RecurrentLMOptions, "generator">> & {
  /** To be spread into the options of layers. */
  readonly random: { readonly generator?: Generator };
};

const where = "RecurrentLM";
const keys = ["vocabSize", "hiddenSize", "cell", "embeddingDim", "layers", "dropout", "bias", "generator", "dtype"];

/** @throws ValueError, UnknownNameError for sizes and options that make no model */
export function recurrentSettings(options: RecurrentLMOptions): RecurrentLMSettings {
  checkOptions(where, options, keys);
  const { vocabSize, hiddenSize, cell = "lstm", embeddingDim = hiddenSize, layers = 1, dropout = 0, bias = "double", dtype = "float32", generator } = options;
  for (const [name, value] of Object.entries({ vocabSize, hiddenSize, layers })) checkWhole(where, name, value, 1);
  checkWhole(where, "embeddingDim", embeddingDim);
  checkChoice(where, "cell", cell, ["rnn", "lstm", "gru"]);
  checkNumber(where, "dropout", dropout, 0, 1);
  return { vocabSize, hiddenSize, cell, embeddingDim, layers, dropout, bias, dtype, random: generator === undefined ? {} : { generator } };
}

/** The recurrent layers. */
export function recurrentLayers({ vocabSize, hiddenSize, cell, embeddingDim, layers, dropout, bias, dtype, random }: RecurrentLMSettings): RNN | LSTM | GRU {
  const options = { numLayers: layers, dropout: layers > 1 ? dropout : 0, bias, batchFirst: true, dtype, ...random };
  const inputs = embeddingDim === 0 ? vocabSize : embeddingDim;
  if (cell === "lstm") return new LSTM(inputs, hiddenSize, options);
  return cell === "gru" ? new GRU(inputs, hiddenSize, options) : new RNN(inputs, hiddenSize, options);
}
