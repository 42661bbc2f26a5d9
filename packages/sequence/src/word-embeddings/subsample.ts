import { ValueError, checkOptions, checkPositive } from "@dl/registry";
import { defaultGenerator, type Generator } from "@dl/tensor";
import { textsOf, type Corpus } from "./corpus.js";

export interface SubsampleOptions {
  /** t: words with a larger share of the corpus are thinned out. Default 1e-5, for corpora of millions of words; small ones want 1e-3. */
  readonly threshold?: number;
  /** Default the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
}

/**
 * Leaves out frequent words at random, which say little about their neighbours: a word whose share of the corpus is f stays with probability
 * min(1, √(t/f)). That is the paper's formula; word2vec's program keeps √(t/f) + t/f. (Mikolov et al., 2013b)
 * @param counts how often each id occurs, as `wordCounts` gives it
 * @returns the texts with what is left of them
 * @throws ValueError for an id without a count, or a threshold that is not above 0
 */
export function subsample(corpus: Corpus, counts: ArrayLike<number>, options: SubsampleOptions = {}): Int32Array[] {
  checkOptions("subsample", options, ["threshold", "generator"]);
  const { threshold = 1e-5, generator = defaultGenerator() } = options;
  checkPositive("subsample", "threshold", threshold);
  const total = Array.from(counts).reduce((sum, count) => sum + count, 0);
  const stays = Float64Array.from(counts, (count) => Math.sqrt((threshold * total) / count));
  return textsOf("subsample", corpus).map((text) =>
    Int32Array.from(text).filter((id) => {
      if (!(id < counts.length && counts[id] > 0)) throw new ValueError("subsample", `id ${id} has no count`, "Count the same corpus: wordCounts(corpus, vocabSize)", { id });
      return generator.uniform() < stays[id];
    }),
  );
}
