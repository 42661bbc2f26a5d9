import { checkOptions, checkWhole, ValueError } from "@dl/registry";
import { alignedText } from "../../text/aligned.js";
import { joinWords } from "../../text/join-words.js";
import { checkNormalizers, normalizeText, type Normalizer } from "../../text/normalizers.js";
import { wordSplitter, type PreTokenizer, type WordSplitter } from "../../text/pre-tokenizers.js";
import { jsonNormalizers, jsonObject, jsonPreTokenizer, jsonString, malformed } from "../json.js";
import type { Offset, TokenizerJson } from "../tokenizer.js";
import { addedFromJson, VocabularyTokenizer, type AddedToken, type Sink } from "../vocabulary-tokenizer.js";
import { Vocabulary, type VocabularyJson } from "../vocabulary.js";

export interface WordPieceTokenizerOptions {
  /** What is done to texts first. Default: nothing; `bertNormalizers` for uncased models. */
  readonly normalizers?: readonly Normalizer[];
  /** How texts are cut into words. Default "bert". */
  readonly preTokenizer?: PreTokenizer;
  /** What tokens begin with that do not begin a word. Default "##". */
  readonly continuing?: string;
  /** A word of more characters is unknown. Default 100. */
  readonly maxWordLength?: number;
  /** Tokens besides the special ones that texts are searched for before anything else, such as "[MASK]". */
  readonly added?: readonly AddedToken[];
}

export interface WordPieceTokenizerJson extends TokenizerJson, VocabularyJson, Required<WordPieceTokenizerOptions> {
  readonly type: "wordPiece";
}

const endsWithinPair = (text: string, end: number): boolean => end < text.length && (text.codePointAt(end - 1) ?? 0) > 0xffff;

/**
 * Words as the longest tokens that they begin with, one after the other: "unaffable" is "un", "##aff", "##able". A word of which a part is no token is
 * `unk` as a whole. White space is not kept: `decode` sets spaces as people do. (Wu et al., 2016; Devlin et al., 2019)
 * @throws ValueError, UnknownNameError for options; ValueError from `encode` for an unknown word where there is no `unk` token
 */
export class WordPieceTokenizer extends VocabularyTokenizer {
  static readonly type = "wordPiece";
  readonly normalizers: readonly Normalizer[];
  readonly preTokenizer: PreTokenizer;
  readonly continuing: string;
  readonly maxWordLength: number;
  readonly #splitter: WordSplitter;

  constructor(vocabulary: Vocabulary, options: WordPieceTokenizerOptions = {}) {
    super(vocabulary, options.added);
    checkOptions("WordPieceTokenizer", options, ["normalizers", "preTokenizer", "continuing", "maxWordLength", "added"]);
    this.normalizers = options.normalizers ?? [];
    this.preTokenizer = options.preTokenizer ?? "bert";
    this.continuing = options.continuing ?? "##";
    this.maxWordLength = options.maxWordLength ?? 100;
    checkNormalizers("WordPieceTokenizer", this.normalizers);
    checkWhole("WordPieceTokenizer", "maxWordLength", this.maxWordLength, 1);
    this.#splitter = wordSplitter(this.preTokenizer, "WordPieceTokenizer");
  }

  /** @throws FormatError for anything else than `toJSON` gives */
  static fromJSON(json: unknown): WordPieceTokenizer {
    const where = "WordPieceTokenizer.fromJSON";
    const { normalizers, preTokenizer, continuing, maxWordLength, added } = jsonObject(where, json);
    if (typeof maxWordLength !== "number") throw malformed(where, "maxWordLength is no number");
    return new WordPieceTokenizer(Vocabulary.fromJSON(json, where), {
      normalizers: jsonNormalizers(where, normalizers),
      preTokenizer: jsonPreTokenizer(where, preTokenizer),
      continuing: jsonString(where, "continuing", continuing),
      maxWordLength,
      added: addedFromJson(where, added),
    });
  }

  toJSON(): WordPieceTokenizerJson {
    const { normalizers, preTokenizer, continuing, maxWordLength, added } = this;
    return { type: WordPieceTokenizer.type, ...this.vocabulary.toJSON(), normalizers, preTokenizer, continuing, maxWordLength, added };
  }

  protected encodePlain(text: string, start: number, { ids, offsets }: Sink): void {
    if (offsets === undefined) {
      for (const word of this.#splitter.words(normalizeText(text, this.normalizers))) {
        for (const [id] of this.#tokensOf(word)) ids.push(id);
      }
      return;
    }
    const aligned = alignedText(text, this.normalizers);
    for (const [from, to] of this.#splitter.offsets(aligned.text)) {
      for (const [id, [begin, end]] of this.#tokensOf(aligned.text.slice(from, to))) {
        ids.push(id);
        const place = aligned.originalOf(from + begin, from + end);
        offsets.push([start + place[0], start + place[1]]);
      }
    }
  }

  protected decodeKept(ids: readonly number[]): string {
    const words: string[] = [];
    for (const token of ids.map((id) => this.tokenOf(id))) {
      const continues = token.startsWith(this.continuing) && words.length > 0;
      if (continues) words.push(`${words.pop() ?? ""}${token.slice(this.continuing.length)}`);
      else words.push(token);
    }
    return joinWords(words);
  }

  protected plainFinalLength(text: string): number {
    return this.#splitter.finalLength(text, (part) => normalizeText(part, this.normalizers));
  }

  #tokensOf(word: string): (readonly [id: number, place: Offset])[] {
    if (word.length > this.maxWordLength && Array.from(word).length > this.maxWordLength) return this.#unknown(word);
    const found: (readonly [number, Offset])[] = [];
    for (let from = 0; from < word.length; ) {
      const token = this.#longestFrom(word, from);
      if (token === undefined) return this.#unknown(word);
      found.push(token);
      from = token[1][1];
    }
    return found;
  }

  #unknown(word: string): [readonly [id: number, place: Offset]] {
    const { unk } = this.specials;
    if (unk !== undefined) return [[unk, [0, word.length]]];
    const fact = `${JSON.stringify(word)} is not made of tokens, and there is no unk token`;
    throw new ValueError("WordPieceTokenizer.encode", fact, 'Give the vocabulary one: { unk: "[UNK]" }', { word });
  }

  #longestFrom(word: string, from: number): readonly [id: number, place: Offset] | undefined {
    const prefix = from === 0 ? "" : this.continuing;
    for (let end = word.length; end > from; end--) {
      const id = endsWithinPair(word, end) ? undefined : this.idOf(prefix + word.slice(from, end));
      if (id !== undefined) return [id, [from, end]];
    }
    return undefined;
  }
}
