import { unknownName } from "@dl/registry";
import { gelu } from "@dl/tensor";
import type { DType, Generator, Tensor } from "@dl/tensor";
import type { MultiheadAttentionOptions } from "../attention/multihead.js";
import type { Dropout } from "../dropout/dropout.js";
import type { Linear } from "../linear.js";
import { checkProbability, checkSizes } from "../sizes.js";

export interface TransformerLayerOptions {
  /** Hidden features of the feed-forward part. Default 2048. */
  readonly dimFeedforward?: number;
  /** Probability of dropping a value behind each part, inside of the feed-forward part, and an attention weight. Default 0.1. */
  readonly dropout?: number;
  /** The non-linearity of the feed-forward part: "relu" (default), "gelu", or an op of one tensor. */
  readonly activation?: "relu" | "gelu" | ((x: Tensor) => Tensor);
  /** Added to the variances that are divided by. Default 1e-5. */
  readonly layerNormEps?: number;
  /** Whether sequences are [N, L, dModel] rather than [L, N, dModel]. Default false. */
  readonly batchFirst?: boolean;
  /** Normalise what enters each part, as GPT-2 and later, rather than the sum behind it, as the paper. Default false. */
  readonly normFirst?: boolean;
  /** Add learnt offsets everywhere. Default true. */
  readonly bias?: boolean;
  /** Dtype of the parameters. Default float32. */
  readonly dtype?: DType;
  /** Where initial values and dropout's masks come from; by default the generator that `manualSeed` seeds. Not saved. */
  readonly generator?: Generator;
}

export const transformerKeys = ["dimFeedforward", "dropout", "activation", "layerNormEps", "batchFirst", "normFirst", "bias", "dtype", "generator"];

type Resolved = Required<Omit<TransformerLayerOptions, "generator" | "activation">> & { readonly generator: { readonly generator?: Generator } };

export function resolved(where: string, dModel: number, options: TransformerLayerOptions): Resolved {
  const { dimFeedforward = 2048, dropout = 0.1, layerNormEps = 1e-5, batchFirst = false, normFirst = false, bias = true, dtype = "float32", generator } = options;
  checkSizes(where, { dModel, dimFeedforward });
  checkProbability(where, "dropout", dropout);
  return { dimFeedforward, dropout, layerNormEps, batchFirst, normFirst, bias, dtype, generator: generator === undefined ? {} : { generator } };
}

export const attentionOptions = ({ dropout, batchFirst, bias, dtype, generator }: Resolved): MultiheadAttentionOptions => ({ dropout, batchFirst, bias, dtype, ...generator });

export function activationOf(where: string, activation: TransformerLayerOptions["activation"] = "relu"): (x: Tensor) => Tensor {
  if (typeof activation === "function") return activation;
  const known: Readonly<Record<string, (x: Tensor) => Tensor>> = { relu: (x) => x.relu(), gelu };
  if (!Object.hasOwn(known, activation)) throw unknownName(where, "activation", activation, Object.keys(known));
  return known[activation];
}

/** What encoder and decoder layers have for their feed-forward part. */
interface FeedForward {
  readonly linear1: Linear;
  readonly dropout: Dropout;
  readonly linear2: Linear;
  readonly activation: (x: Tensor) => Tensor;
}

/** linear2(act(linear1(x))), position by position. */
export const feedForward = ({ linear1, dropout, linear2, activation }: FeedForward, x: Tensor): Tensor =>
  linear2.forward(dropout.forward(activation(linear1.forward(x))));
