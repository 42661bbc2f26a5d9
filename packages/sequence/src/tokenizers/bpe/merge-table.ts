import { Heap } from "./heap.js";

/** Two neighbouring tokens that become one. */
export interface TokenMerge {
  readonly left: number;
  readonly right: number;
  readonly merged: number;
  /** Lower ranks come first; of equal ones, the leftmost in the text. */
  readonly rank: number;
}

const POSITIONS = 2 ** 31;
const ascending = (a: number, b: number): boolean => a < b;

/**
 * Byte-pair merges by pairs of ids. In a word of n tokens the merges take n log n steps: a heap holds the pairs that can be merged,
 * by rank and place in one number; those that a merge beside them has changed are left out when their turn comes.
 * (Gage, 1994; Sennrich et al., 2016)
 */
export class MergeTable {
  readonly #indices = new Map<number, number>();
  readonly #ranks: Int32Array;
  readonly #merged: Int32Array;
  readonly #size: number;

  /** @param size number of ids */
  constructor(size: number, merges: readonly TokenMerge[]) {
    this.#size = size;
    this.#ranks = Int32Array.from(merges, ({ rank }) => rank);
    this.#merged = Int32Array.from(merges, ({ merged }) => merged);
    merges.forEach(({ left, right }, index) => {
      const key = left * size + right;
      if (!this.#indices.has(key)) this.#indices.set(key, index);
    });
  }

  /** The tokens of a word after all merges. `symbols` is used up. */
  apply(symbols: Int32Array): Int32Array {
    const { length } = symbols;
    if (length < 2) return symbols;
    const next = Int32Array.from(symbols, (_, i) => i + 1);
    const previous = Int32Array.from(symbols, (_, i) => i - 1);
    const waiting = new Heap<number>(ascending);
    const indexAt = (at: number): number => (at < 0 || next[at] >= length ? -1 : this.#indexOf(symbols[at], symbols[next[at]]));
    const offer = (at: number): void => {
      const index = indexAt(at);
      if (index >= 0) waiting.push(this.#ranks[index] * POSITIONS + at);
    };
    for (let at = 0; at < length - 1; at++) offer(at);
    for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) {
      const at = item % POSITIONS;
      const index = symbols[at] < 0 ? -1 : indexAt(at);
      if (index < 0 || this.#ranks[index] !== (item - at) / POSITIONS) continue;
      const right = next[at];
      symbols[at] = this.#merged[index];
      symbols[right] = -1;
      next[at] = next[right];
      if (next[at] < length) previous[next[at]] = at;
      offer(previous[at]);
      offer(at);
    }
    return symbols.filter((symbol) => symbol >= 0);
  }

  /** Which merge takes the pair, −1 for none. */
  #indexOf(left: number, right: number): number {
    return this.#indices.get(left * this.#size + right) ?? -1;
  }
}
