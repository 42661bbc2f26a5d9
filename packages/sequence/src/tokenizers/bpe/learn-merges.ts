import { Heap } from "./heap.js";

/** A word of the training texts as ids, and how often it occurs. */
export interface CountedWord {
  symbols: number[];
  readonly count: number;
}

interface Pair {
  readonly left: number;
  readonly right: number;
  count: number;
  /** Words that have it, or had it. */
  readonly words: Set<CountedWord>;
}

interface Candidate {
  readonly pair: Pair;
  /** How often the pair occurred when it was put on the heap. */
  readonly count: number;
}

/** More frequent pairs first, then those of lower ids. */
function before(a: Candidate, b: Candidate): boolean {
  if (a.count !== b.count) return a.count > b.count;
  return a.pair.left !== b.pair.left ? a.pair.left < b.pair.left : a.pair.right < b.pair.right;
}

/** How often each pair of neighbours occurs in all words, kept up to date while pairs are merged. */
class PairCounts {
  readonly #pairs = new Map<number, Pair>();
  readonly #candidates = new Heap<Candidate>(before);
  readonly #size: number;

  /** @param size more than the greatest id */
  constructor(words: readonly CountedWord[], size: number) {
    this.#size = size;
    for (const word of words) {
      for (let i = 1; i < word.symbols.length; i++) this.#pair(word.symbols[i - 1], word.symbols[i], word).count += word.count;
    }
    for (const pair of this.#pairs.values()) this.#candidates.push({ pair, count: pair.count });
  }

  /** The most frequent pair, `undefined` when none occurs. */
  mostFrequent(): Pair | undefined {
    for (let candidate = this.#candidates.pop(); candidate !== undefined; candidate = this.#candidates.pop()) {
      const { pair, count } = candidate;
      if (pair.count === count && count > 0) return pair;
      if (pair.count < count && pair.count > 0) this.#candidates.push({ pair, count: pair.count });
    }
    return undefined;
  }

  /** Puts `merged` in the place of the pair in all words. */
  merge(pair: Pair, merged: number): void {
    const grown = new Set<Pair>();
    for (const word of pair.words) this.#mergeIn(word, pair, merged, grown);
    for (const other of grown) this.#candidates.push({ pair: other, count: other.count });
  }

  #mergeIn(word: CountedWord, { left, right }: Pair, merged: number, grown: Set<Pair>): void {
    const { symbols, count } = word;
    const after: number[] = [];
    const lose = (a: number, b: number): void => {
      this.#pair(a, b, word).count -= count;
    };
    const gain = (a: number, b: number): void => {
      const pair = this.#pair(a, b, word);
      pair.count += count;
      grown.add(pair);
    };
    for (let i = 0; i < symbols.length; i++) {
      if (symbols[i] !== left || i + 1 >= symbols.length || symbols[i + 1] !== right) {
        after.push(symbols[i]);
        continue;
      }
      const last = after.at(-1);
      lose(left, right);
      if (last !== undefined) {
        lose(last, left);
        gain(last, merged);
      }
      if (i + 2 < symbols.length) {
        lose(right, symbols[i + 2]);
        gain(merged, symbols[i + 2]);
      }
      after.push(merged);
      i++;
    }
    word.symbols = after;
  }

  #pair(left: number, right: number, word: CountedWord): Pair {
    const key = left * this.#size + right;
    let pair = this.#pairs.get(key);
    if (pair === undefined) {
      pair = { left, right, count: 0, words: new Set() };
      this.#pairs.set(key, pair);
    }
    pair.words.add(word);
    return pair;
  }
}

/**
 * Byte-pair encoding: over and over, the pair of neighbouring tokens that occurs most often becomes a token of its own; of equally frequent pairs
 * the one of lower ids. (Sennrich et al., 2016)
 * @param tokens those there are; what is learnt is put behind them
 * @returns the pairs in the order in which they were merged
 */
export function learnMerges(words: readonly CountedWord[], tokens: string[], vocabSize: number, minFrequency: number): [string, string][] {
  const counts = new PairCounts(words, vocabSize);
  const ids = new Map(tokens.map((token, id) => [token, id]));
  const merges: [string, string][] = [];
  while (tokens.length < vocabSize) {
    const pair = counts.mostFrequent();
    if (pair === undefined || pair.count < minFrequency) break;
    const [left, right] = [tokens[pair.left], tokens[pair.right]];
    const merged = ids.get(left + right) ?? tokens.push(left + right) - 1;
    ids.set(left + right, merged);
    merges.push([left, right]);
    counts.merge(pair, merged);
  }
  return merges;
}
