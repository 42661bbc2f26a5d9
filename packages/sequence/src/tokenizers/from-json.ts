import { unknownName } from "@dl/registry";
import { BPETokenizer } from "./bpe/bpe-tokenizer.js";
import { CharTokenizer } from "./char-tokenizer.js";
import { jsonObject, jsonString } from "./json.js";
import { LlamaTokenizer } from "./llama/llama-tokenizer.js";
import type { Tokenizer } from "./tokenizer.js";
import { WordTokenizer } from "./word-tokenizer.js";
import { WordPieceTokenizer } from "./wordpiece/word-piece-tokenizer.js";

const readers: Readonly<Record<string, (json: unknown) => Tokenizer>> = {
  bpe: (json) => BPETokenizer.fromJSON(json),
  char: (json) => CharTokenizer.fromJSON(json),
  llama: (json) => LlamaTokenizer.fromJSON(json),
  word: (json) => WordTokenizer.fromJSON(json),
  wordPiece: (json) => WordPieceTokenizer.fromJSON(json),
};

/**
 * The tokenizer that `toJSON` described: `tokenizerFromJson(JSON.parse(text))`.
 * @throws UnknownNameError for a type of tokenizer that is none, FormatError for another fault
 */
export function tokenizerFromJson(json: unknown): Tokenizer {
  const where = "tokenizerFromJson";
  const type = jsonString(where, "type", jsonObject(where, json).type);
  if (!Object.hasOwn(readers, type)) throw unknownName(where, "tokenizer", type, Object.keys(readers));
  return readers[type](json);
}
