import { describe, expect, test } from "vitest";
import { toyFrench } from "../index.js";

const { train, heldOut } = toyFrench({ samples: 3000, heldOut: 400, seed: 3 });
const all = [...train, ...heldOut];
const words = (sentences: readonly string[]): Set<string> => new Set(sentences.flatMap((text) => text.split(" ")));

describe("SEQ-05 English sentences with French translations", () => {
  test("the notes' sentences come first among those held out, and what they say occurs nowhere else", () => {
    expect(heldOut.slice(0, 2)).toStrictEqual([
      { source: "The cat is on the mat", target: "Le chat est sur le tapis" },
      { source: "A woman is running with her dog", target: "Une femme court avec son chien" },
    ]);
    expect(train.filter(({ source }) => /woman is running|cat is (on|under|in|behind|in front of) [a-z ]*mat$/i.test(source))).toStrictEqual([]);
  });

  test("a sentence has one right answer", () => {
    const answers = new Map(all.map(({ source, target }) => [source, target]));
    for (const { source, target } of all) expect(answers.get(source)).toBe(target);
    expect(answers.size).toBeGreaterThan(2000);
  });

  test("no held-out sentence is learnt from, but all of its words are", () => {
    const known = new Set(train.map(({ source }) => source));
    expect(heldOut.filter(({ source }) => known.has(source))).toStrictEqual([]);
    for (const side of ["source", "target"] as const) {
      const learnt = words(train.map((pair) => pair[side]));
      expect([...words(heldOut.map((pair) => pair[side]))].filter((word) => !learnt.has(word))).toStrictEqual([]);
    }
  });

  test("articles and adjectives agree with the noun, which they follow; possessives with what is owned", () => {
    const french = all.map(({ target }) => target).join("\n");
    expect(french).not.toMatch(/\b(le|un) (femme|fille|table|vache)|\b(la|une) (chat|tapis|lit|roi)/iu);
    expect(french).not.toMatch(/(femme|fille|table|chaise) (noir|blanc|vert)\b/u);
    expect(french).not.toMatch(/(noire?|blanche?|verte?|rouge) (chat|femme|chien|table)/u);
    expect(french).not.toMatch(/sa (chien|ballon|frère)|son (mère|poupée)/u);
    expect(all.find(({ source }) => source.includes(" is looking for "))?.target).toContain(" cherche ");
  });

  test("the same seed gives the same pairs, another one others", () => {
    expect(toyFrench({ samples: 50, seed: 3 }).train).toStrictEqual(train.slice(0, 50));
    expect(toyFrench({ samples: 50, seed: 4 }).train).not.toStrictEqual(train.slice(0, 50));
  });
});
