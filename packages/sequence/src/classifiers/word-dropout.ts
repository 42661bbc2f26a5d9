import { bernoulli, defaultGenerator, where, type Generator, type Tensor } from "@dl/tensor";

/** What a classifier that drops words says of itself. */
export interface DropsWords {
  readonly training: boolean;
  /** Probability of leaving out a word. */
  readonly wordDropout: number;
  readonly paddingIdx: number;
  /** `null` for the default generator. */
  readonly generator: Generator | null;
}

/**
 * Replaces each word by padding with probability p while training, so that a network does not hang on single words.
 * Shapes: ids [N, T] int32 → same. (Iyyer et al., 2015)
 */
export function dropWords(ids: Tensor, { training, wordDropout, paddingIdx, generator }: DropsWords): Tensor {
  if (!training || wordDropout === 0) return ids;
  const dropped = bernoulli(ids.shape, wordDropout, { backend: ids.backend, generator: generator ?? defaultGenerator() }).to("bool");
  return where(dropped, paddingIdx, ids);
}
