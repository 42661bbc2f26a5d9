import { checkOptions } from "@dl/registry";
import { jsonObject } from "./json.js";
import { Markers } from "./markers.js";
import { specialTokens, type SpecialNames } from "./specials.js";
import { listOfTexts, type Texts } from "./texts.js";
import type { TokenizerJson } from "./tokenizer.js";
import { VocabularyTokenizer, type Sink } from "./vocabulary-tokenizer.js";
import { Vocabulary, type VocabularyJson } from "./vocabulary.js";

export interface CharTokenizerOptions {
  /** Special tokens, which get the first ids. Default: none, so that a character which was not there is an error. */
  readonly specials?: SpecialNames;
}

export interface CharTokenizerJson extends TokenizerJson, VocabularyJson {
  readonly type: "char";
}

/**
 * Each character is a token; a character is a code point of Unicode.
 * @throws ValueError from `encode` for a character that is not in the vocabulary, unless there is an `unk` token
 */
export class CharTokenizer extends VocabularyTokenizer {
  static readonly type = "char";

  /**
   * Learns the characters that occur: special tokens first, then characters by their code points.
   * @throws ValueError when there is no text, UnknownNameError for options
   */
  static train(texts: Texts, options: CharTokenizerOptions = {}): CharTokenizer {
    const where = "CharTokenizer.train";
    checkOptions(where, options, ["specials"]);
    const { specials = {} } = options;
    const first = specialTokens(where, specials);
    const markers = new Markers(first);
    const found = new Set<string>();
    for (const text of listOfTexts(where, texts)) {
      for (const { start, end, marker } of markers.pieces(text)) {
        if (marker === undefined) for (const character of text.slice(start, end)) found.add(character);
      }
    }
    const codePoints = Array.from(found, (character) => character.codePointAt(0) ?? 0).sort((a, b) => a - b);
    const characters = codePoints.map((codePoint) => String.fromCodePoint(codePoint)).filter((character) => !first.includes(character));
    return new CharTokenizer(new Vocabulary([...first, ...characters], specials));
  }

  /** @throws FormatError for anything else than `toJSON` gives */
  static fromJSON(json: unknown): CharTokenizer {
    return new CharTokenizer(Vocabulary.fromJSON(jsonObject("CharTokenizer.fromJSON", json), "CharTokenizer.fromJSON"));
  }

  toJSON(): CharTokenizerJson {
    return { type: CharTokenizer.type, ...this.vocabulary.toJSON() };
  }

  protected encodePlain(text: string, start: number, { ids, offsets }: Sink): void {
    let at = start;
    for (const character of text) {
      ids.push(this.vocabulary.indexOf(character));
      offsets?.push([at, at + character.length]);
      at += character.length;
    }
  }

  protected decodeKept(ids: readonly number[]): string {
    return ids.map((id) => this.tokenOf(id)).join("");
  }

  protected plainFinalLength(text: string): number {
    return /[\uD800-\uDBFF]$/.test(text) ? text.length - 1 : text.length;
  }
}
