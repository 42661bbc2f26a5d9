import { UnknownNameError, ValueError } from "@dl/registry";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bigFive, traitLexicon, traitTexts } from "../index.js";

const countOf = (text: string, words: readonly string[]): number => text.split(" ").filter((word) => words.includes(word)).length;

describe("SEQ-04 texts with planted traits", () => {
  test("a trait's target is its share of words for it", () => {
    fc.assert(
      fc.property(fc.nat(10_000), (seed) => {
        const { texts, targets } = traitTexts({ seed, samples: 6 });
        expect([targets.dtype, targets.shape]).toStrictEqual(["float32", [6, 5]]);
        texts.forEach((text, n) => {
          bigFive.forEach((trait, t) => {
            const [high, low] = [countOf(text, traitLexicon[trait].high), countOf(text, traitLexicon[trait].low)];
            expect(high + low).toBe(8);
            expect(targets.data[5 * n + t]).toBe(high / 8);
          });
        });
      }),
      { numRuns: 20 },
    );
  });

  test("no word speaks for two things", () => {
    const all = bigFive.flatMap((trait) => [...traitLexicon[trait].high, ...traitLexicon[trait].low]);
    expect(new Set(all).size).toBe(all.length);
  });

  test("the same seed gives the same texts, and options are checked", () => {
    expect(traitTexts({ seed: 2, samples: 4 })).toStrictEqual(traitTexts({ seed: 2, samples: 4 }));
    expect(traitTexts({ seed: 2, samples: 4 }).texts).not.toStrictEqual(traitTexts({ seed: 3, samples: 4 }).texts);
    expect(traitTexts({ samples: 0 }).targets.shape).toStrictEqual([0, 5]);
    expect(() => traitTexts({ sead: 1 } as object)).toThrow(UnknownNameError);
    expect(() => traitTexts({ samples: -1 })).toThrow(ValueError);
  });
});
