import { ShapeError, StateError, ValueError } from "@dl/registry";
import { describe, expect, test } from "vitest";
import { bleu, characterErrorRate, perplexity, rougeL, wordErrorRate } from "../index.js";

describe("BLEU", () => {
  test("Papineni's example: clipping makes 2/7 of seven times the", () => {
    const references = [["the cat is on the mat", "there is a cat on the mat"]];
    expect(bleu(["the the the the the the the"], references, { maxOrder: 1 })).toBeCloseTo(2 / 7, 12);
  });

  test("Papineni's brevity: of the whole precision, a short candidate keeps exp(1 − r/c)", () => {
    const references = [["it is a guide to action that ensures that the military will forever heed Party commands"]];
    expect(bleu(["it is a guide to action"], references)).toBeCloseTo(Math.exp(1 - 16 / 6), 12);
  });

  test("of equally near references the shorter one counts", () => {
    expect(bleu(["a b c d e"], [["a b c d e f", "a b c d"]])).toBe(1);
  });

  test("sentences shorter than four words have no 4-grams: 0, unless others have", () => {
    expect(bleu(["a b"], [["a b"]])).toBe(0);
    expect(bleu(["a b", "c d e f"], [["a b"], ["c d e f"]])).toBe(1);
    expect(bleu(["x"], [["y"]], { smoothing: "exp" })).toBe(0);
  });

  test("a token with a space in it is one token", () => {
    expect(bleu([["a b", "c"]], [[["a", "b c"]]], { maxOrder: 1 })).toBe(0);
  });
});

describe("ROUGE-L", () => {
  test("Lin's example: police killed the gunman", () => {
    const reference = [["police killed the gunman"]];
    expect(rougeL(["police kill the gunman"], reference)).toStrictEqual({ precision: 0.75, recall: 0.75, fMeasure: 0.75 });
    expect(rougeL(["the gunman kill police"], reference).fMeasure).toBe(0.5);
  });

  test("takes the best reference, and beta moves the measure towards recall", () => {
    expect(rougeL(["a b"], [["x y", "a b c d"]])).toStrictEqual({ precision: 1, recall: 0.5, fMeasure: 2 / 3 });
    expect(rougeL(["a b"], [["a b c d"]], { beta: 100 }).fMeasure).toBeCloseTo(0.5, 3);
    expect(rougeL(["x"], [["y"]]).fMeasure).toBe(0);
  });
});

describe("edits", () => {
  test("one deletion and one substitution in six words", () => {
    expect(wordErrorRate(["the cat sit on mat"], ["the cat sat on the mat"])).toBe(2 / 6);
    expect(wordErrorRate(["a b", "c"], ["a b", "d"])).toBe(1 / 3);
    expect(wordErrorRate(["a b c"], ["x"])).toBe(3);
  });

  test("kitten to sitting is three, and an emoji is one character", () => {
    expect(characterErrorRate(["kitten"], ["sitting"])).toBe(3 / 7);
    expect(characterErrorRate(["a😀"], ["a😁"])).toBe(0.5);
  });
});

test("perplexity of a uniform choice among 8 is 8", () => {
  expect(perplexity(new Array<number>(5).fill(Math.log(1 / 8)))).toBeCloseTo(8, 12);
  expect(perplexity([0, 0])).toBe(1);
  expect(perplexity([-Infinity])).toBe(Infinity);
});

test("rejects bad input", () => {
  expect(() => bleu(["a"], [])).toThrow(ShapeError);
  expect(() => bleu(["a"], [[]])).toThrow(/candidate 0 has no list of references/);
  const flat = JSON.parse('["a"]') as string[][];
  expect(() => bleu(["a"], flat)).toThrow(/as in \[\[reference\]\]/);
  expect(() => bleu([], [])).toThrow(StateError);
  expect(() => rougeL([], [])).toThrow(StateError);
  expect(() => wordErrorRate(["a"], [])).toThrow(ShapeError);
  expect(() => wordErrorRate(["a"], [""])).toThrow(/all references are empty/);
  expect(() => perplexity([0.5])).toThrow(ValueError);
  expect(() => perplexity([NaN])).toThrow(/NaN at position 0 is not the logarithm of a probability/);
  expect(() => perplexity([])).toThrow(StateError);
});
