import { checkWhole, ShapeError, ValueError } from "@dl/registry";
import { textOfBytes, utf8 } from "../bpe/byte-alphabet.js";
import { byteOffsets } from "../bpe/byte-offsets.js";
import { MergeTable } from "../bpe/merge-table.js";
import { jsonList, jsonObject, malformed } from "../json.js";
import type { TokenizerJson } from "../tokenizer.js";
import { VocabularyTokenizer, type Sink } from "../vocabulary-tokenizer.js";
import { Vocabulary, type VocabularyJson } from "../vocabulary.js";
import { decodeLlama2c } from "./llama2c-file.js";
import { scoreMerges } from "./score-merges.js";

export interface LlamaTokenizerJson extends TokenizerJson, VocabularyJson {
  readonly type: "llama";
  readonly scores: readonly number[];
}

const PREFIX = " ";
const specials = { unk: "<unk>", bos: "<s>", eos: "</s>" };
const specialIds: readonly string[] = Object.values(specials);

const byteToken = (byte: number): string => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`;

/**
 * Byte-pair encoding of characters by scores, as SentencePiece does it for Llama: the text, with a space before it, begins as characters; over and over
 * the neighbours that make the token of the highest score are merged. A character that is no token becomes the tokens of its bytes, "<0x0A>" and so on.
 * `decode` leaves out the space at the beginning of the text, and behind `bos`. A lone surrogate becomes U+FFFD. Streams are read to their end first:
 * a merge may go across any place of the text. (Kudo and Richardson, 2018; Touvron et al., 2023)
 * @throws ShapeError unless there are as many scores as tokens, ValueError when a byte has no token
 */
export class LlamaTokenizer extends VocabularyTokenizer {
  static readonly type = "llama";
  readonly #table: MergeTable;
  readonly #byteIds: Int32Array;
  readonly #byteOf: ReadonlyMap<number, number>;

  constructor(vocabulary: Vocabulary, readonly scores: readonly number[]) {
    super(vocabulary);
    if (scores.length !== vocabulary.size) {
      const fact = `there are ${scores.length} scores for ${vocabulary.size} tokens`;
      throw new ShapeError("LlamaTokenizer", fact, "Give one score for each token", { scores: scores.length, tokens: vocabulary.size });
    }
    this.#byteIds = Int32Array.from({ length: 256 }, (_, byte) => {
      const token = byteToken(byte);
      const id = vocabulary.idOf(token);
      if (id === undefined) throw new ValueError("LlamaTokenizer", `byte ${byte} has no token (${token})`, "Give a vocabulary with all 256 bytes", { byte });
      return id;
    });
    this.#byteOf = new Map(Array.from(this.#byteIds, (id, byte) => [id, byte]));
    const isPart = (id: number): boolean => !this.#byteOf.has(id) && !this.isMatchedWhole(this.tokenOf(id));
    this.#table = new MergeTable(vocabulary.size, scoreMerges(vocabulary.tokens, scores, isPart));
  }

  /**
   * The tokenizer in a `tokenizer.bin` of llama2.c. Ids 0, 1 and 2 are "<unk>", "<s>" (bos) and "</s>" (eos).
   * @throws FormatError with the byte offset and the reason
   */
  static fromLlama2c(bytes: Uint8Array, vocabSize: number): LlamaTokenizer {
    const where = "LlamaTokenizer.fromLlama2c";
    checkWhole(where, "vocabSize", vocabSize, specialIds.length);
    const scored = decodeLlama2c(bytes, vocabSize, where);
    const tokens = scored.map(({ token }, id) => (id < specialIds.length ? token.trim() : token));
    specialIds.forEach((name, id) => {
      if (tokens[id] !== name) throw malformed(where, `token ${id} is ${JSON.stringify(tokens[id])}, not ${JSON.stringify(name)}`, undefined, { id });
    });
    return new LlamaTokenizer(new Vocabulary(tokens, specials), scored.map(({ score }) => score));
  }

  /** @throws FormatError for anything else than `toJSON` gives */
  static fromJSON(json: unknown): LlamaTokenizer {
    const where = "LlamaTokenizer.fromJSON";
    const scores = jsonList(where, "scores", jsonObject(where, json).scores).map((score, i) => {
      if (typeof score === "number") return score;
      throw malformed(where, `scores[${i}] is no number`, undefined, { index: i });
    });
    return new LlamaTokenizer(Vocabulary.fromJSON(json, where), scores);
  }

  toJSON(): LlamaTokenizerJson {
    return { type: LlamaTokenizer.type, ...this.vocabulary.toJSON(), scores: this.scores };
  }

  protected encodePlain(text: string, start: number, { ids, offsets }: Sink): void {
    const prefixed = PREFIX + text;
    const found = this.#table.apply(Int32Array.from(Array.from(prefixed).flatMap((character) => this.#idsOf(character))));
    ids.pushAll(found);
    if (offsets === undefined) return;
    const places = byteOffsets(prefixed, Array.from(found, (id) => this.#bytesOf(id).length), start - PREFIX.length);
    for (const [begin, end] of places) offsets.push([Math.max(start, begin), end]);
  }

  protected decodeKept(ids: readonly number[]): string {
    const { bos } = this.specials;
    return textOfBytes(ids.map((id, i) => {
      const bytes = this.#bytesOf(id);
      const begins = i === 0 || ids[i - 1] === bos;
      return begins && bytes[0] === PREFIX.charCodeAt(0) ? bytes.subarray(1) : bytes;
    }));
  }

  protected plainFinalLength(): number {
    return 0;
  }

  #idsOf(character: string): number[] {
    const id = this.idOf(character);
    return id === undefined ? Array.from(utf8(character), (byte) => this.#byteIds[byte]) : [id];
  }

  #bytesOf(id: number): Uint8Array {
    const byte = this.#byteOf.get(id);
    return byte === undefined ? utf8(this.tokenOf(id)) : Uint8Array.of(byte);
  }
}
