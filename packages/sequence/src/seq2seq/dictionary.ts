import { ValueError, checkOptions, checkWhole } from "@dl/registry";

/** A sentence in both languages, as words. */
export interface WordPair {
  readonly source: readonly string[];
  readonly target: readonly string[];
}

export interface DictionaryOptions {
  /** Rounds of expectation and maximisation. Default 10. */
  readonly iterations?: number;
}

/** By source word, then by target word. */
type Table = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** A word of its own that stands before every source: what no word explains comes from there. */
const nothing = "";

const wordsOf = ({ source }: WordPair): readonly string[] => [nothing, ...source];

/** Every target word is equally likely for every word that it occurs with. */
function evenTable(pairs: readonly WordPair[]): Table {
  const table = new Map<string, Map<string, number>>();
  for (const pair of pairs) {
    for (const word of wordsOf(pair)) {
      const row = table.get(word) ?? new Map<string, number>();
      table.set(word, row);
      for (const translated of pair.target) row.set(translated, 1);
    }
  }
  return shares(table);
}

/** Rows that add up to 1. */
function shares(counts: Table): Table {
  return new Map([...counts].map(([word, row]) => {
    const total = [...row.values()].reduce((sum, count) => sum + count, 0);
    return [word, new Map([...row].map(([translated, count]) => [translated, total === 0 ? 0 : count / total]))];
  }));
}

/** One round: each target word is shared out among the source words by their present probabilities, and these shares are counted. */
function improved(table: Table, pairs: readonly WordPair[]): Table {
  const counts = new Map([...table.keys()].map((word) => [word, new Map<string, number>()]));
  for (const pair of pairs) {
    const words = wordsOf(pair);
    for (const translated of pair.target) {
      const own = words.map((word) => table.get(word)?.get(translated) ?? 0);
      const total = own.reduce((sum, p) => sum + p, 0);
      if (total === 0) continue;
      words.forEach((word, i) => {
        const row = counts.get(word);
        row?.set(translated, (row.get(translated) ?? 0) + own[i] / total);
      });
    }
  }
  return shares(counts);
}

/**
 * Translates word by word by probabilities t(target word | source word) that are learnt from pairs of sentences: the thing to beat. Each target word
 * comes from one of the source's words or from none, all equally likely beforehand; expectation maximisation finds t.
 *
 *     const dictionary = DictionaryTranslator.train(pairs);
 *     dictionary.translate(["the", "cat"]);   // ["le", "chat"]
 *
 * (Model 1 of Brown et al., 1993)
 */
export class DictionaryTranslator {
  readonly #table: Table;

  private constructor(table: Table) {
    this.#table = table;
  }

  /** @throws ValueError without pairs, and for iterations that are not whole; UnknownNameError for options */
  static train(pairs: readonly WordPair[], options: DictionaryOptions = {}): DictionaryTranslator {
    const where = "DictionaryTranslator.train";
    checkOptions(where, options, ["iterations"]);
    const { iterations = 10 } = options;
    checkWhole(where, "iterations", iterations);
    if (pairs.length === 0) throw new ValueError(where, "there is no pair of sentences", "Give at least one");
    let table = evenTable(pairs);
    for (let round = 0; round < iterations; round++) table = improved(table, pairs);
    return new DictionaryTranslator(table);
  }

  /** t(target | source); 0 for words that never occurred together. */
  probability(source: string, target: string): number {
    return this.#table.get(source)?.get(target) ?? 0;
  }

  /** The likeliest translation of a word; `undefined` for an unknown one. */
  bestFor(word: string): string | undefined {
    let best: readonly [word: string, probability: number] | undefined;
    for (const [translated, probability] of this.#table.get(word) ?? []) if (best === undefined || probability > best[1]) best = [translated, probability];
    return best?.[0];
  }

  /** Word by word, in the order of the source; unknown words stay as they are. */
  translate(words: readonly string[]): string[] {
    return words.map((word) => this.bestFor(word) ?? word);
  }
}
