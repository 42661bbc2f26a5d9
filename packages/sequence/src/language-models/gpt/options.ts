import { ValueError, checkChoice, checkNumber, checkOptions, checkWhole, unknownName } from "@dl/registry";
import { gelu, geluTanh } from "@dl/tensor";
import type { DType, Generator, Tensor } from "@dl/tensor";

export type GPTActivation = "geluTanh" | "gelu" | "relu" | ((x: Tensor) => Tensor);

export interface GPTOptions {
  /** Number of different ids. */
  readonly vocabSize: number;
  /** The most positions that it looks at. */
  readonly contextLength: number;
  /** Size of a token's vector. */
  readonly dim: number;
  /** Heads of the attention; a divisor of dim. */
  readonly heads: number;
  /** Blocks of attention and feed-forward part. */
  readonly layers: number;
  /** Hidden size of the feed-forward part. Default 4·dim. */
  readonly hiddenDim?: number;
  /** Probability of dropping a value behind the embedding and each part, and an attention weight. Default 0. */
  readonly dropout?: number;
  /** Normalise what enters each part, and the last sum, as GPT-2 (default); or with false the sum behind each part, as GPT and the original transformer. */
  readonly normFirst?: boolean;
  /** How a token knows its place: a learnt vector (default), sines and cosines, or turned queries and keys. */
  readonly positions?: "learned" | "sinusoidal" | "rotary";
  /** Let the last layer share its weights with the embedding. Default true. (Press & Wolf, 2017) */
  readonly tiedHead?: boolean;
  /** Add learnt offsets everywhere but in the last layer. Default true. */
  readonly bias?: boolean;
  /** Of the feed-forward part: "geluTanh" (default, as GPT-2), "gelu", "relu", or an op of one tensor. */
  readonly activation?: GPTActivation;
  /** Added to the variances that are divided by. Default 1e-5. */
  readonly layerNormEps?: number;
  /** Where initial values and dropout's masks come from; by default the generator that `manualSeed` seeds. Not saved. */
  readonly generator?: Generator;
  /** Dtype of the parameters. Default float32. */
  readonly dtype?: DType;
}

/** Options with nothing left open. */
export type GPTSettings = Required<Omit<GPTOptions, "generator" | "activation">> & {
  readonly activation: (x: Tensor) => Tensor;
  /** To be spread into the options of layers. */
  readonly random: { readonly generator?: Generator };
};

const where = "GPT";
const keys = [
  "vocabSize", "contextLength", "dim", "heads", "layers", "hiddenDim", "dropout", "normFirst", "positions", "tiedHead", "bias", "activation", "layerNormEps",
  "generator", "dtype",
];

const activations: Readonly<Record<string, (x: Tensor) => Tensor>> = { geluTanh, gelu, relu: (x) => x.relu() };

function activationOf(activation: GPTActivation): (x: Tensor) => Tensor {
  if (typeof activation === "function") return activation;
  if (!Object.hasOwn(activations, activation)) throw unknownName(where, "activation", activation, Object.keys(activations));
  return activations[activation];
}

/** @throws ValueError, UnknownNameError for sizes and options that make no model */
export function settingsOf(options: GPTOptions): GPTSettings {
  checkOptions(where, options, keys);
  const { vocabSize, contextLength, dim, heads, layers, hiddenDim = 4 * dim, dropout = 0, positions = "learned", generator } = options;
  for (const [name, value] of Object.entries({ vocabSize, contextLength, dim, heads, layers, hiddenDim })) checkWhole(where, name, value, 1);
  if (dim % heads !== 0) throw new ValueError(where, `${heads} heads do not divide dim ${dim}`, `Use a divisor of ${dim}`, { dim, heads });
  checkNumber(where, "dropout", dropout, 0, 1);
  checkChoice(where, "positions", positions, ["learned", "sinusoidal", "rotary"]);
  const { normFirst = true, tiedHead = true, bias = true, layerNormEps = 1e-5, dtype = "float32" } = options;
  return {
    vocabSize, contextLength, dim, heads, layers, hiddenDim, dropout, positions, normFirst, tiedHead, bias, layerNormEps, dtype,
    activation: activationOf(options.activation ?? "geluTanh"),
    random: generator === undefined ? {} : { generator },
  };
}

/** How many numbers such a model learns, without making it: 124,439,808 for GPT-2. @throws what `GPT` throws */
export function gptParameters(options: GPTOptions): number {
  const { vocabSize, contextLength, dim, layers, hiddenDim, positions, normFirst, tiedHead, bias } = settingsOf(options);
  const affine = (inputs: number, outputs: number): number => inputs * outputs + (bias ? outputs : 0);
  const norm = dim + (bias ? dim : 0);
  const block = affine(dim, 3 * dim) + affine(dim, dim) + affine(dim, hiddenDim) + affine(hiddenDim, dim) + 2 * norm;
  const embeddings = vocabSize * dim + (positions === "learned" ? contextLength * dim : 0);
  return embeddings + layers * block + (normFirst ? norm : 0) + (tiedHead ? 0 : vocabSize * dim);
}
