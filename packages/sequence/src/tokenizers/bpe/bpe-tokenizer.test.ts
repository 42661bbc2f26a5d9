import { FormatError, UnknownNameError, ValueError } from "@dl/registry";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BPETokenizer, standardSpecials, tokenizerFromJson, Vocabulary } from "../index.js";
import { byteCharacters } from "./byte-alphabet.js";

const corpus = "The cat sat on the mat. The dog sat on the log, and 3 cats sat, too. Ça va? Déjà vu! 你好，世界。你好。 👋🌍👋🌍 don't won't\n\n";
const tokenizer = BPETokenizer.train(corpus.repeat(3), { vocabSize: 400, specials: standardSpecials });

// Letters, Chinese characters, emoji with joiners and skin colours, combining marks, white space of all kinds, control characters, and any character.
const someCharacter = fc.oneof(
  fc.constantFrom(...Array.from("The cat sat on 0123.,'\"-_")),
  fc.constantFrom(...Array.from("你好世界漢字𠀀"), "👋", "🌍", "👨‍👩‍👧", "👍🏽", "🇫🇷", "e\u0301", "\u0301", "नि", "각", "\u1112\u1161\u11ab"),
  fc.constantFrom("\n", "\t", "\r\n", "  ", "\u00a0", "\u3000", "\u0085", "\ufeff", "\u2028", "\0", "\u200d"),
  fc.string({ unit: "binary", maxLength: 3 }),
);
const someText = fc.array(someCharacter, { maxLength: 25 }).map((parts) => parts.join(""));

describe("TRF-01: byte-level BPE", () => {
  test('"The cat sat" is The, Ġcat, Ġsat with merges that a small text taught', () => {
    const small = BPETokenizer.train("The cat sat. The cat sat on the mat. The cat and the cat sat.", { vocabSize: 290 });
    const ids = small.encode("The cat sat");
    expect(Array.from(ids, (id) => small.tokenOf(id))).toStrictEqual(["The", "Ġcat", "Ġsat"]);
    expect(small.decode(ids)).toBe("The cat sat");
  });

  test("10⁴ random texts come back as they were", () => {
    fc.assert(fc.property(someText, (text) => tokenizer.decode(tokenizer.encode(text), { skipSpecials: false }) === text), { numRuns: 10_000 });
  });

  test("offsets cover the text in order; each slice is what its token says, or the character that it is a part of", () => {
    fc.assert(fc.property(someText, (text) => {
      const { ids, offsets } = tokenizer.encodeWithOffsets(text);
      expect(ids).toStrictEqual(tokenizer.encode(text));
      let covered = 0;
      offsets.forEach(([start, end], i) => {
        expect(start).toBeLessThanOrEqual(covered);
        expect(end).toBeGreaterThanOrEqual(covered);
        covered = end;
        const token = tokenizer.decode([ids[i]], { skipSpecials: false });
        if (!token.includes("\ufffd")) expect(text.slice(start, end)).toBe(token);
      });
      expect(covered).toBe(text.length);
    }));
  });

  test("a lone surrogate, which is no text, comes back as U+FFFD", () => {
    expect(tokenizer.decode(tokenizer.encode("a\ud83dz\udc4b"))).toBe("a\ufffdz\ufffd");
    expect(tokenizer.encodeWithOffsets("\ud83d").offsets.every(([start, end]) => start === 0 && end === 1)).toBe(true);
  });

  test("tokens of a part of a character stand for all of it; by themselves they are U+FFFD", () => {
    const { ids, offsets } = tokenizer.encodeWithOffsets("a🐈");
    expect(offsets.slice(1).every(([start, end]) => start === 1 && end === 3)).toBe(true);
    expect(tokenizer.decode(ids.slice(0, 2))).toBe("a\ufffd");
  });

  test("special tokens in a text become their ids, which decode leaves out", () => {
    const { ids, offsets } = tokenizer.encodeWithOffsets("<start>The cat<end>");
    expect([ids[0], ids.at(-1)]).toStrictEqual([tokenizer.specials.bos, tokenizer.specials.eos]);
    expect(offsets.at(0)).toStrictEqual([0, 7]);
    expect(offsets.at(-1)).toStrictEqual([14, 19]);
    expect(tokenizer.decode(ids)).toBe("The cat");
    expect(tokenizer.decode(ids, { skipSpecials: false })).toBe("<start>The cat<end>");
  });

  test("added tokens are matched whole, longest first; only special ones are left out", () => {
    const tokens = [...byteCharacters, "<a>", "<a><a>"];
    const added = new BPETokenizer(new Vocabulary(tokens), [], { added: [{ token: "<a>" }, { token: "<a><a>", special: false }] });
    const ids = added.encode("<a><a><a>x");
    expect([...ids]).toStrictEqual([257, 256, byteCharacters.indexOf("x")]);
    expect(added.decode(ids)).toBe("<a><a>x");
  });

  test("normalizers come first; offsets are those of the text as it was", () => {
    const plain = BPETokenizer.train(corpus, { vocabSize: 300, normalizers: ["nfd", "stripAccents", "lowerCase"] });
    const text = "DÉJÀ Vu";
    const { ids, offsets } = plain.encodeWithOffsets(text);
    expect(plain.decode(ids)).toBe("deja vu");
    expect(offsets.at(0)?.[0]).toBe(0);
    expect(offsets.at(-1)?.[1]).toBe(text.length);
    expect(ids).toStrictEqual(plain.encode(text));
  });

  test("JSON is the same tokenizer", () => {
    const copy = tokenizerFromJson(JSON.parse(JSON.stringify(tokenizer)));
    expect(copy.toJSON()).toStrictEqual(tokenizer.toJSON());
    expect(copy.encode(corpus)).toStrictEqual(tokenizer.encode(corpus));
  });
});

describe("training", () => {
  test("special tokens, then the 256 bytes, then what was learnt, in its order", () => {
    expect(tokenizer.vocabSize).toBe(4 + 256 + tokenizer.merges.length);
    expect(tokenizer.tokenOf(260)).toBe(tokenizer.merges[0].join(""));
    expect(tokenizer.idOf("Ġ")).toBe(4 + 0x20);
  });

  test("it ends where no pair is frequent enough", () => {
    expect(BPETokenizer.train("ab ab cd", { vocabSize: 1000 }).merges).toStrictEqual([["a", "b"]]);
    expect(BPETokenizer.train("ab ab cd", { vocabSize: 1000, minFrequency: 1 }).merges).toStrictEqual([["a", "b"], ["Ġ", "c"], ["Ġ", "ab"], ["Ġc", "d"]]);
  });

  test("special tokens in the text are not learnt from", () => {
    expect(BPETokenizer.train("<pad>".repeat(9), { vocabSize: 300, specials: { pad: "<pad>" } }).merges).toStrictEqual([]);
  });

  test("nothing to learn from, or a vocabulary too small, is an error; an empty text has no tokens", () => {
    expect(() => BPETokenizer.train("", { vocabSize: 300 })).toThrow(ValueError);
    expect(() => BPETokenizer.train([], { vocabSize: 300 })).toThrow(ValueError);
    expect(() => BPETokenizer.train("a", { vocabSize: 255 })).toThrow(/vocabSize is 255.*at least 256/);
    expect(() => BPETokenizer.train("a", { vocabSize: 300, size: 1 } as { vocabSize: number })).toThrow(UnknownNameError);
    expect(tokenizer.encode("")).toHaveLength(0);
    expect(tokenizer.decode([])).toBe("");
  });
});

describe("faults", () => {
  const encoder = JSON.stringify(Object.fromEntries([...byteCharacters, "ab"].map((token, id) => [token, id])));
  const swapped = (token: string, id: unknown): string => JSON.stringify({ ...(JSON.parse(encoder) as object), [token]: id });

  test("GPT-2's files are read", () => {
    const read = BPETokenizer.fromGpt2({ encoder, merges: "#version: 0.2\na b\n" });
    expect([...read.encode("abc")]).toStrictEqual([256, byteCharacters.indexOf("c")]);
    expect(BPETokenizer.fromGpt2({ encoder, merges: "a b" }).merges).toStrictEqual([["a", "b"]]);
  });

  test.each<[string, string, string, RegExp]>([
    ["an encoder cut off", encoder.slice(0, -3), "", /\(encoder\): line 1 is no JSON/],
    ["an encoder with a fault on its third line", '{\n"a": 0,\n"b" 1}', "", /\(encoder\): line 3 is no JSON/],
    ["an encoder that is a list", "[]", "", /the JSON is \[\], not an object/],
    ["an id that is none", swapped("ab", "x"), "", /encoder\["ab"\] is "x", not an id/],
    ["an id twice", swapped("ab", 3), "", /encoder\["ab"\] is 3, as is that of/],
    ["an id left out", swapped("ab", 300), "", /encoder\["ab"\] is 300, but there are 257 tokens/],
    ["a merge of three", encoder, "#version: 0.2\na b\na b c\n", /\(merges\): line 3 is "a b c", not two tokens/],
    ["an empty line", encoder, "a b\n\na b\n", /\(merges\): line 2 is "", not two tokens/],
    ["a merge of what is no token", encoder, "#version: 0.2\na b\nab b", /\(merges\): line 3 \(ab b\) needs "abb", which is no token of the vocabulary/],
  ])("%s", (_, json, merges, message) => {
    expect(() => BPETokenizer.fromGpt2({ encoder: json, merges })).toThrow(FormatError);
    expect(() => BPETokenizer.fromGpt2({ encoder: json, merges })).toThrow(message);
  });

  test("a vocabulary without all bytes, merges that are none, and ids out of range are refused", () => {
    expect(() => new BPETokenizer(new Vocabulary(["a"]), [])).toThrow(/byte 0 has no token \(Ā\)/);
    expect(() => new BPETokenizer(new Vocabulary(byteCharacters), [["a", "b"]])).toThrow(/merge 0 \(a b\) needs "ab"/);
    expect(() => tokenizer.decode([1, 400])).toThrow(/BPETokenizer.decode: ids\[1\] is 400, none of 0 … /);
    expect(() => new BPETokenizer(new Vocabulary(byteCharacters), [], { preTokenizer: { pattern: "(" } })).toThrow(/"\(" is no regular expression/);
    expect(() => BPETokenizer.fromJSON({ ...tokenizer.toJSON(), merges: ["h e", "c"] })).toThrow(/merges\[1\] is "c", not two tokens/);
  });
});
