import { FormatError, UnknownNameError, ValueError } from "@dl/registry";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { standardSpecials } from "./specials.js";
import { Vocabulary } from "./vocabulary.js";

const words = "the cat sat on the mat the cat".split(" ");

describe("Vocabulary.from", () => {
  test("special tokens come first, then falling frequency, then first appearance", () => {
    const vocabulary = Vocabulary.from(words, { specials: standardSpecials });
    expect(vocabulary.tokens).toStrictEqual(["<pad>", "<unk>", "<start>", "<end>", "the", "cat", "sat", "on", "mat"]);
    expect(vocabulary.specials).toStrictEqual({ pad: 0, unk: 1, bos: 2, eos: 3 });
    expect(["the", "mat", "dog"].map((token) => vocabulary.indexOf(token))).toStrictEqual([4, 8, 1]);
  });

  test("minFrequency and maxSize leave out the rare ones; maxSize counts special tokens", () => {
    expect(Vocabulary.from(words, { minFrequency: 2 }).tokens).toStrictEqual(["the", "cat"]);
    expect(Vocabulary.from(words, { maxSize: 3, specials: { unk: "?" } }).tokens).toStrictEqual(["?", "the", "cat"]);
  });

  test("a special token that occurs as a word is there once", () => {
    expect(Vocabulary.from(["a", "<unk>", "<unk>"], { specials: { unk: "<unk>" } }).tokens).toStrictEqual(["<unk>", "a"]);
  });

  test("one token may be of two kinds", () => {
    expect(Vocabulary.from(["a"], { specials: { bos: "<|>", eos: "<|>" } })).toMatchObject({ tokens: ["<|>", "a"], specials: { bos: 0, eos: 0 } });
  });

  test.each<[string, object]>([
    ["a frequency of 0", { minFrequency: 0 }],
    ["a half size", { maxSize: 1.5 }],
    ["a size without room for the special tokens", { maxSize: 1, specials: { pad: "<p>", unk: "<u>" } }],
    ["an empty special token", { specials: { pad: "" } }],
  ])("%s is refused", (_, options) => {
    expect(() => Vocabulary.from(words, options)).toThrow(ValueError);
  });

  test.each<[object]>([[{ minFreq: 2 }], [{ specials: { mask: "<mask>" } }]])("%j is an unknown option", (options) => {
    expect(() => Vocabulary.from(words, options)).toThrow(UnknownNameError);
  });
});

describe("Vocabulary", () => {
  const vocabulary = new Vocabulary(["a", "b"]);

  test("ids and tokens are each other's inverse, and survive JSON", () => {
    fc.assert(fc.property(fc.uniqueArray(fc.string(), { minLength: 1 }), (tokens) => {
      const copy = Vocabulary.fromJSON(JSON.parse(JSON.stringify(new Vocabulary(tokens))));
      expect(copy.tokens).toStrictEqual(tokens);
      tokens.forEach((token, id) => {
        expect(copy.indexOf(token)).toBe(id);
        expect(copy.tokenAt(id)).toBe(token);
        expect(copy.has(token)).toBe(true);
      });
    }));
  });

  test("without unk, an unknown token is an error that names it", () => {
    expect(vocabulary.idOf("c")).toBeUndefined();
    expect(() => vocabulary.indexOf("c")).toThrow(/"c" is not among the 2 tokens, and there is no unk token/);
  });

  test.each([2, -1, 0.5, NaN])("id %d is refused", (id) => {
    expect(() => vocabulary.tokenAt(id)).toThrow(`id ${id} is none of 0 … 1`);
  });

  test("a token twice, or a special one that is none, is refused", () => {
    expect(() => new Vocabulary(["a", "b", "a"])).toThrow(/"a" is there twice/);
    expect(() => new Vocabulary(["a"], { pad: "<pad>" })).toThrow(/special token "<pad>" is not among the 1 tokens/);
  });

  test.each<[unknown, RegExp]>([
    [[], /the JSON is \[\], not an object/],
    [{}, /tokens is missing, not a list/],
    [{ tokens: ["a", 1] }, /tokens\[1\] is 1, not a string/],
    [{ tokens: ["a"], specials: { mask: "a" } }, /specials has the key "mask"/],
  ])("the JSON %j is refused", (json, message) => {
    expect(() => Vocabulary.fromJSON(json)).toThrow(FormatError);
    expect(() => Vocabulary.fromJSON(json)).toThrow(message);
  });
});
