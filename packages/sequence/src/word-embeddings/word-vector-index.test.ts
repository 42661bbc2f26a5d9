import { FormatError, ShapeError, UnknownNameError, ValueError } from "@dl/registry";
import { Generator, tensor, zeros } from "@dl/tensor";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { WordVectorIndex, formatWordVectors } from "./index.js";

/** Countries and their currencies: vector(currency) = vector(country) + one offset, each with noise. */
function money(seed: number): { readonly index: WordVectorIndex; readonly pairs: readonly (readonly [string, string])[] } {
  const pairs = [["England", "pound"], ["Japan", "yen"], ["India", "rupee"], ["Russia", "rouble"], ["Mexico", "peso"], ["Poland", "zloty"], ["Israel", "shekel"], ["Thailand", "baht"]] as const;
  const generator = new Generator(seed);
  const drawn = (scale: number): Float32Array => {
    const vector = new Float32Array(20);
    generator.fillNormal(vector, 0, scale);
    return vector;
  };
  const offset = drawn(1);
  const rows = pairs.flatMap(() => {
    const [country, noise] = [drawn(1), drawn(0.2)];
    return [country, country.map((value, d) => value + offset[d] + noise[d])];
  });
  const others = Array.from({ length: 30 }, () => drawn(1));
  const words = [...pairs.flat(), ...others.map((_, i) => `word${i}`)];
  return { pairs, index: new WordVectorIndex(words, tensor([...rows, ...others].map((row) => [...row]))) };
}

describe("TXT-07 words by their vectors", () => {
  const index = new WordVectorIndex(["east", "north", "west", "northeast", "zero"], tensor([[2, 0], [0, 3], [-1, 0], [1, 1], [0, 0]]));

  test("TXT-07 0° is 1, 90° is 0, 180° is −1, and a zero vector gives 0", () => {
    expect(["east", "north", "west", "zero"].map((word) => index.similarity("east", word))).toStrictEqual([1, 0, -1, 0]);
    expect(index.similarity("east", "northeast")).toBeCloseTo(Math.SQRT1_2, 12);
  });

  test("TXT-07 the nearest words, without the word itself", () => {
    expect(index.nearest("east", 2).map(({ word }) => word)).toStrictEqual(["northeast", "north"]);
    expect(index.nearest([0, 5], 1)).toStrictEqual([{ word: "north", similarity: 1 }]);
    expect(index.nearest("east")).toHaveLength(4);
    expect([...index.vectorOf("north")]).toStrictEqual([0, 3]);
    expect(index.rows(["north", "east", "north"]).toArray()).toStrictEqual([[0, 3], [2, 0], [0, 3]]);
    expect([index.has("west"), index.has("up")]).toStrictEqual([true, false]);
  });

  test("TXT-07 pound : England :: yen : Japan, and ≥ 95 % of all planted analogies", () => {
    const planted = money(1);
    expect(planted.index.analogy("England", "pound", "Japan")[0].word).toBe("yen");
    expect(planted.index.analogy("pound", "England", "yen")[0].word).toBe("Japan");
    const questions = planted.pairs.flatMap(([a, b]) => planted.pairs.filter(([c]) => c !== a).map(([c, d]) => ({ a, b, c, d })));
    const right = questions.filter(({ a, b, c, d }) => planted.index.analogy(a, b, c)[0].word === d).length;
    expect(right / questions.length).toBeGreaterThanOrEqual(0.95);
  });

  test("TXT-07 an analogy never answers with one of its own words", () => {
    expect(index.analogy("east", "east", "north", 4).map(({ word }) => word)).not.toContain("north");
  });

  test.each<[string, () => unknown, new (...args: never[]) => Error, string]>([
    ["a word that is not there", () => index.nearest("nort"), UnknownNameError, 'WordVectorIndex.nearest: there is no vector for "nort" among 5. Did you mean "north"'],
    ["a word that is like no other", () => index.vectorOf("xylophone"), UnknownNameError, "Ask for one of words"],
    ["a vector of another length", () => index.nearest([1, 2, 3]), ShapeError, "the vector has 3 numbers, those of words 2"],
    ["no answers", () => index.nearest("east", 0), ValueError, "k is 0"],
    ["a word twice", () => new WordVectorIndex(["a", "a"], zeros([2, 1])), ValueError, '"a" is there twice'],
    ["too few vectors", () => new WordVectorIndex(["a", "b"], zeros([1, 3])), ShapeError, "2 words have vectors of shape [1, 3]"],
    ["other text", () => WordVectorIndex.parse("word"), FormatError, "line 1"],
  ])("refuses %s", (_, call, error, message) => {
    expect(call).toThrow(error);
    expect(call).toThrow(message);
  });
});

describe("TXT-02 word vectors as text", () => {
  test("TXT-02 word2vec's has a header, GloVe's none", () => {
    const given = { words: ["king", "new york"], vectors: tensor([[1, 0.5], [-2, 1e-8]]) };
    expect(formatWordVectors(given)).toBe(`2 2\nking 1 0.5\nnew york -2 ${Math.fround(1e-8)}\n`);
    expect(formatWordVectors(given, { header: false })).toBe(`king 1 0.5\nnew york -2 ${Math.fround(1e-8)}\n`);
  });

  test("TXT-02 what is written is read back bit by bit", () => {
    const word = fc.string({ minLength: 1, unit: "grapheme" }).filter((text) => text === text.trim().split(/\s+/).join(" ") && text !== "");
    const float = fc.float({ noNaN: true, noDefaultInfinity: true });
    fc.assert(fc.property(fc.uniqueArray(word, { minLength: 1, maxLength: 5 }), fc.array(float, { minLength: 10, maxLength: 10 }), (words, numbers) => {
      const vectors = tensor(words.map((_, i) => [numbers[2 * i], numbers[2 * i + 1]]));
      const read = WordVectorIndex.parse(new WordVectorIndex(words, vectors).format());
      expect(read.words).toStrictEqual(words);
      // Text knows no −0.
      expect(Array.from(read.vectors.dataSync(), (value) => value + 0)).toStrictEqual(Array.from(vectors.dataSync(), (value) => value + 0));
    }));
  });

  test.each([
    ["a line break", "a\nb", 1, '"a\\nb" could not be read back'],
    ["an empty word", "", 1, '"" could not be read back'],
    ["a number that is none", "a", NaN, 'the vector of "a" holds NaN'],
  ])("refuses %s", (_, word, value, message) => {
    expect(() => formatWordVectors({ words: [word], vectors: tensor([[value]]) })).toThrow(ValueError);
    expect(() => formatWordVectors({ words: [word], vectors: tensor([[value]]) })).toThrow(message);
  });
});
