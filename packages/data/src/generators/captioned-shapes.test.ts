import { expect, test } from "vitest";
import { captionedShapes } from "./captioned-shapes.js";

const pairOf = (caption: string): string => (caption.match(/a \w+ (circle|square|triangle)/g) ?? []).sort().join(" and ");

test("SEQ-02 no pair of things of the test split occurs in training, yet every word does", () => {
  const train = captionedShapes({ samples: 3000, size: 16 }).captions;
  const held = captionedShapes({ samples: 1000, size: 16, split: "test" }).captions;
  const known = new Set(train.map(pairOf));
  const words = new Set(train.flatMap((caption) => caption.split(" ")));
  expect(held.filter((caption) => known.has(pairOf(caption)))).toEqual([]);
  expect(held.flatMap((caption) => caption.split(" ")).filter((word) => !words.has(word))).toEqual([]);
  expect(known.size + new Set(held.map(pairOf)).size).toBe(66);
});

test("SEQ-02 the same seed gives the same pictures and captions, another seed others", () => {
  expect(captionedShapes({ samples: 4, seed: 3 })).toEqual(captionedShapes({ samples: 4, seed: 3 }));
  expect(captionedShapes({ samples: 4, seed: 4 }).captions).not.toEqual(captionedShapes({ samples: 4, seed: 3 }).captions);
});

test("SEQ-02 a size below 16 is an error", () => {
  expect(() => captionedShapes({ size: 8 })).toThrow(/captionedShapes/);
});
