import { decodeText } from "@dl/data";
import { FormatError, ValueError } from "@dl/registry";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BPETokenizer, CharTokenizer, WordPieceTokenizer, WordTokenizer, standardSpecials, Vocabulary, type StreamingTokenizer } from "../tokenizers/index.js";
import { alignedText } from "./aligned.js";
import { bertNormalizers, joinWords, normalizeText, tokenStream, type Normalizer, type PreTokenizer } from "./index.js";
import { wordSplitter } from "./pre-tokenizers.js";

describe("normalizeText", () => {
  test.each<[readonly Normalizer[], string, string]>([
    [["nfd"], "é", "e\u0301"],
    [["nfc"], "e\u0301", "é"],
    [["nfkc"], "ﬁ①", "fi1"],
    [["nfkd"], "é①", "e\u03011"],
    [["nfd", "stripAccents"], "Élan naïve", "Elan naive"],
    [["stripMarks"], "नि", "न"],
    [["lowerCase"], "ΟΔΟΣ", "οδος"],
    [["cleanText"], "a\tb\u0000c\u00a0d\u200be", "a bc de"],
    [["spaceIdeographs"], "a我b", "a 我 b"],
    [bertNormalizers, "Ünïcödé\t我!", "unicode  我 !"],
    [[], "İ\n", "İ\n"],
  ])("%j of %j is %j", (normalizers, text, expected) => {
    expect(normalizeText(text, normalizers)).toBe(expected);
  });

  test("an unknown name is refused", () => {
    expect(() => normalizeText("a", ["nfx" as Normalizer])).toThrow(ValueError);
  });

  test("parts of the normalized text know where they come from", () => {
    const { text, originalOf } = alignedText("ﬁ É\u0323X", ["nfkd", "stripAccents", "lowerCase"]);
    expect(text).toBe("fi ex");
    expect([originalOf(0, 1), originalOf(1, 2), originalOf(3, 4), originalOf(4, 5), originalOf(0, 5)]).toStrictEqual([[0, 1], [0, 1], [2, 4], [4, 5], [0, 5]]);
  });
});

describe("pre-tokenizers", () => {
  test.each<[PreTokenizer, string, readonly string[]]>([
    ["gpt2", "I'm  here, 42 times!\n\n ok", ["I", "'m", " ", " here", ",", " 42", " times", "!", "\n\n", " ok"]],
    ["gpt2", "a   ", ["a", "   "]],
    ["gpt2", "x\u0085\ufeffy", ["x", "\u0085", "\ufeff", "y"]],
    ["bert", "don't stop-it $5", ["don", "'", "t", "stop", "-", "it", "$", "5"]],
    ["whitespace", " don't  stop\n", ["don't", "stop"]],
    ["words", "don't stop-it, 我们", ["don't", "stop", "-", "it", ",", "我", "们"]],
    ["none", "a b\n", ["a b\n"]],
    [{ pattern: "\\d" }, "a12 b", ["a", "1", "2", " b"]],
  ])("%j", (name, text, words) => {
    const splitter = wordSplitter(name);
    expect(splitter.words(text)).toStrictEqual(words);
    expect(splitter.offsets(text).map(([start, end]) => text.slice(start, end))).toStrictEqual(words);
  });
});

test.each<[readonly string[], string]>([
  [["Hello", ",", "world", "!"], "Hello, world!"],
  [["(", "a", ")", "[", "b", "]"], "(a) [b]"],
  [['"', "a", '"', "b", '"', "c", '"'], '"a" b "c"'],
  [["don", "'", "t", "it", "'s"], "don't it's"],
  [["我", "们", "ok"], "我们 ok"],
  [[], ""],
])("joinWords(%j) is %j", (words, text) => {
  expect(joinWords(words)).toBe(text);
});

const corpus = "The cat sat on the mat. It's 3 o'clock, isn't it?\n\nThe  dog sat 你好 世界. 👋 é e\u0301 ";
const pieces = ["[UNK]", ...Array.from("Thecatsdogn.,'?3!"), ...Array.from("thecatsdogn", (letter) => `##${letter}`)];
const streaming: readonly (readonly [string, StreamingTokenizer])[] = [
  ["characters", CharTokenizer.train(corpus, { specials: standardSpecials })],
  ["words", WordTokenizer.train(corpus, { specials: standardSpecials, lowerCase: true })],
  ["byte-level BPE", BPETokenizer.train(corpus, { vocabSize: 320, specials: { bos: "<|start of text|>" } })],
  ["BPE of the whole text", BPETokenizer.train(corpus, { vocabSize: 300, preTokenizer: "none" })],
  ["BPE with normalizers that take characters away", BPETokenizer.train(corpus, { vocabSize: 300, normalizers: ["nfkd", "stripAccents", "cleanText"] })],
  ["word pieces", new WordPieceTokenizer(new Vocabulary([...new Set(pieces)], { unk: "[UNK]" }), { normalizers: bertNormalizers })],
];

async function* cut(whole: string | Uint8Array, sizes: readonly number[]): AsyncGenerator<string | Uint8Array, void> {
  let from = 0;
  for (const size of [...sizes, whole.length]) {
    yield whole.slice(from, from + size);
    from += size;
  }
}

async function streamed(source: AsyncIterable<string | Uint8Array>, tokenizer: StreamingTokenizer): Promise<number[]> {
  const ids: number[] = [];
  for await (const part of tokenStream(source, tokenizer)) ids.push(...part);
  return ids;
}

const words = ["The", " cat", "  ", "\n", "'", "'l", "l", ".", "3", "你好", "👋", "e\u0301", "\u0301", "¨", "\u200b", "\u00a0"];
const part = fc.constantFrom(...words, "<|start of text|>", "<|start", "<start>", "<e", "nd>");
const text = fc.array(part, { maxLength: 30 }).map((parts) => parts.join(""));
const sizes = fc.array(fc.integer({ min: 0, max: 7 }), { maxLength: 30 });

describe("tokenStream", () => {
  test.each(streaming)("%s: the ids are those of the whole text, however strings and bytes are cut", async (_, tokenizer) => {
    await fc.assert(fc.asyncProperty(text, sizes, async (whole, lengths) => {
      const expected = [...tokenizer.encode(whole)];
      expect(await streamed(cut(whole, lengths), tokenizer)).toStrictEqual(expected);
      expect(await streamed(cut(new TextEncoder().encode(whole), lengths), tokenizer)).toStrictEqual(expected);
    }), { numRuns: 150 });
  });

  test("ids come before the text ends, and little is kept", async () => {
    let given = 0;
    async function* lines(): AsyncGenerator<string, void> {
      for (; given < 1000; given++) yield `line ${given} of many\n`;
    }
    const behind: number[] = [];
    let ids = 0;
    for await (const part of tokenStream(lines(), CharTokenizer.train("line of many\n0123456789"))) {
      ids += part.length;
      behind.push(given);
    }
    expect(behind[0]).toBe(0);
    expect(behind).toHaveLength(1000);
    expect(ids).toBe(Array.from({ length: 1000 }, (_, i) => `line ${i} of many\n`).join("").length);
  });

  test("bytes that are no UTF-8 are refused, also at the end; a byte order mark is left out", async () => {
    const tokenizer = CharTokenizer.train("aé");
    const bytes = (values: readonly number[]): AsyncIterable<string | Uint8Array> => cut(Uint8Array.from(values), [1]);
    await expect(streamed(bytes([0x61, 0xff]), tokenizer)).rejects.toThrow(FormatError);
    await expect(streamed(bytes([0x61, 0xc3]), tokenizer)).rejects.toThrow(/no UTF-8/);
    expect(await streamed(bytes([0xef, 0xbb, 0xbf, 0x61]), tokenizer)).toStrictEqual([0]);
  });

  test("a pattern of one's own cannot be streamed: nobody knows where it may be cut", async () => {
    const tokenizer = BPETokenizer.train("a b", { vocabSize: 256, preTokenizer: { pattern: "\\d+" } });
    await expect(streamed(cut("a b c", [2]), tokenizer)).rejects.toThrow(/Encode the whole text at once/);
  });
});

test("a text of ISO-8859-1 is refused as UTF-8, with a hint at the encoding", () => {
  const bytes = Uint8Array.from("caf\u00e9 !", (character) => character.charCodeAt(0));
  expect(() => decodeText(bytes, "utf-8", "rt-polarity.neg")).toThrow(/byte 3 \(e9\) is no UTF-8.*encoding: "iso-8859-1"/);
  expect(WordTokenizer.train(decodeText(bytes, "iso-8859-1")).vocabulary.tokens).toContain("café");
});
