import { checkOptions } from "@dl/registry";
import { BPETokenizer, type BPETokenizerOptions } from "../bpe/bpe-tokenizer.js";
import { readMerges } from "../bpe/merges.js";
import { jsonList, jsonObject, jsonString, malformed, parseJson } from "../json.js";
import { specialTokens, type SpecialNames } from "../specials.js";
import { tokensById } from "../tokens-by-id.js";
import { Vocabulary } from "../vocabulary.js";
import { WordPieceTokenizer } from "../wordpiece/word-piece-tokenizer.js";
import { guessedSpecials, listedTokens, type ListedToken } from "./added-tokens.js";
import { readNormalizers } from "./normalizers.js";
import { readPreTokenizer, type ReadPreTokenizer } from "./pre-tokenizers.js";

type Json = Readonly<Record<string, unknown>>;

export interface FromHuggingFaceOptions {
  /** What the special tokens are for, which the file does not say. Default: by names in use, such as "<pad>", "[PAD]", "</s>". */
  readonly specials?: SpecialNames;
}

interface Parts {
  readonly vocabulary: Vocabulary;
  readonly added: readonly { readonly token: string; readonly special: boolean }[];
}

const where = "tokenizerFromHuggingFace";

function partsOf(model: Json, listed: readonly ListedToken[], specials: SpecialNames): Parts {
  const ids = jsonObject(where, model.vocab, "model.vocab");
  const other = listed.find(({ token, id }) => Object.hasOwn(ids, token) && ids[token] !== id);
  if (other !== undefined) {
    throw malformed(where, `the added token ${JSON.stringify(other.token)} has id ${other.id}, and ${JSON.stringify(ids[other.token])} in model.vocab`);
  }
  const tokens = tokensById(where, "vocab", { ...ids, ...Object.fromEntries(listed.map(({ token, id }) => [token, id])) });
  const ofKinds = specialTokens(where, specials);
  const added = listed.filter(({ token }) => !ofKinds.includes(token)).map(({ token, special }) => ({ token, special }));
  return { vocabulary: new Vocabulary(tokens, specials), added };
}

/** @throws FormatError where the model asks for what is not supported */
function refuse(model: Json, options: readonly string[]): void {
  const option = options.find((name) => Boolean(model[name]));
  if (option === undefined) return;
  throw malformed(where, `model.${option} is ${JSON.stringify(model[option])}, which is not supported`, "Use a tokenizer without it", { option });
}

interface Read extends ReadPreTokenizer, Pick<Required<BPETokenizerOptions>, "normalizers"> {
  readonly model: Json;
  readonly listed: readonly ListedToken[];
  readonly specials: SpecialNames;
}

function bytePairs({ model, listed, specials, normalizers, preTokenizer, byteLevel }: Read): BPETokenizer {
  refuse(model, ["dropout", "continuing_subword_prefix", "end_of_word_suffix", "byte_fallback", "ignore_merges"]);
  if (!byteLevel) throw malformed(where, "the BPE has no ByteLevel pre-tokenizer", "Only byte-level BPE is supported");
  const { vocabulary, added } = partsOf(model, listed, specials);
  const merges = readMerges(where, jsonList(where, "model.merges", model.merges), vocabulary);
  return new BPETokenizer(vocabulary, merges, { normalizers, preTokenizer, added });
}

function wordPieces({ model, listed, specials, normalizers, preTokenizer }: Read): WordPieceTokenizer {
  const unk = jsonString(where, "model.unk_token", model.unk_token);
  const { vocabulary, added } = partsOf(model, listed, { ...specials, unk });
  const continuing = jsonString(where, "model.continuing_subword_prefix", model.continuing_subword_prefix);
  const { max_input_chars_per_word: maxWordLength = 100 } = model;
  if (typeof maxWordLength !== "number") throw malformed(where, "model.max_input_chars_per_word is no number");
  return new WordPieceTokenizer(vocabulary, { normalizers, preTokenizer, continuing, maxWordLength, added });
}

const models: Readonly<Record<string, (read: Read) => BPETokenizer | WordPieceTokenizer>> = { BPE: bytePairs, WordPiece: wordPieces };

/**
 * The tokenizer in a `tokenizer.json` of Hugging Face: byte-level BPE or WordPiece. What the post-processor puts around a text is left out.
 * @param text of the file
 * @throws FormatError with the line where it is no JSON, and the reason where it is something else, or of a kind that is not supported;
 * ValueError where a byte has no token
 */
export function tokenizerFromHuggingFace(text: string, options: FromHuggingFaceOptions = {}): BPETokenizer | WordPieceTokenizer {
  checkOptions(where, options, ["specials"]);
  const json = jsonObject(where, parseJson(where, text));
  const model = jsonObject(where, json.model, "model");
  const type = jsonString(where, "model.type", model.type);
  if (!Object.hasOwn(models, type)) throw malformed(where, `the model is a ${type}, which is not supported`, "Supported: BPE, WordPiece", { type });
  const normalizers = readNormalizers(where, json.normalizer);
  const listed = listedTokens(where, json.added_tokens, normalizers);
  const specials = options.specials ?? guessedSpecials(listed);
  return models[type]({ model, listed, specials, normalizers, ...readPreTokenizer(where, json.pre_tokenizer) });
}
