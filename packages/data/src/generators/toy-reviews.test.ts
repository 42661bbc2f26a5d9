import { UnknownNameError, ValueError } from "@dl/registry";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jokerReview, toyReviews } from "../index.js";
import { openings, words } from "./toy-reviews-words.js";

const seeds = fc.nat(10_000);

/** Whether the last verdict of a review is good, read by rule. */
function endsWell(text: string): boolean {
  const good = [...words.good, ...words.superb];
  const all = [...good, ...words.bad, ...words.awful].map((word) => ({ word, at: text.lastIndexOf(` ${word}`) }));
  const last = all.reduce((a, b) => (b.at > a.at ? b : a));
  const isDenied = words.not.some((not) => text.slice(0, last.at).endsWith(not));
  return good.includes(last.word as (typeof good)[number]) !== isDenied;
}

describe("SEQ-03 reviews of films", () => {
  test("the same seed gives the same reviews, another one others", () => {
    expect(toyReviews({ seed: 3, samples: 20 })).toStrictEqual(toyReviews({ seed: 3, samples: 20 }));
    expect(toyReviews({ seed: 4, samples: 20 }).texts).not.toStrictEqual(toyReviews({ seed: 3, samples: 20 }).texts);
    expect(toyReviews({ samples: 0 }).texts).toStrictEqual([]);
  });

  test("the label is what the last verdict says, a denied one the other way round", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { texts, labels } = toyReviews({ seed, samples: 40 });
        texts.forEach((text, i) => { expect(Number(endsWell(text)), text).toBe(labels[i]); });
      }),
      { numRuns: 20 },
    );
  });

  test("stars agree with labels, all five occur, and both labels with 3 of them", () => {
    const { texts, stars, labels } = toyReviews({ samples: 1000 });
    stars.forEach((star, i) => { if (star !== 3) expect(labels[i], texts[i]).toBe(Number(star > 3)); });
    for (const star of [1, 2, 3, 4, 5]) expect(stars.filter((own) => own === star).length).toBeGreaterThan(150);
    expect(new Set(labels.filter((_, i) => stars[i] === 3)).size).toBe(2);
    expect(labels.filter((label) => label === 1).length).toBeGreaterThan(430);
    expect(labels.filter((label) => label === 1).length).toBeLessThan(570);
  });

  test("single words do not give the sense away: each bad one is denied in positive reviews", () => {
    const { texts, labels } = toyReviews({ samples: 3000 });
    for (const word of [...words.bad, ...words.awful]) {
      expect(texts.filter((text, i) => labels[i] === 1 && text.includes(word)).length, word).toBeGreaterThan(5);
    }
  });

  test("the review of Joker is none of them", () => {
    expect(toyReviews({ samples: 2000 }).texts.join(" ")).not.toContain("joker");
    expect([jokerReview.label, endsWell(jokerReview.text)]).toStrictEqual([1, true]);
    expect([...openings.grim, ...openings.hopeful].join(" ")).not.toContain("joker");
  });

  test("refuses what is no option or no count", () => {
    expect(() => toyReviews({ sead: 1 } as object)).toThrow(UnknownNameError);
    expect(() => toyReviews({ samples: 1.5 })).toThrow(ValueError);
  });
});
