import { Dataset } from "@dl/data";
import { ValueError, checkOptions, checkWhole } from "@dl/registry";
import { defaultGenerator, tensor, type Generator, type Tensor } from "@dl/tensor";
import { AliasTable } from "./alias-table.js";
import { textsOf, type Corpus } from "./corpus.js";
import type { WordQuestion } from "./guessing.js";
import { cbowContexts, skipGramPairs, windowKeys, type ContextOptions, type WindowOptions } from "./neighbours.js";

export interface NegativesOptions {
  /** Words per pair that were not there, K. Default 5. */
  readonly negatives?: number;
  /** How often each id occurs. Default: counted. Give those of the whole corpus where it was subsampled. */
  readonly counts?: ArrayLike<number>;
  /** Of drawn windows and negatives, which go on with every batch that is read. Default the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
}

/** A question and its answer: 1 for the candidate that was there, the first one. */
export interface NegativeBatch {
  readonly x: WordQuestion;
  /** float32 [N, 1 + K]. */
  readonly y: Tensor;
}

/** Negatives are drawn by counts to this power, so that rare words come a little more often. (Mikolov et al., 2013b) */
const NOISE_POWER = 0.75;

interface Questions {
  readonly given: Int32Array;
  /** Ids given per question; 0 where it is a single one, and no list. */
  readonly width: number;
  readonly wanted: Int32Array;
}

/** Words with their neighbours, each among words drawn at random. Made by `skipGramDataset` and `cbowDataset`. */
export class NegativeSamplingDataset extends Dataset<NegativeBatch> {
  readonly length: number;
  readonly #noise: AliasTable;

  constructor(private readonly questions: Questions, counts: ArrayLike<number>, readonly negatives: number, private readonly generator: Generator) {
    super();
    this.length = questions.wanted.length;
    const kinds = Array.from(counts).filter((count) => count > 0).length;
    if (kinds < 2) throw new ValueError("NegativeSamplingDataset", `${kinds} different words leave nothing to draw`, "Give a corpus with at least two", { kinds });
    this.#noise = new AliasTable(Array.from(counts, (count) => count ** NOISE_POWER));
  }

  /** @throws ValueError for an index out of range */
  batch(indices: ArrayLike<number>): NegativeBatch {
    const { given, width, wanted } = this.questions;
    const [n, choices, size] = [indices.length, 1 + this.negatives, Math.max(width, 1)];
    const [shown, candidates, right] = [new Int32Array(n * size), new Int32Array(n * choices), new Float32Array(n * choices)];
    Array.from(indices).forEach((index, row) => {
      if (!(index in wanted)) throw new ValueError("NegativeSamplingDataset.batch", `index ${index} is not in [0, ${this.length})`, "Give whole numbers below the length", { index });
      shown.set(given.subarray(index * size, (index + 1) * size), row * size);
      candidates[row * choices] = wanted[index];
      right[row * choices] = 1;
      for (let k = 1; k < choices; k++) candidates[row * choices + k] = this.#anyBut(wanted[index]);
    });
    const whole = (data: Int32Array, shape: readonly number[]): Tensor => tensor(data, { shape, dtype: "int32" });
    return {
      x: { given: whole(shown, width === 0 ? [n] : [n, width]), candidates: whole(candidates, [n, choices]) },
      y: tensor(right, { shape: [n, choices] }),
    };
  }

  #anyBut(word: number): number {
    for (;;) {
      const drawn = this.#noise.draw(this.generator);
      if (drawn !== word) return drawn;
    }
  }
}

function countsIn(where: string, corpus: Corpus): number[] {
  const counts: number[] = [];
  for (const text of textsOf(where, corpus)) for (const id of text) counts[id] = (counts[id] ?? 0) + 1;
  return Array.from(counts, (count: number | undefined) => count ?? 0);
}

function settled(where: string, corpus: Corpus, options: NegativesOptions): Required<NegativesOptions> {
  const { negatives = 5, counts = countsIn(where, corpus), generator = defaultGenerator() } = options;
  checkWhole(where, "negatives", negatives, 1);
  return { negatives, counts, generator };
}

const negativesKeys = ["negatives", "counts"];

/**
 * Pairs of neighbours for `SkipGram`, each with K words that were not there: given a center, which of 1 + K words stands near it?
 * @throws ValueError for a window, ids or counts that cannot be
 */
export function skipGramDataset(corpus: Corpus, options: WindowOptions & NegativesOptions): NegativeSamplingDataset {
  checkOptions("skipGramDataset", options, [...windowKeys, ...negativesKeys]);
  const { window, dynamic = false } = options;
  const { negatives, counts, generator } = settled("skipGramDataset", corpus, options);
  const { center, context } = skipGramPairs(corpus, { window, dynamic, generator });
  return new NegativeSamplingDataset({ given: center, width: 0, wanted: context }, counts, negatives, generator);
}

/** The same for `CBOW`: given its neighbours, which of 1 + K words stands between them? @throws as `skipGramDataset` */
export function cbowDataset(corpus: Corpus, options: ContextOptions & NegativesOptions): NegativeSamplingDataset {
  checkOptions("cbowDataset", options, [...windowKeys, ...negativesKeys, "paddingIdx"]);
  const { window, dynamic = false, paddingIdx = 0 } = options;
  const { negatives, counts, generator } = settled("cbowDataset", corpus, options);
  const { center, context, width } = cbowContexts(corpus, { window, dynamic, paddingIdx, generator });
  return new NegativeSamplingDataset({ given: context, width, wanted: center }, counts, negatives, generator);
}
