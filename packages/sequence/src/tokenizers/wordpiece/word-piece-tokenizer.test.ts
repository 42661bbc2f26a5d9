import { UnknownNameError, ValueError } from "@dl/registry";
import { describe, expect, test } from "vitest";
import { bertNormalizers } from "../../text/normalizers.js";
import { tokenizerFromJson, Vocabulary, WordPieceTokenizer } from "../index.js";

const specials = { pad: "[PAD]", unk: "[UNK]", bos: "[CLS]", eos: "[SEP]" };
const pieces = ["un", "##aff", "##able", "##a", "##bl", "want", "##ed", "run", "##ning", ",", ".", "我", "👋", "##👋", "e"];
const tokens = [...Object.values(specials), "[MASK]", ...pieces];
const vocabulary = new Vocabulary(tokens, specials);
const tokenizer = new WordPieceTokenizer(vocabulary, { normalizers: bertNormalizers, added: [{ token: "[MASK]" }] });

const tokensOf = (text: string, of = tokenizer): string[] => Array.from(of.encode(text), (id) => of.tokenOf(id));

describe("TRF-01: WordPiece", () => {
  test.each<[string, readonly string[]]>([
    ["unaffable", ["un", "##aff", "##able"]],
    ["UNwant\u00e9d,running", ["[UNK]", ",", "run", "##ning"]],
    ["unwanted running", ["[UNK]", "run", "##ning"]],
    ["wanted", ["want", "##ed"]],
    ["我我.", ["我", "我", "."]],
    ["👋👋", ["👋", "##👋"]],
    ["É é", ["e", "e"]],
    ["[CLS] want [MASK] [SEP]", ["[CLS]", "want", "[MASK]", "[SEP]"]],
    ["", []],
  ])("%j is %j", (text, expected) => {
    expect(tokensOf(text)).toStrictEqual(expected);
    expect(tokenizer.encodeWithOffsets(text).ids).toStrictEqual(tokenizer.encode(text));
  });

  test("offsets are those of the text as it was", () => {
    const text = "Wantéd, UNAFFABLE 我👋 zz";
    const { offsets } = tokenizer.encodeWithOffsets(text);
    expect(offsets.map(([start, end]) => text.slice(start, end))).toStrictEqual(["Want", "éd", ",", "UN", "AFF", "ABLE", "我", "👋", "zz"]);
  });

  test("decode puts pieces together and leaves special tokens out", () => {
    expect(tokenizer.decode(tokenizer.encode("[CLS] wanted, running [MASK]. [SEP]"))).toBe("wanted, running.");
  });

  test("a word that is too long is unknown; without unk it is an error", () => {
    const short = new WordPieceTokenizer(vocabulary, { maxWordLength: 3 });
    expect(tokensOf("want un", short)).toStrictEqual(["[UNK]", "un"]);
    expect(() => new WordPieceTokenizer(new Vocabulary(["a"])).encode("b")).toThrow(/"b" is not made of tokens, and there is no unk token/);
  });

  test("JSON is the same tokenizer; options are checked", () => {
    const copy = tokenizerFromJson(JSON.parse(JSON.stringify(tokenizer)));
    expect(copy.toJSON()).toStrictEqual(tokenizer.toJSON());
    expect(copy.encode("[MASK] Unaffable")).toStrictEqual(tokenizer.encode("[MASK] Unaffable"));
    expect(() => new WordPieceTokenizer(vocabulary, { maxWordLength: 0 })).toThrow(ValueError);
    expect(() => new WordPieceTokenizer(vocabulary, { prefix: "##" } as object)).toThrow(UnknownNameError);
    expect(() => new WordPieceTokenizer(vocabulary, { added: [{ token: "[X]" }] })).toThrow(/added token "\[X\]" is not among the 20 tokens/);
  });
});
