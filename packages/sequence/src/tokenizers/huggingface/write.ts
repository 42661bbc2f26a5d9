import { BPETokenizer } from "../bpe/bpe-tokenizer.js";
import { specialTokens } from "../specials.js";
import type { AddedToken } from "../vocabulary-tokenizer.js";
import type { WordPieceTokenizer } from "../wordpiece/word-piece-tokenizer.js";
import { normalizerJson } from "./normalizers.js";
import { byteLevel, byteLevelJson, wordLevelJson } from "./pre-tokenizers.js";

type Json = Readonly<Record<string, unknown>>;

/** What a `tokenizer.json` holds. */
export interface HuggingFaceJson {
  readonly version: "1.0";
  readonly truncation: null;
  readonly padding: null;
  readonly added_tokens: readonly Json[];
  readonly normalizer: Json | null;
  readonly pre_tokenizer: Json | null;
  readonly post_processor: null;
  readonly decoder: Json;
  readonly model: Json;
}

function addedTokens(tokenizer: BPETokenizer | WordPieceTokenizer): Json[] {
  const specials: readonly AddedToken[] = specialTokens("tokenizerToHuggingFace", tokenizer.vocabulary.specialNames).map((token) => ({ token }));
  return [...specials, ...tokenizer.added].map(({ token, special = true }) => ({
    id: tokenizer.vocabulary.indexOf(token), content: token, single_word: false, lstrip: false, rstrip: false, normalized: false, special,
  }));
}

function bytePairModel({ merges }: BPETokenizer, vocab: Json): Json {
  const unused = { dropout: null, unk_token: null, continuing_subword_prefix: null, end_of_word_suffix: null };
  return { type: "BPE", ...unused, fuse_unk: false, byte_fallback: false, ignore_merges: false, vocab, merges: merges.map((pair) => pair.join(" ")) };
}

function wordPieceModel({ continuing, maxWordLength, vocabulary }: WordPieceTokenizer, vocab: Json): Json {
  const { unk = "[UNK]" } = vocabulary.specialNames;
  return { type: "WordPiece", unk_token: unk, continuing_subword_prefix: continuing, max_input_chars_per_word: maxWordLength, vocab };
}

/**
 * A tokenizer as `tokenizer.json` of Hugging Face, which its libraries and `tokenizerFromHuggingFace` read:
 * `JSON.stringify(tokenizerToHuggingFace(tokenizer))`.
 * @throws ValueError for a pre-tokenizer that the format has no name for
 */
export function tokenizerToHuggingFace(tokenizer: BPETokenizer | WordPieceTokenizer): HuggingFaceJson {
  const vocab = Object.fromEntries(tokenizer.vocabulary.tokens.map((token, id) => [token, id]));
  const isBytes = tokenizer instanceof BPETokenizer;
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: addedTokens(tokenizer),
    normalizer: normalizerJson(tokenizer.normalizers),
    pre_tokenizer: isBytes ? byteLevelJson(tokenizer.preTokenizer) : wordLevelJson(tokenizer.preTokenizer),
    post_processor: null,
    decoder: isBytes ? byteLevel(true) : { type: "WordPiece", prefix: tokenizer.continuing, cleanup: true },
    model: isBytes ? bytePairModel(tokenizer, vocab) : wordPieceModel(tokenizer, vocab),
  };
}
