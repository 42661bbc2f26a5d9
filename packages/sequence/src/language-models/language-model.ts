import type { Tensor } from "@dl/tensor";

/** What a model keeps of the tokens that it has read, so that it need not read them again. */
export interface LanguageModelCache {
  /** Positions read so far, padding included. */
  readonly length: number;
  /** Keeps these rows of the batch, in this order; one may come twice. */
  selectRows(rows: readonly number[]): void;
}

export interface LanguageModelCall<C extends LanguageModelCache = LanguageModelCache> {
  /** Goes on from what the cache has read, and adds to it. For inference only. */
  readonly cache?: C;
  /** bool [N, T], true where an id is padding and stands for nothing. Padding comes first in a row, and its logits mean nothing. */
  readonly paddingMask?: Tensor;
  /** Only the logits behind the last id, [N, 1, V]: all that generation needs. Default false. */
  readonly lastOnly?: boolean;
}

export const callKeys = ["cache", "paddingMask", "lastOnly"];

/**
 * What `generate` and `beamSearch` work with: ids of tokens in, and for each position the logits of what comes next.
 *
 * Own models need the first three members; with `startCache` generation costs one position per token, without it all of them.
 */
export interface LanguageModel<C extends LanguageModelCache = LanguageModelCache> {
  /** Number of different ids. */
  readonly vocabSize: number;
  /** The most positions that it can look at; `Infinity` where there is no limit. */
  readonly contextLength: number;
  /** Shapes: ids [N, T], int32 → [N, T, vocabSize]. */
  forward(ids: Tensor, call?: LanguageModelCall<C>): Tensor;
  /** An empty cache for one batch. */
  startCache?(): C;
}
