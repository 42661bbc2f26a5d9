import { FormatError, UnknownNameError, ValueError } from "@dl/registry";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CharTokenizer, standardSpecials, tokenizerFromJson, WordTokenizer } from "./index.js";

const codePoint = fc.oneof(fc.nat(0x7f), fc.nat(0xd7ff), fc.integer({ min: 0xe000, max: 0x10ffff }));
const anyText = fc.array(codePoint, { minLength: 1, maxLength: 20 }).map((codePoints) => String.fromCodePoint(...codePoints));

const slices = (text: string, offsets: readonly (readonly [number, number])[]): string[] => offsets.map(([start, end]) => text.slice(start, end));

describe("CharTokenizer", () => {
  test("characters are code points, in their order", () => {
    const tokenizer = CharTokenizer.train("hello 👋 wörld");
    expect(tokenizer.vocabulary.tokens).toStrictEqual([" ", "d", "e", "h", "l", "o", "r", "w", "ö", "👋"]);
    expect([...tokenizer.encode("👋 hö")]).toStrictEqual([9, 0, 3, 8]);
    expect(tokenizer.decode([9, 0, 3, 8])).toBe("👋 hö");
  });

  test("special tokens come first, are found in the text, and left out of it", () => {
    const tokenizer = CharTokenizer.train(["ab", "bc"], { specials: standardSpecials });
    const ids = tokenizer.encode("<start>ax<end>");
    expect([...ids]).toStrictEqual([2, 4, 1, 3]);
    expect(tokenizer.decode(ids)).toBe("a");
    expect(tokenizer.decode(ids, { skipSpecials: false })).toBe("<start>a<unk><end>");
    expect(tokenizer.encodeWithOffsets("<start>ax").offsets).toStrictEqual([[0, 7], [7, 8], [8, 9]]);
  });

  test("without unk, a new character is an error", () => {
    expect(() => CharTokenizer.train("ab").encode("abc")).toThrow(/"c" is not among the 2 tokens/);
  });

  test("text comes back, offsets are its characters, JSON is the same tokenizer", () => {
    fc.assert(fc.property(anyText, (text) => {
      const tokenizer = tokenizerFromJson(JSON.parse(JSON.stringify(CharTokenizer.train(text))));
      const { ids, offsets } = tokenizer.encodeWithOffsets(text);
      expect(tokenizer.decode(ids)).toBe(text);
      expect(ids).toStrictEqual(tokenizer.encode(text));
      expect(slices(text, offsets)).toStrictEqual(Array.from(text));
    }));
  });
});

describe("WordTokenizer", () => {
  test("words, numbers and punctuation marks are tokens; decode sets spaces as people do", () => {
    const text = 'She said: "I don\'t know (yet)." Then, 3 cats left!';
    const tokenizer = WordTokenizer.train(text);
    const { ids, offsets } = tokenizer.encodeWithOffsets(text);
    expect(slices(text, offsets).join(" ")).toBe('She said : " I don\'t know ( yet ) . " Then , 3 cats left !');
    expect(ids).toStrictEqual(tokenizer.encode(text));
    expect(tokenizer.decode(ids)).toBe(text);
  });

  test.each([
    ["Une femme court avec son chien.", ["Une", "femme", "court", "avec", "son", "chien", "."]],
    ["aujourd’hui l'été", ["aujourd’hui", "l'été"]],
    ["我爱你。", ["我", "爱", "你", "。"]],
    ["cafe\u0301 नमस्ते", ["cafe\u0301", "नमस्ते"]],
    [" \t\n", []],
  ])("%j is %j", (text, words) => {
    const tokenizer = WordTokenizer.train(`x ${text}`);
    const { ids, offsets } = tokenizer.encodeWithOffsets(text);
    expect(slices(text, offsets)).toStrictEqual(words);
    expect(tokenizer.decode(ids)).toBe(text.trim());
  });

  test("lower case, rare words, pad and unk by default", () => {
    const tokenizer = WordTokenizer.train(["The cat", "the dog"], { lowerCase: true, minFrequency: 2 });
    expect(tokenizer.vocabulary.tokens).toStrictEqual(["<pad>", "<unk>", "the"]);
    expect([...tokenizer.encode("THE CAT")]).toStrictEqual([2, 1]);
  });

  test("text that is split already keeps its words", () => {
    const text = "it 's a film that does n't work";
    const tokenizer = WordTokenizer.train(text, { preTokenizer: "whitespace" });
    expect(tokenizer.tokenOf(tokenizer.encode("n't")[0])).toBe("n't");
    expect(tokenizer.decode(tokenizer.encode(text))).toBe("it's a film that does n't work");
  });

  test("special tokens in texts are no words", () => {
    const tokenizer = WordTokenizer.train("<start> the cat <end>", { specials: standardSpecials });
    expect(tokenizer.vocabulary.tokens).toStrictEqual(["<pad>", "<unk>", "<start>", "<end>", "the", "cat"]);
    expect([...tokenizer.encode("<start> cat <end>")]).toStrictEqual([2, 5, 3]);
  });

  test("JSON is the same tokenizer", () => {
    const tokenizer = WordTokenizer.train("The cat sat", { lowerCase: true, preTokenizer: "whitespace" });
    const copy = tokenizerFromJson(JSON.parse(JSON.stringify(tokenizer)));
    expect(copy.toJSON()).toStrictEqual(tokenizer.toJSON());
    expect(copy.encode("THE dog")).toStrictEqual(tokenizer.encode("THE dog"));
  });
});

describe.each([["CharTokenizer", CharTokenizer], ["WordTokenizer", WordTokenizer]])("%s", (_, Tokenizer) => {
  test("no text gives no tokens, but nothing to learn from", () => {
    expect(Tokenizer.train("a").encode("")).toHaveLength(0);
    expect(Tokenizer.train("a").decode([])).toBe("");
    expect(() => Tokenizer.train("")).toThrow(ValueError);
    expect(() => Tokenizer.train([])).toThrow(/there are no texts/);
  });

  test("ids out of range are refused with their place", () => {
    const tokenizer = Tokenizer.train("a b");
    expect(() => tokenizer.decode([0, 99])).toThrow(/ids\[1\] is 99, none of 0 … /);
    expect(() => tokenizer.tokenOf(-1)).toThrow(ValueError);
    expect(tokenizer.idOf("zzz")).toBeUndefined();
  });

  test("unknown options are refused", () => {
    expect(() => Tokenizer.train("a", { special: {} } as object)).toThrow(UnknownNameError);
    expect(() => Tokenizer.train("a").decode([0], { skip: true } as object)).toThrow(UnknownNameError);
  });
});

test("tokenizerFromJson refuses what is no tokenizer", () => {
  expect(() => tokenizerFromJson({ type: "chars" })).toThrow(/unknown tokenizer "chars". Did you mean "char"/);
  expect(() => tokenizerFromJson("char")).toThrow(FormatError);
  expect(() => tokenizerFromJson({ type: "word", tokens: ["a"], lowerCase: false, preTokenizer: "gpt3" })).toThrow(/no pre-tokenizer "gpt3"/);
});
