import { StateError } from "@dl/registry";
import { StreamingMetric, sums } from "../common/streaming.js";
import { charactersOf, checkSentencePairs, wordsOf } from "./tokens.js";
import type { Sentence } from "./tokens.js";

/** Levenshtein distance: the least number of insertions, deletions and substitutions that turn `a` into `b`. */
export function editDistance(a: readonly string[], b: readonly string[]): number {
  let previous = Uint32Array.from({ length: b.length + 1 }, (_, j) => j);
  a.forEach((token, i) => {
    const current = new Uint32Array(b.length + 1);
    current[0] = i + 1;
    for (let j = 1; j <= b.length; j++) current[j] = Math.min(previous[j - 1] + Number(token !== b[j - 1]), previous[j] + 1, current[j - 1] + 1);
    previous = current;
  });
  return previous[b.length];
}

/** Edits over the length of the references; tokens are words or characters. */
abstract class EditRate extends StreamingMetric<Float64Array, number> {
  readonly #tokensOf: (sentence: Sentence) => readonly string[];

  protected constructor(name: string, tokensOf: (sentence: Sentence) => readonly string[]) {
    super(name, sums(3));
    this.#tokensOf = tokensOf;
  }

  /**
   * Counts a batch of candidates, each with its reference.
   * @throws ShapeError when there are not as many references as candidates; nothing is counted
   */
  update(candidates: readonly Sentence[], references: readonly Sentence[]): this {
    checkSentencePairs(`${this.name}.update`, candidates, references);
    const batch = Float64Array.of(candidates.length, 0, 0);
    candidates.forEach((candidate, row) => {
      const reference = this.#tokensOf(references[row]);
      batch[1] += editDistance(this.#tokensOf(candidate), reference);
      batch[2] += reference.length;
    });
    return this.absorb(batch);
  }

  protected override resultOf([, edits, length]: Float64Array): number {
    if (length === 0) throw new StateError(`${this.name}.compute`, "all references are empty", "Count one with text");
    return edits / length;
  }
}

/** The word error rate over any number of batches; see `wordErrorRate`. */
export class WordErrorRate extends EditRate {
  constructor() {
    super("WordErrorRate", wordsOf);
  }
}

/** The character error rate over any number of batches; see `characterErrorRate`. */
export class CharacterErrorRate extends EditRate {
  constructor() {
    super("CharacterErrorRate", charactersOf);
  }
}

/**
 * WER = edits / words in the references: insertions, deletions and substitutions of words, summed over all sentences. It can exceed 1.
 * Sentences are tokens, or strings that are split at white space.
 * @throws ShapeError when there are not as many references as candidates
 * @throws StateError when there are none, or all references are empty
 */
export const wordErrorRate = (candidates: readonly Sentence[], references: readonly Sentence[]): number => new WordErrorRate().update(candidates, references).compute();

/** CER = edits / characters in the references, spaces included; a character is a Unicode code point. Throws what `wordErrorRate` throws. */
export const characterErrorRate = (candidates: readonly Sentence[], references: readonly Sentence[]): number =>
  new CharacterErrorRate().update(candidates, references).compute();
