import { checkOptions, checkWhole, ValueError } from "@dl/registry";
import { jsonObject, optionalStrings, stringList } from "./json.js";
import { specialIds, specialKinds, specialTokens, type SpecialNames } from "./specials.js";
import type { SpecialIds } from "./tokenizer.js";

export interface VocabularyOptions {
  /** Leave out tokens that occur less often. Default 1. */
  readonly minFrequency?: number;
  /** Most tokens to have, special ones included; the most frequent stay. Default: all. */
  readonly maxSize?: number;
  /** Special tokens, which come first. Default: none. */
  readonly specials?: SpecialNames;
}

/** What `new Vocabulary` needs, as JSON. */
export interface VocabularyJson {
  readonly tokens: readonly string[];
  readonly specials: SpecialNames;
}

function idsOf(where: string, tokens: readonly string[]): Map<string, number> {
  const ids = new Map(tokens.map((token, id) => [token, id]));
  if (ids.size === tokens.length) return ids;
  const second = tokens.findIndex((token, id) => ids.get(token) !== id);
  const token = tokens[second];
  throw new ValueError(where, `${JSON.stringify(token)} is there twice, as ${second} and ${ids.get(token) ?? ""}`, "Give every token once", { token });
}

function countsOf(tokens: Iterable<string>, except: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const token of tokens) counts.set(token, (counts.get(token) ?? 0) + 1);
  for (const token of except) counts.delete(token);
  return counts;
}

/**
 * Tokens and their ids, 0 … size − 1.
 * @throws ValueError when a token is there twice, or a special one is not among the tokens
 */
export class Vocabulary {
  readonly tokens: readonly string[];
  readonly specials: SpecialIds;
  readonly specialNames: SpecialNames;
  readonly #ids: ReadonlyMap<string, number>;

  /** @param tokens in the order of their ids, special ones included */
  constructor(tokens: Iterable<string>, specials: SpecialNames = {}) {
    this.tokens = [...tokens];
    this.specialNames = specials;
    this.#ids = idsOf("Vocabulary", this.tokens);
    const missing = specialTokens("Vocabulary", specials).find((token) => !this.#ids.has(token));
    if (missing !== undefined) {
      const fact = `the special token ${JSON.stringify(missing)} is not among the ${this.size} tokens`;
      throw new ValueError("Vocabulary", fact, "List it with the others", { missing });
    }
    this.specials = specialIds(specials, (token) => this.indexOf(token));
  }

  /**
   * The vocabulary of what occurs: special tokens first, then by falling frequency, equally frequent ones by their first appearance.
   * @throws ValueError, UnknownNameError for options
   */
  static from(tokens: Iterable<string>, options: VocabularyOptions = {}): Vocabulary {
    const where = "Vocabulary.from";
    checkOptions(where, options, ["minFrequency", "maxSize", "specials"]);
    const { minFrequency = 1, maxSize = Infinity, specials = {} } = options;
    checkWhole(where, "minFrequency", minFrequency, 1);
    const first = specialTokens(where, specials);
    if (options.maxSize !== undefined) checkWhole(where, "maxSize", maxSize, Math.max(1, first.length));
    const frequent = [...countsOf(tokens, first)].filter(([, count]) => count >= minFrequency).sort(([, a], [, b]) => b - a);
    return new Vocabulary([...first, ...frequent.slice(0, maxSize - first.length).map(([token]) => token)], specials);
  }

  /** @throws FormatError for anything else than `toJSON` gives, ValueError as the constructor does */
  static fromJSON(json: unknown, where = "Vocabulary.fromJSON"): Vocabulary {
    const { tokens, specials } = jsonObject(where, json);
    return new Vocabulary(stringList(where, "tokens", tokens), optionalStrings(where, "specials", specials, specialKinds));
  }

  get size(): number {
    return this.tokens.length;
  }

  has(token: string): boolean {
    return this.#ids.has(token);
  }

  /** The id of a token, `undefined` for what is none. */
  idOf(token: string): number | undefined {
    return this.#ids.get(token);
  }

  /** The id of a token, that of `unk` for what is none. @throws ValueError where there is no `unk` either */
  indexOf(token: string): number {
    const id = this.#ids.get(token) ?? this.specials.unk;
    if (id !== undefined) return id;
    const fact = `${JSON.stringify(token)} is not among the ${this.size} tokens, and there is no unk token`;
    throw new ValueError("Vocabulary", fact, 'Make it with { specials: { unk: "<unk>" } }', { token });
  }

  /** @throws ValueError for an id out of range */
  tokenAt(id: number): string {
    if (Number.isInteger(id) && id >= 0 && id < this.size) return this.tokens[id];
    throw new ValueError("Vocabulary", `id ${id} is none of 0 … ${this.size - 1}`, "Check that the ids come from this vocabulary", { id });
  }

  toJSON(): VocabularyJson {
    return { tokens: this.tokens, specials: this.specialNames };
  }
}
