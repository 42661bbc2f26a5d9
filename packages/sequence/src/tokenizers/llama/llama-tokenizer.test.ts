import { FormatError, ShapeError, ValueError } from "@dl/registry";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LlamaTokenizer, tokenizerFromJson, Vocabulary } from "../index.js";

const codePoint = fc.oneof(fc.nat(0x7f), fc.nat(0xd7ff), fc.integer({ min: 0xe000, max: 0x10ffff }));
const anyText = fc.array(codePoint, { maxLength: 20 }).map((codePoints) => String.fromCodePoint(...codePoints));
const byteTokens = Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`);
const learnt: readonly (readonly [string, number])[] = [["he", -1], [" t", -0], ["ll", -5], [" the", -6], ["hell", -7], [" he", -7], ["el", -9]];
const characters = Array.from(" helotw,é", (character, i) => [character, -20 - i] as const);
const unscored = ["<unk>", "\n<s>\n", "\n</s>\n", ...byteTokens].map((token) => [token, 0] as const);
const scored: readonly (readonly [string, number])[] = [...unscored, ...learnt, ...characters];

/** The format of llama2.c. */
function file(tokens: readonly (readonly [string, number])[]): Uint8Array {
  const encoded = tokens.map(([token]) => new TextEncoder().encode(token));
  const bytes = new Uint8Array(4 + encoded.reduce((sum, { length }) => sum + 8 + length, 0));
  const view = new DataView(bytes.buffer);
  let at = 4;
  encoded.forEach((token, i) => {
    view.setFloat32(at, tokens[i][1], true);
    view.setInt32(at + 4, token.length, true);
    bytes.set(token, at + 8);
    at += 8 + token.length;
  });
  return bytes;
}

const tokenizer = LlamaTokenizer.fromLlama2c(file(scored), scored.length);
const tokensOf = (text: string): string[] => Array.from(tokenizer.encode(text), (id) => tokenizer.tokenOf(id));

describe("TRF-01: BPE by scores, as in Llama", () => {
  test.each<[string, readonly string[]]>([
    ["the", [" the"]],
    ["hello", [" he", "ll", "o"]],
    ["tell", [" t", "e", "ll"]],
    ["e\n🐈", [" ", "e", "<0x0A>", "<0xF0>", "<0x9F>", "<0x90>", "<0x88>"]],
    [" the", [" ", " the"]],
    ["", []],
  ])("%j is %j", (text, tokens) => {
    expect(tokensOf(text)).toStrictEqual(tokens);
  });

  test("text comes back without the space that was put before it", () => {
    expect(tokenizer.decode([1, ...tokenizer.encode("the hello")])).toBe("the hello");
    expect(tokenizer.decode(tokenizer.encode("  he"))).toBe("  he");
    expect(tokenizer.decode([1, ...tokenizer.encode("the")], { skipSpecials: false })).toBe("<s>the");
    fc.assert(fc.property(anyText, (text) => tokenizer.decode(tokenizer.encode(text)) === text));
  });

  test("offsets slice the text", () => {
    const text = "hello é🐈!";
    const { ids, offsets } = tokenizer.encodeWithOffsets(text);
    expect(ids).toStrictEqual(tokenizer.encode(text));
    expect(offsets.map(([start, end]) => text.slice(start, end))).toStrictEqual(["he", "ll", "o", " ", "é", "🐈", "🐈", "🐈", "🐈", "!"]);
  });

  test("special tokens are unk, bos and eos; JSON is the same tokenizer", () => {
    expect(tokenizer.specials).toStrictEqual({ unk: 0, bos: 1, eos: 2 });
    const copy = tokenizerFromJson(JSON.parse(JSON.stringify(tokenizer)));
    expect(copy.encode("hello the")).toStrictEqual(tokenizer.encode("hello the"));
  });

  test.each<[string, Uint8Array, number, RegExp]>([
    ["cut off", file(scored).subarray(0, -1), scored.length, /token 274: its length is 2, and the file ends at byte 378/],
    ["of fewer tokens", file(scored), scored.length + 1, /token 275: the file ends at byte/],
    ["of more tokens", file(scored), scored.length - 1, /there are 10 bytes behind the last token/],
    ["of other special tokens", file([["<pad>", 0], ...scored.slice(1)]), scored.length, /token 0 is "<pad>", not "<unk>"/],
  ])("a file %s is refused", (_, bytes, size, message) => {
    expect(() => LlamaTokenizer.fromLlama2c(bytes, size)).toThrow(FormatError);
    expect(() => LlamaTokenizer.fromLlama2c(bytes, size)).toThrow(message);
  });

  test("bytes that are no UTF-8, too few scores and missing bytes are refused", () => {
    const bytes = file(scored);
    bytes[bytes.length - 1] = 0xff;
    expect(() => LlamaTokenizer.fromLlama2c(bytes, scored.length)).toThrow(/token 274: it is no UTF-8/);
    expect(() => new LlamaTokenizer(tokenizer.vocabulary, [1])).toThrow(ShapeError);
    expect(() => new LlamaTokenizer(new Vocabulary(["a"]), [0])).toThrow(ValueError);
  });
});
