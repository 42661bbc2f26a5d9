import { Embedding, init } from "@dl/nn";
import { checkOptions, checkWhole } from "@dl/registry";
import type { Generator, Tensor } from "@dl/tensor";

export interface TransformerTokenDecoderOptions {
  /** They divide dim. Default 4. */
  readonly heads?: number;
  /** Default 2. */
  readonly layers?: number;
  /** Hidden features of a layer's feed-forward part. Default 4 · dim. */
  readonly dimFeedforward?: number;
  /** Probability of dropping a value. Default 0.1. */
  readonly dropout?: number;
  /** The most ids of a text. Default 256. */
  readonly maxLength?: number;
  /** Normalise what enters each part, rather than the sum behind it. Default true. */
  readonly normFirst?: boolean;
  /** Take the ids' vectors as weights of the output layer. (Press & Wolf, 2017) Default false. */
  readonly tiedHead?: boolean;
  /** Where initial values and dropout's masks come from; by default the generator that `manualSeed` seeds. Not saved. */
  readonly generator?: Generator;
}

export const transformerDecoderKeys = ["heads", "layers", "dimFeedforward", "dropout", "maxLength", "normFirst", "tiedHead", "generator"];

/** Options with nothing left open. */
export type TransformerSettings = Required<Omit<TransformerTokenDecoderOptions, "generator">> & { readonly random: { readonly generator?: Generator } };

/** @throws UnknownNameError, ValueError for options that make no decoder */
export function transformerSettings(where: string, dim: number, options: TransformerTokenDecoderOptions): TransformerSettings {
  checkOptions(where, options, transformerDecoderKeys);
  const { heads = 4, layers = 2, dimFeedforward = 4 * dim, dropout = 0.1, maxLength = 256, normFirst = true, tiedHead = false, generator } = options;
  for (const [name, size] of Object.entries({ dim, layers, maxLength })) checkWhole(where, name, size, 1);
  return { heads, layers, dimFeedforward, dropout, maxLength, normFirst, tiedHead, random: generator === undefined ? {} : { generator } };
}

/** Vectors of ids, drawn from N(0, 1/dim), so that they are of the size of positions when they are scaled by √dim, and of an output layer's as they are. */
export function idVectors(vocabSize: number, dim: number, random: { readonly generator?: Generator }): Embedding {
  const embedding = new Embedding(vocabSize, dim, random);
  init.normal(embedding.weight, 0, 1 / Math.sqrt(dim), random);
  return embedding;
}

/** Vectors of ids times √dim. (Vaswani et al., 2017) */
export const scaledVectors = (embedding: Embedding, ids: Tensor): Tensor => embedding.forward(ids).mul(Math.sqrt(embedding.embeddingDim));
