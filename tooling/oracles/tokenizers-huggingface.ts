import * as huggingFace from "@huggingface/tokenizers";

/** What the tests use of a `Tokenizer` of @huggingface/tokenizers, whose own types do not resolve for modules of Node. */
export interface HuggingFaceTokenizer {
  encode(text: string, options?: { readonly add_special_tokens?: boolean }): { readonly ids: number[]; readonly tokens: string[] };
  decode(ids: readonly number[], options?: { readonly skip_special_tokens?: boolean; readonly clean_up_tokenization_spaces?: boolean }): string;
}

interface Library {
  readonly Tokenizer: new (json: object, config: object) => HuggingFaceTokenizer;
}

const library: Library = huggingFace;

/** The oracle's reading of a `tokenizer.json`. */
export const huggingFaceTokenizer = (json: object): HuggingFaceTokenizer => new library.Tokenizer(json, {});
