import { checkOptions } from "@dl/registry";
import { joinWords } from "../text/join-words.js";
import { wordSplitter, type PreTokenizer, type WordSplitter } from "../text/pre-tokenizers.js";
import { jsonObject, jsonPreTokenizer, malformed } from "./json.js";
import { Markers } from "./markers.js";
import { specialTokens, type SpecialNames } from "./specials.js";
import { listOfTexts, type Texts } from "./texts.js";
import type { TokenizerJson } from "./tokenizer.js";
import { VocabularyTokenizer, type Sink } from "./vocabulary-tokenizer.js";
import { Vocabulary, type VocabularyJson, type VocabularyOptions } from "./vocabulary.js";

interface HowToSplit {
  /** Make words lower case. Default false. */
  readonly lowerCase?: boolean;
  /** How texts are cut into words. Default "words". */
  readonly preTokenizer?: PreTokenizer;
}

/** `specials` is { pad: "<pad>", unk: "<unk>" } by default. */
export interface WordTokenizerOptions extends HowToSplit, VocabularyOptions {}

export interface WordTokenizerJson extends TokenizerJson, VocabularyJson, Required<HowToSplit> {
  readonly type: "word";
}

const defaultSpecials: SpecialNames = { pad: "<pad>", unk: "<unk>" };

function* wordsOf(texts: readonly string[], specials: SpecialNames, splitter: WordSplitter, lowerCase: boolean): Generator<string, void> {
  const markers = new Markers(specialTokens("WordTokenizer.train", specials));
  for (const text of texts) {
    for (const { start, end, marker } of markers.pieces(text)) {
      const plain = marker === undefined ? text.slice(start, end) : "";
      for (const word of splitter.words(plain)) yield lowerCase ? word.toLowerCase() : word;
    }
  }
}

/**
 * Each word and each punctuation mark is a token. White space is not kept: `decode` sets spaces as people do.
 * @throws ValueError, UnknownNameError for options
 */
export class WordTokenizer extends VocabularyTokenizer {
  static readonly type = "word";
  readonly lowerCase: boolean;
  readonly preTokenizer: PreTokenizer;
  readonly #splitter: WordSplitter;

  constructor(vocabulary: Vocabulary, options: HowToSplit = {}) {
    super(vocabulary);
    checkOptions("WordTokenizer", options, ["lowerCase", "preTokenizer"]);
    this.lowerCase = options.lowerCase ?? false;
    this.preTokenizer = options.preTokenizer ?? "words";
    this.#splitter = wordSplitter(this.preTokenizer, "WordTokenizer");
  }

  /**
   * Learns the words that occur: special tokens first, then words by falling frequency.
   * @throws ValueError when there is no text, ValueError and UnknownNameError for options
   */
  static train(texts: Texts, options: WordTokenizerOptions = {}): WordTokenizer {
    const where = "WordTokenizer.train";
    checkOptions(where, options, ["lowerCase", "preTokenizer", "minFrequency", "maxSize", "specials"]);
    const { lowerCase = false, preTokenizer = "words", specials = defaultSpecials, ...rest } = options;
    const words = wordsOf(listOfTexts(where, texts), specials, wordSplitter(preTokenizer, where), lowerCase);
    return new WordTokenizer(Vocabulary.from(words, { ...rest, specials }), { lowerCase, preTokenizer });
  }

  /** @throws FormatError for anything else than `toJSON` gives */
  static fromJSON(json: unknown): WordTokenizer {
    const where = "WordTokenizer.fromJSON";
    const { lowerCase, preTokenizer } = jsonObject(where, json);
    if (typeof lowerCase !== "boolean") throw malformed(where, "lowerCase is neither true nor false");
    return new WordTokenizer(Vocabulary.fromJSON(json, where), { lowerCase, preTokenizer: jsonPreTokenizer(where, preTokenizer) });
  }

  toJSON(): WordTokenizerJson {
    return { type: WordTokenizer.type, ...this.vocabulary.toJSON(), lowerCase: this.lowerCase, preTokenizer: this.preTokenizer };
  }

  protected encodePlain(text: string, start: number, { ids, offsets }: Sink): void {
    for (const [from, to] of this.#splitter.offsets(text)) {
      const word = text.slice(from, to);
      ids.push(this.vocabulary.indexOf(this.lowerCase ? word.toLowerCase() : word));
      offsets?.push([start + from, start + to]);
    }
  }

  protected decodeKept(ids: readonly number[]): string {
    return joinWords(ids.map((id) => this.tokenOf(id)));
  }

  protected plainFinalLength(text: string): number {
    return this.#splitter.finalLength(text, (part) => part);
  }
}
