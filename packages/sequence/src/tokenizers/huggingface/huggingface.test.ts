import { FormatError, UnknownNameError, ValueError } from "@dl/registry";
import { describe, expect, test } from "vitest";
import { bertNormalizers } from "../../text/normalizers.js";
import { BPETokenizer, standardSpecials, tokenizerFromHuggingFace, tokenizerToHuggingFace, Vocabulary, WordPieceTokenizer } from "../index.js";
import type { HuggingFaceJson } from "../index.js";

const bpe = BPETokenizer.train("The cat sat on the mat. The cat sat.", { vocabSize: 290, specials: standardSpecials, normalizers: ["nfc"] });
const specials = { pad: "[PAD]", unk: "[UNK]", bos: "[CLS]", eos: "[SEP]" };
const vocabulary = new Vocabulary([...Object.values(specials), "[MASK]", "the", "cat", "##s"], specials);
const wordPiece = new WordPieceTokenizer(vocabulary, { normalizers: bertNormalizers, added: [{ token: "[MASK]", special: true }], maxWordLength: 50 });

type Changes = Partial<Record<keyof HuggingFaceJson, unknown>> & { readonly modelChanges?: object };

function changed({ modelChanges = {}, ...changes }: Changes, of: BPETokenizer | WordPieceTokenizer = bpe): string {
  const json = tokenizerToHuggingFace(of);
  return JSON.stringify({ ...json, model: { ...json.model, ...modelChanges }, ...changes });
}

describe("TRF-01: tokenizer.json", () => {
  test.each([["BPE", bpe], ["WordPiece", wordPiece]] as const)("a %s that was written is the same when it is read", (_, tokenizer) => {
    const read = tokenizerFromHuggingFace(JSON.stringify(tokenizerToHuggingFace(tokenizer)));
    expect(read.toJSON()).toStrictEqual(tokenizer.toJSON());
  });

  test.each(["none", "whitespace", "bert", { pattern: "\\d+| ?[a-z]+" }] as const)("the pre-tokenizer %j comes back", (preTokenizer) => {
    for (const tokenizer of [new BPETokenizer(bpe.vocabulary, bpe.merges, { preTokenizer }), new WordPieceTokenizer(vocabulary, { preTokenizer })]) {
      expect(tokenizerFromHuggingFace(JSON.stringify(tokenizerToHuggingFace(tokenizer))).preTokenizer).toStrictEqual(preTokenizer);
    }
  });

  test("normalizers come back, one by one and together", () => {
    const lists = [[], ["nfkd", "stripAccents"], ["stripMarks", "lowerCase"], ["cleanText"], ["spaceIdeographs", "nfd", "nfkc"], bertNormalizers] as const;
    for (const normalizers of lists) {
      const tokenizer = new WordPieceTokenizer(vocabulary, { normalizers });
      expect(tokenizerFromHuggingFace(JSON.stringify(tokenizerToHuggingFace(tokenizer))).normalizers).toStrictEqual(normalizers);
    }
  });

  test("what special tokens are for is guessed by their names, or said", () => {
    expect(tokenizerFromHuggingFace(changed({})).specials).toStrictEqual({ pad: 0, unk: 1, bos: 2, eos: 3 });
    const read = tokenizerFromHuggingFace(changed({}), { specials: { eos: "<pad>" } });
    expect(read.specials).toStrictEqual({ eos: 0 });
    expect(read.added.map(({ token }) => token)).toStrictEqual(["<unk>", "<start>", "<end>"]);
    expect(() => tokenizerFromHuggingFace(changed({}), { special: {} } as object)).toThrow(UnknownNameError);
  });

  test("merges may be lists of two, and added tokens stand behind the model's", () => {
    const added = [{ id: bpe.vocabSize, content: "<|endoftext|>", special: true }];
    const read = tokenizerFromHuggingFace(changed({ added_tokens: added, modelChanges: { merges: bpe.merges } }));
    expect(read.encode("The<|endoftext|>")).toStrictEqual(Int32Array.of(...bpe.encode("The"), bpe.vocabSize));
    expect(read.specials).toStrictEqual({ bos: bpe.vocabSize, eos: bpe.vocabSize });
  });

  test("letters in (?i:…) stand for both cases", () => {
    const split = { type: "Split", pattern: { Regex: "(?i:'s|'ll)|\\p{L}+" }, behavior: "Isolated", invert: false };
    const byteLevel = { type: "ByteLevel", add_prefix_space: false, use_regex: false };
    const read = tokenizerFromHuggingFace(changed({ pre_tokenizer: { type: "Sequence", pretokenizers: [split, byteLevel] } }));
    expect(read.preTokenizer).toStrictEqual({ pattern: "(?:'[sS]|'[lL][lL])|\\p{L}+" });
  });

  test.each<[string, string, RegExp]>([
    ["no JSON", '{\n  "model": {\n    "type": BPE\n  }\n}', /line 3 is no JSON/],
    ["an end that comes too early", '{\n"model": {', /line 2 is no JSON/],
    ["no model", "{}", /model is missing, not an object/],
    ["another model", changed({ model: { type: "Unigram", vocab: [] } }), /the model is a Unigram, which is not supported. Supported: BPE, WordPiece/],
    ["BPE that is not of bytes", changed({ pre_tokenizer: null }), /Only byte-level BPE is supported/],
    ["another pre-tokenizer", changed({ pre_tokenizer: { type: "Metaspace" } }), /the pre-tokenizer Metaspace is not supported/],
    ["a space put before the text", changed({ pre_tokenizer: { type: "ByteLevel", add_prefix_space: true } }), /add_prefix_space, which is not supported/],
    ["another normalizer", changed({ normalizer: { type: "Precompiled" } }), /the normalizer Precompiled is not supported/],
    ["dropout", changed({ modelChanges: { dropout: 0.1 } }), /model.dropout is 0.1, which is not supported/],
    ["a merge of one", changed({ modelChanges: { merges: ["h e", "c"] } }), /merges\[1\] is "c", not two tokens/],
    ["a merge of what is no token", changed({ modelChanges: { merges: ["a b", "zz z"] } }), /merges\[0\] \(a b\) needs "ab", which is no token/],
    ["an id that is none", changed({ modelChanges: { vocab: { a: "1" } }, added_tokens: [] }), /vocab\["a"\] is "1", not an id/],
    ["an added token with another id", changed({ added_tokens: [{ id: 7, content: "<pad>" }] }), /"<pad>" has id 7, and 0 in model.vocab/],
    ["an added token with spaces", changed({ added_tokens: [{ id: 0, content: "<pad>", lstrip: true }] }), /asks for lstrip, which is not supported/],
    ["a WordPiece without unk", changed({ modelChanges: { unk_token: null } }, wordPiece), /model.unk_token is null, not a string/],
  ])("%s is refused with the reason", (_, text, message) => {
    expect(() => tokenizerFromHuggingFace(text)).toThrow(FormatError);
    expect(() => tokenizerFromHuggingFace(text)).toThrow(message);
  });

  test("a pre-tokenizer that the format has no name for is not written", () => {
    expect(() => tokenizerToHuggingFace(new WordPieceTokenizer(vocabulary, { preTokenizer: "words" }))).toThrow(ValueError);
  });
});
