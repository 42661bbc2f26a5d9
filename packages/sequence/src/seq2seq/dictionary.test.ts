import { toyTranslation } from "@dl/data";
import { ValueError } from "@dl/registry";
import { describe, expect, test } from "vitest";
import { DictionaryTranslator } from "./index.js";

describe("SEQ-05 a dictionary from pairs of sentences", () => {
  test("one round by hand: la maison / la fleur", () => {
    const pairs = [
      { source: ["the", "house"], target: ["la", "maison"] },
      { source: ["the", "flower"], target: ["la", "fleur"] },
    ];
    // Beforehand the and nothing have 1/3 for each of three words, house and flower 1/2 for each of two.
    const dictionary = DictionaryTranslator.train(pairs, { iterations: 1 });
    const [common, own] = [1 / 3 / (1 / 3 + 1 / 3 + 1 / 2), 1 / 2 / (1 / 3 + 1 / 3 + 1 / 2)];
    expect(dictionary.probability("the", "la")).toBeCloseTo((2 * common) / (4 * common), 12);
    expect(dictionary.probability("house", "maison")).toBeCloseTo(own / (2 * own), 12);
    expect(dictionary.probability("house", "fleur")).toBe(0);
    const learnt = DictionaryTranslator.train(pairs, { iterations: 20 });
    expect(learnt.translate(["the", "flower"])).toStrictEqual(["la", "fleur"]);
    expect(learnt.probability("the", "la")).toBeGreaterThan(0.9);
  });

  test("probabilities of a word add up to 1", () => {
    const pairs = toyTranslation({ samples: 50, seed: 1 });
    const dictionary = DictionaryTranslator.train(pairs, { iterations: 3 });
    const words = new Set(pairs.flatMap(({ target }) => target));
    for (const word of new Set(pairs.flatMap(({ source }) => source))) {
      expect([...words].reduce((sum, translated) => sum + dictionary.probability(word, translated), 0)).toBeCloseTo(1, 10);
    }
  });

  test("finds every word of the toy language, whatever the order of words", () => {
    const dictionary = DictionaryTranslator.train(toyTranslation({ samples: 400, seed: 1 }), { iterations: 15 });
    const written = dictionary.translate("the red cat sees a happy king never".split(" "));
    expect(written.join(" ")).toBe("lo roda gato vida un feli rego neva");
  });

  test("unknown words stay, and no pairs are an error", () => {
    expect(DictionaryTranslator.train([{ source: ["a"], target: ["un"] }]).translate(["a", "zebra"])).toStrictEqual(["un", "zebra"]);
    expect(() => DictionaryTranslator.train([])).toThrow(ValueError);
  });
});
