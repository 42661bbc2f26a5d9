import { Embedding } from "@dl/nn";
import type { Generator } from "@dl/tensor";

export interface WordOptions {
  /** The id that fills texts up to a common length; it never counts. Default 0. */
  readonly paddingIdx?: number;
  /** Where initial values and dropout's masks come from; by default the generator that `manualSeed` seeds. Not saved. */
  readonly generator?: Generator;
}

/** A table of word vectors, drawn from N(0, std²); that of the padding is 0 and stays so. */
export function wordTable(vocabSize: number, dim: number, paddingIdx: number, std: number, generator: Generator | undefined): Embedding {
  const table = new Embedding(vocabSize, dim, { paddingIdx, ...(generator && { generator }) });
  if (std !== 1) table.weight.assign(table.weight.detach().mul(std));
  return table;
}
