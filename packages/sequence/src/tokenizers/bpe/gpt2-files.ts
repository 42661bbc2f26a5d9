import { checkOptions } from "@dl/registry";
import { jsonObject, parseJson } from "../json.js";
import type { SpecialNames } from "../specials.js";
import { tokensById } from "../tokens-by-id.js";
import { Vocabulary } from "../vocabulary.js";
import { readMerges } from "./merges.js";

/** The text of the two files that GPT-2's tokenizer consists of. */
export interface Gpt2Files {
  /** `encoder.json`, also called `vocab.json`: ids by token. */
  readonly encoder: string;
  /** `vocab.bpe`, also called `merges.txt`: a line of two tokens for each merge. */
  readonly merges: string;
}

const endOfText = "<|endoftext|>";

function readVocabulary(where: string, text: string): Vocabulary {
  const tokens = tokensById(where, "encoder", jsonObject(where, parseJson(where, text)));
  const specials: SpecialNames = tokens.includes(endOfText) ? { bos: endOfText, eos: endOfText } : {};
  return new Vocabulary(tokens, specials);
}

/** @throws FormatError with the line and the reason */
export function readGpt2(files: Gpt2Files): { readonly vocabulary: Vocabulary; readonly merges: readonly (readonly [string, string])[] } {
  const where = "BPETokenizer.fromGpt2";
  checkOptions(where, files, ["encoder", "merges"]);
  const vocabulary = readVocabulary(`${where} (encoder)`, files.encoder);
  const lines = files.merges.split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  const skipped = lines.at(0)?.startsWith("#version") === true ? 1 : 0;
  return { vocabulary, merges: readMerges(`${where} (merges)`, lines.slice(skipped), vocabulary, 1 + skipped) };
}
