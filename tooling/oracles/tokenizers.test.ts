import { BPETokenizer, standardSpecials, tokenizerToHuggingFace, Vocabulary, WordPieceTokenizer } from "@dl/sequence";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { huggingFaceTokenizer, type HuggingFaceTokenizer } from "./tokenizers-huggingface.js";

// The oracle is @huggingface/tokenizers, which reads what tokenizerToHuggingFace writes.

const corpus = [
  "The cat sat on the mat. The dog didn't sit; it ran 42 metres and won't stop!",
  "Une femme court avec son chien. Déjà vu, ça va? L'été, où est-elle?",
  "Ein Mädchen läuft über die Straße – „schnell“, sagt es.",
  "你好，世界。我爱你，你爱我。漢字とカタカナ。",
  "👋🌍 👍🏽 👨‍👩‍👧 ok?!  two  spaces\n\n\tand tabs\r\n",
];

const oracleOf = (tokenizer: BPETokenizer | WordPieceTokenizer): HuggingFaceTokenizer => huggingFaceTokenizer(tokenizerToHuggingFace(tokenizer));
const learntWords = corpus.join(" ").split(/(?<=\s)|(?=\s)|(?<=\p{P})/u);
const words = fc.constantFrom(...learntWords, "<start>", "<pad>", "'ll", "'S", "0", "é", "e\u0301", "🐈", "Ω", "\u00a0", "\u3000");
const texts = fc.array(words, { minLength: 1, maxLength: 25 }).map((parts) => parts.join(""));

describe("TRF-01: ids equal those of @huggingface/tokenizers", () => {
  const options = { vocabSize: 600, specials: standardSpecials } as const;
  test.each<[string, BPETokenizer]>([
    ["GPT-2's words", BPETokenizer.train(corpus.join("\n").repeat(2), options)],
    ["normalized texts", BPETokenizer.train(corpus.join("\n").repeat(2), { ...options, normalizers: ["nfkc", "lowerCase"] })],
    ["whole texts", BPETokenizer.train(corpus.join("\n").repeat(2), { ...options, preTokenizer: "none" })],
    ["a pattern", BPETokenizer.train(corpus.join("\n").repeat(2), { ...options, preTokenizer: { pattern: "\\p{N}{1,3}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\s+" } })],
  ])("BPE of %s, with merges that we learnt", (_, tokenizer) => {
    const oracle = oracleOf(tokenizer);
    fc.assert(fc.property(texts, (text) => {
      const ids = [...tokenizer.encode(text)];
      expect(ids).toStrictEqual(oracle.encode(text, { add_special_tokens: false }).ids);
      if (ids.length > 0) expect(tokenizer.decode(ids, { skipSpecials: false })).toBe(oracle.decode(ids, { clean_up_tokenization_spaces: false }));
    }), { numRuns: 300 });
  });

  const specials = { pad: "[PAD]", unk: "[UNK]", bos: "[CLS]", eos: "[SEP]" };
  const letters = [...new Set(corpus.join("").toLowerCase().normalize("NFD").replace(/[\s\p{M}]/gu, ""))];
  const parts = ["the", "cat", "dog", "di", "chi", "femme", "##en", "##nne", "##et", "##a", "##t", "##at", "stra", "##ße", "Une", "Mä"];
  const vocabulary = new Vocabulary([...new Set([...Object.values(specials), ...parts, ...letters, ...letters.map((letter) => `##${letter}`)])], specials);
  test.each([
    ["uncased", ["cleanText", "spaceIdeographs", "nfd", "stripAccents", "lowerCase"]],
    ["cased", ["cleanText", "spaceIdeographs"]],
    ["lower case", ["lowerCase", "nfc"]],
  ] as const)("WordPiece, %s", (_, normalizers) => {
    const tokenizer = new WordPieceTokenizer(vocabulary, { normalizers });
    const oracle = oracleOf(tokenizer);
    fc.assert(fc.property(texts, (text) => {
      expect([...tokenizer.encode(text)]).toStrictEqual(oracle.encode(text, { add_special_tokens: false }).ids);
    }), { numRuns: 300 });
  });
});
