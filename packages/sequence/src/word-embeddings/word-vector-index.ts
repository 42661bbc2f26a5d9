import { parseWordVectors, type WordVectors, type WordVectorsOptions } from "@dl/nn";
import { ShapeError, UnknownNameError, ValueError, checkWhole, nearMatches } from "@dl/registry";
import { indexSelect, type Tensor } from "@dl/tensor";
import { checkWordVectors, formatWordVectors, type FormatWordVectorsOptions } from "./format-word-vectors.js";

/** A word, and the cosine of the angle between its vector and that asked for. */
export interface Neighbour {
  readonly word: string;
  readonly similarity: number;
}

type Vector = ArrayLike<number>;

const dot = (a: Vector, b: Vector): number => {
  let sum = 0;
  for (let d = 0; d < a.length; d++) sum += a[d] * b[d];
  return sum;
};

/** A vector of length 1 in the same direction; zeros stay zeros. */
function unit(vector: Vector): Float64Array {
  const length = Math.sqrt(dot(vector, vector));
  return Float64Array.from(vector, (value) => (length === 0 ? 0 : value / length));
}

/**
 * Words by their vectors: which are near, and what is to c as b is to a?
 *
 *     const index = new WordVectorIndex(tokenizer.vocabulary.tokens, model.input.weight);
 *     index.nearest("dog", 5);
 *     index.analogy("England", "pound", "Japan");   // England is to pound as Japan is to …
 *
 * Compares with every word; vectors are read once.
 * @throws ShapeError unless vectors [V, D] belong to V words; ValueError for a word that is there twice
 */
export class WordVectorIndex implements WordVectors {
  readonly #values: ArrayLike<number>[];
  readonly #units: Float64Array[];
  readonly #rows: ReadonlyMap<string, number>;

  constructor(readonly words: readonly string[], readonly vectors: Tensor) {
    checkWordVectors("WordVectorIndex", { words, vectors });
    const dim = vectors.shape[1];
    const values = vectors.dataSync();
    this.#rows = new Map(words.map((word, i) => [word, i]));
    const second = words.findIndex((word, i) => this.#rows.get(word) !== i);
    if (second !== -1) throw new ValueError("WordVectorIndex", `"${words[second]}" is there twice`, "Give every word once", { word: words[second] });
    this.#values = words.map((_, i) => values.subarray(i * dim, (i + 1) * dim));
    this.#units = this.#values.map(unit);
  }

  /** Reads the text formats of GloVe and word2vec. @throws FormatError for other text */
  static parse(text: string, options: WordVectorsOptions = {}): WordVectorIndex {
    const { words, vectors } = parseWordVectors(text, options);
    return new WordVectorIndex(words, vectors);
  }

  /** The text that `parse` reads. @throws ValueError for words that it could not read back */
  format(options: FormatWordVectorsOptions = {}): string {
    return formatWordVectors(this, options);
  }

  has(word: string): boolean {
    return this.#rows.has(word);
  }

  /** D numbers. @throws UnknownNameError with near matches */
  vectorOf(word: string): Float64Array {
    return Float64Array.from(this.#values[this.#rowOf("WordVectorIndex.vectorOf", word)]);
  }

  /** The vectors of some words, [n, D], such as to draw them. @throws UnknownNameError with near matches */
  rows(words: readonly string[]): Tensor {
    const rows = Int32Array.from(words, (word) => this.#rowOf("WordVectorIndex.rows", word));
    return indexSelect(this.vectors, 0, this.vectors.makeFrom(rows, "int32", [rows.length]));
  }

  /** cos(a, b), from −1 to 1; 0 where a vector is 0. (Salton et al., 1975) @throws UnknownNameError with near matches */
  similarity(a: string, b: string): number {
    const own = "WordVectorIndex.similarity";
    return dot(this.#units[this.#rowOf(own, a)], this.#units[this.#rowOf(own, b)]);
  }

  /**
   * The k words whose vectors point most nearly the same way, nearest first, without the word itself.
   * @throws UnknownNameError with near matches; ShapeError for a vector of another length
   */
  nearest(wordOrVector: string | Vector, k = 10): Neighbour[] {
    const own = "WordVectorIndex.nearest";
    if (typeof wordOrVector !== "string") return this.#ranked(own, this.#unitOf(own, wordOrVector), k, []);
    const row = this.#rowOf(own, wordOrVector);
    return this.#ranked(own, this.#units[row], k, [row]);
  }

  /**
   * a is to b as c is to …: the k words nearest to b − a + c, each of them of length 1, but for the three themselves. (Mikolov et al., 2013c; 3CosAdd of
   * Levy & Goldberg, 2014) @throws UnknownNameError with near matches
   */
  analogy(a: string, b: string, c: string, k = 1): Neighbour[] {
    const own = "WordVectorIndex.analogy";
    const rows = [a, b, c].map((word) => this.#rowOf(own, word));
    const [from, to, start] = rows.map((row) => this.#units[row]);
    return this.#ranked(own, unit(start.map((value, d) => value + to[d] - from[d])), k, rows);
  }

  #ranked(own: string, direction: Float64Array, k: number, except: readonly number[]): Neighbour[] {
    checkWhole(own, "k", k, 1);
    const found = this.#units.map((row, i) => ({ word: this.words[i], similarity: dot(row, direction) }));
    return found.filter((_, i) => !except.includes(i)).sort((a, b) => b.similarity - a.similarity).slice(0, k);
  }

  #rowOf(own: string, word: string): number {
    const row = this.#rows.get(word);
    if (row !== undefined) return row;
    const near = nearMatches(word, this.words);
    const fix = near.length > 0 ? `Did you mean ${near.map((match) => `"${match}"`).join(" or ")}?` : "Ask for one of words";
    throw new UnknownNameError(own, `there is no vector for "${word}" among ${this.words.length}`, fix, { word, near });
  }

  #unitOf(own: string, vector: Vector): Float64Array {
    const dim = this.vectors.shape[1];
    if (vector.length === dim) return unit(vector);
    throw new ShapeError(own, `the vector has ${vector.length} numbers, those of words ${dim}`, `Give ${dim} numbers`, { length: vector.length, dim });
  }
}
