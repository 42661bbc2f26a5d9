import type { Normalizer } from "../../text/normalizers.js";
import { jsonList, jsonObject, jsonString, malformed } from "../json.js";
import { specialKinds, type SpecialKind, type SpecialNames } from "../specials.js";
import type { AddedToken } from "../vocabulary-tokenizer.js";

/** A token of the list `added_tokens`. */
export interface ListedToken extends Required<AddedToken> {
  readonly id: number;
}

const refused = ["single_word", "lstrip", "rstrip"] as const;
const unicodeForms: readonly Normalizer[] = ["nfc", "nfd", "nfkc", "nfkd"];

function listedToken(where: string, item: unknown, place: string, normalizers: readonly Normalizer[]): ListedToken {
  const fields = jsonObject(where, item, place);
  const token = jsonString(where, `${place}.content`, fields.content);
  const { id, special = false } = fields;
  if (typeof id !== "number") throw malformed(where, `${place} (${token}) has no id`, undefined, { token });
  if (typeof special !== "boolean") throw malformed(where, `${place}.special is neither true nor false`, undefined, { token });
  const option = refused.find((name) => fields[name] === true);
  if (option !== undefined) {
    throw malformed(where, `${place} (${token}) asks for ${option}, which is not supported`, "Use a tokenizer without it", { token, option });
  }
  if (fields.normalized === true && normalizers.some((name) => !unicodeForms.includes(name))) {
    throw malformed(where, `${place} (${token}) is searched for in the normalized text, which is not supported`, 'Set "normalized" to false', { token });
  }
  return { token, id, special };
}

/** @throws FormatError for what is no list of tokens, or asks for what is not supported */
export function listedTokens(where: string, value: unknown, normalizers: readonly Normalizer[]): ListedToken[] {
  return jsonList(where, "added_tokens", value ?? []).map((item, i) => listedToken(where, item, `added_tokens[${i}]`, normalizers));
}

/** Names that are in use for each kind, the first that is found counts. The format itself does not say what a special token is for. */
const usualNames: Readonly<Record<SpecialKind, readonly string[]>> = {
  pad: ["<pad>", "[PAD]", "<|pad|>"],
  unk: ["<unk>", "[UNK]"],
  bos: ["<start>", "<s>", "<bos>", "[CLS]", "<|begin_of_text|>", "<|endoftext|>"],
  eos: ["<end>", "</s>", "<eos>", "[SEP]", "<|end_of_text|>", "<|endoftext|>"],
};

export function guessedSpecials(tokens: readonly ListedToken[]): SpecialNames {
  const special = new Set(tokens.filter((token) => token.special).map(({ token }) => token));
  return Object.fromEntries(specialKinds.flatMap((kind) => {
    const name = usualNames[kind].find((token) => special.has(token));
    return name === undefined ? [] : [[kind, name] as const];
  }));
}
