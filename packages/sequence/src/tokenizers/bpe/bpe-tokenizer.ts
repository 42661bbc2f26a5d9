import { checkOptions, checkWhole, ValueError } from "@dl/registry";
import { alignedText } from "../../text/aligned.js";
import { checkNormalizers, normalizeText, type Normalizer } from "../../text/normalizers.js";
import { wordSplitter, type PreTokenizer, type WordSplitter } from "../../text/pre-tokenizers.js";
import { jsonList, jsonNormalizers, jsonObject, jsonPreTokenizer } from "../json.js";
import { specialTokens, type SpecialNames } from "../specials.js";
import { listOfTexts, type Texts } from "../texts.js";
import type { TokenizerJson } from "../tokenizer.js";
import { addedFromJson, VocabularyTokenizer, type AddedToken, type Sink } from "../vocabulary-tokenizer.js";
import { Vocabulary, type VocabularyJson } from "../vocabulary.js";
import { byteCharacters, bytesOfToken, textOfBytes, utf8 } from "./byte-alphabet.js";
import { byteOffsets } from "./byte-offsets.js";
import { countWords } from "./count-words.js";
import { readGpt2, type Gpt2Files } from "./gpt2-files.js";
import { learnMerges } from "./learn-merges.js";
import { MergeTable } from "./merge-table.js";
import { readMerges, tokenMerges } from "./merges.js";

export interface BPETokenizerOptions {
  /** What is done to texts first. Default: nothing, so that `decode(encode(text))` is the text. */
  readonly normalizers?: readonly Normalizer[];
  /** How texts are cut into words, across which no merge goes. Default "gpt2". */
  readonly preTokenizer?: PreTokenizer;
  /** Tokens besides the special ones that texts are searched for before anything else. */
  readonly added?: readonly AddedToken[];
}

export interface TrainBPEOptions extends Omit<BPETokenizerOptions, "added"> {
  /** Tokens to have, with the special ones and those of the 256 bytes; there are fewer when there is nothing left to merge. */
  readonly vocabSize: number;
  /** Do not merge pairs that occur less often. Default 2. */
  readonly minFrequency?: number;
  /** Special tokens, which get the first ids. Default: none. */
  readonly specials?: SpecialNames;
}

export interface BPETokenizerJson extends TokenizerJson, VocabularyJson, Required<BPETokenizerOptions> {
  readonly type: "bpe";
  /** "left right" each, the first merge first. */
  readonly merges: readonly string[];
}

const CACHED_WORDS = 65_536;
const CACHED_LENGTH = 64;

/**
 * Byte-level byte-pair encoding: a text's UTF-8 bytes are tokens, and pairs of neighbours are merged as long as there is a merge for one, that of
 * the lowest rank first. Any text has tokens: without normalizers and special tokens, `decode(encode(text))` is the text. Only a lone surrogate,
 * which is no text, comes back as U+FFFD. (Sennrich et al., 2016; Radford et al., 2019)
 * @throws ValueError when a byte has no token, or a merge makes what is no token
 */
export class BPETokenizer extends VocabularyTokenizer {
  static readonly type = "bpe";
  readonly merges: readonly (readonly [left: string, right: string])[];
  readonly normalizers: readonly Normalizer[];
  readonly preTokenizer: PreTokenizer;
  readonly #splitter: WordSplitter;
  readonly #table: MergeTable;
  readonly #byteIds: Int32Array;
  readonly #bytes = new Map<number, Uint8Array>();
  readonly #cache = new Map<string, Int32Array>();

  constructor(vocabulary: Vocabulary, merges: readonly (readonly [left: string, right: string])[], options: BPETokenizerOptions = {}) {
    super(vocabulary, options.added);
    checkOptions("BPETokenizer", options, ["normalizers", "preTokenizer", "added"]);
    this.merges = merges;
    this.normalizers = options.normalizers ?? [];
    this.preTokenizer = options.preTokenizer ?? "gpt2";
    checkNormalizers("BPETokenizer", this.normalizers);
    this.#splitter = wordSplitter(this.preTokenizer, "BPETokenizer");
    this.#table = new MergeTable(vocabulary.size, tokenMerges("BPETokenizer", vocabulary, merges));
    this.#byteIds = Int32Array.from(byteCharacters, (character, byte) => {
      const id = vocabulary.idOf(character);
      if (id === undefined) throw new ValueError("BPETokenizer", `byte ${byte} has no token (${character})`, "Give a vocabulary with all 256 bytes", { byte });
      return id;
    });
  }

  /**
   * Learns merges from texts. `BPETokenizer.train(text, { vocabSize: 1256 })` learns 1000.
   * @throws ValueError when there is no text, ValueError and UnknownNameError for options
   */
  static train(texts: Texts, options: TrainBPEOptions): BPETokenizer {
    const where = "BPETokenizer.train";
    checkOptions(where, options, ["vocabSize", "minFrequency", "specials", "normalizers", "preTokenizer"]);
    const { vocabSize, minFrequency = 2, specials = {}, normalizers = [], preTokenizer = "gpt2" } = options;
    const tokens = [...specialTokens(where, specials), ...byteCharacters];
    checkWhole(where, "vocabSize", vocabSize, tokens.length);
    checkWhole(where, "minFrequency", minFrequency, 1);
    const words = countWords(listOfTexts(where, texts), tokens, { specials, normalizers, splitter: wordSplitter(preTokenizer, where) });
    const merges = learnMerges(words, tokens, vocabSize, minFrequency);
    return new BPETokenizer(new Vocabulary(tokens, specials), merges, { normalizers, preTokenizer });
  }

  /**
   * GPT-2's own files: `BPETokenizer.fromGpt2({ encoder: <text of encoder.json>, merges: <text of vocab.bpe> })`.
   * "<|endoftext|>" is its special token, of the kinds bos and eos.
   * @throws FormatError with the line and the reason
   */
  static fromGpt2(files: Gpt2Files): BPETokenizer {
    const { vocabulary, merges } = readGpt2(files);
    return new BPETokenizer(vocabulary, merges);
  }

  /** @throws FormatError for anything else than `toJSON` gives */
  static fromJSON(json: unknown): BPETokenizer {
    const where = "BPETokenizer.fromJSON";
    const { merges, normalizers, preTokenizer, added } = jsonObject(where, json);
    const vocabulary = Vocabulary.fromJSON(json, where);
    return new BPETokenizer(vocabulary, readMerges(where, jsonList(where, "merges", merges), vocabulary), {
      normalizers: jsonNormalizers(where, normalizers),
      preTokenizer: jsonPreTokenizer(where, preTokenizer),
      added: addedFromJson(where, added),
    });
  }

  toJSON(): BPETokenizerJson {
    const { normalizers, preTokenizer, added } = this;
    return { type: BPETokenizer.type, ...this.vocabulary.toJSON(), merges: this.merges.map((pair) => pair.join(" ")), normalizers, preTokenizer, added };
  }

  protected encodePlain(text: string, start: number, { ids, offsets }: Sink): void {
    if (offsets === undefined) {
      for (const word of this.#splitter.words(normalizeText(text, this.normalizers))) ids.pushAll(this.#idsOf(word));
      return;
    }
    const aligned = alignedText(text, this.normalizers);
    for (const [from, to] of this.#splitter.offsets(aligned.text)) {
      const word = aligned.text.slice(from, to);
      const found = this.#idsOf(word);
      ids.pushAll(found);
      for (const place of byteOffsets(word, Array.from(found, (id) => this.#bytesOf(id).length), from)) {
        const [begin, end] = aligned.originalOf(...place);
        offsets.push([start + begin, start + end]);
      }
    }
  }

  protected decodeKept(ids: readonly number[]): string {
    return textOfBytes(ids.map((id) => this.#bytesOf(id)));
  }

  protected plainFinalLength(text: string): number {
    return this.#splitter.finalLength(text, (part) => normalizeText(part, this.normalizers));
  }

  #idsOf(word: string): Int32Array {
    const known = this.#cache.get(word);
    if (known !== undefined) return known;
    const ids = this.#table.apply(Int32Array.from(utf8(word), (byte) => this.#byteIds[byte]));
    if (this.#cache.size >= CACHED_WORDS) this.#cache.clear();
    if (word.length <= CACHED_LENGTH) this.#cache.set(word, ids);
    return ids;
  }

  /** The bytes of a token; those of its own text where it is none of bytes, as special ones may be. */
  #bytesOf(id: number): Uint8Array {
    const known = this.#bytes.get(id);
    if (known !== undefined) return known;
    const token = this.tokenOf(id);
    const bytes = (this.isMatchedWhole(token) ? undefined : bytesOfToken(token)) ?? utf8(token);
    this.#bytes.set(id, bytes);
    return bytes;
  }
}
