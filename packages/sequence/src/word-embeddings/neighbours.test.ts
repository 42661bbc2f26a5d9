import { ValueError } from "@dl/registry";
import { Generator } from "@dl/tensor";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AliasTable, cbowContexts, skipGramPairs, subsample, wordCounts } from "./index.js";

const sentence = ["the", "cat", "sat", "on", "mat"];
const ids = [0, 1, 2, 3, 4];

describe("TXT-03 skip-gram's pairs", () => {
  test("TXT-03 \"the cat sat on mat\" with a window of 1 gives 8 pairs", () => {
    const { center, context } = skipGramPairs(ids, { window: 1 });
    expect(Array.from(center, (id, n) => `${sentence[id]}→${sentence[context[n]]}`)).toStrictEqual([
      "the→cat", "cat→the", "cat→sat", "sat→cat", "sat→on", "on→sat", "on→mat", "mat→on",
    ]);
  });

  test("TXT-03 pairs are symmetric, and words of different texts are no neighbours", () => {
    const text = fc.array(fc.nat(9), { maxLength: 8 });
    fc.assert(fc.property(fc.array(text, { maxLength: 4 }), fc.integer({ min: 1, max: 4 }), (texts, window) => {
      const { center, context } = skipGramPairs(texts, { window });
      const ordered = (a: Int32Array, b: Int32Array): string[] => Array.from(a, (id, n) => `${id} ${b[n]}`).sort();
      expect(ordered(center, context)).toStrictEqual(ordered(context, center));
      const expected = texts.reduce((sum, { length }) => sum + Array.from({ length }, (_, t) => Math.min(window, t) + Math.min(window, length - 1 - t)).reduce((a, b) => a + b, 0), 0);
      expect(center).toHaveLength(expected);
    }));
  });

  test("TXT-03 drawn windows favour near neighbours: with w = 2 half of the words see two", () => {
    const line = Array.from({ length: 4000 }, (_, t) => t);
    const { center, context } = skipGramPairs(line, { window: 2, dynamic: true, generator: new Generator(1) });
    const far = Array.from(center).filter((id, n) => Math.abs(id - context[n]) === 2).length;
    expect(far / (center.length - far)).toBeGreaterThan(0.46);
    expect(far / (center.length - far)).toBeLessThan(0.54);
    expect(skipGramPairs(line, { window: 2, dynamic: true, generator: new Generator(1) }).context).toStrictEqual(context);
  });

  test("TXT-03 CBOW is given all neighbours at once, filled up with padding", () => {
    const { center, context, width } = cbowContexts([[5, 6, 7], [8]], { window: 1, paddingIdx: 9 });
    expect([width, [...center], [...context]]).toStrictEqual([2, [5, 6, 7], [6, 9, 5, 7, 6, 9]]);
  });

  test.each([
    ["no window", () => skipGramPairs(ids, { window: 0 }), "skipGramPairs: window is 0"],
    ["half an id", () => skipGramPairs([0, 0.5], { window: 1 }), "an id is 0.5"],
    ["an id beyond the counts", () => wordCounts([0, 3], 3), "wordCounts: id 3 is not in [0, 3)"],
    ["an id without a count", () => subsample([1], [3, 0]), "subsample: id 1 has no count"],
    ["no weights", () => new AliasTable([0, 0]), "none of 2 weights is above 0"],
  ])("refuses %s", (_, call, message) => {
    expect(call).toThrow(ValueError);
    expect(call).toThrow(message);
  });
});

describe("TXT-03 frequent words", () => {
  test("TXT-03 stay with probability √(t/f), rare ones always", () => {
    const corpus = Int32Array.from({ length: 50_000 }, (_, t) => (t % 100 === 0 ? 1 : 0));
    const [left] = subsample(corpus, wordCounts(corpus, 2), { threshold: 0.02, generator: new Generator(2) });
    expect(left.filter((id) => id === 1)).toHaveLength(500);
    // √(0.02/0.99) = 0.1421
    expect(left.filter((id) => id === 0).length / 49_500).toBeCloseTo(0.1421, 2);
  });

  test("TXT-03 an alias table draws by weight", () => {
    const weights = [1, 0, 5, 2, 2];
    const table = new AliasTable(weights);
    const generator = new Generator(3);
    const drawn = wordCounts(Int32Array.from({ length: 50_000 }, () => table.draw(generator)), 5);
    weights.forEach((weight, i) => { expect(drawn[i] / 50_000).toBeCloseTo(weight / 10, 2); });
    expect(drawn[1]).toBe(0);
  });
});
