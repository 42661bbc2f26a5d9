import { Generator } from "@dl/tensor";
import { expect, test } from "vitest";
import { learnVectors } from "./skipgram.js";

test("TXT-03 words of one kind of sentence are nearest to each other", async () => {
  const kinds = [["dog", "puppy", "leash", "collar"], ["guitar", "drums", "singer", "stage"]];
  const generator = new Generator(1);
  const sentences = Array.from({ length: 200 }, (_, n) => Array.from({ length: 8 }, () => kinds[n % 2][generator.int(4)]).join(" "));
  const index = await learnVectors([...sentences, "once"], { dim: 8, minFrequency: 5, threshold: 1, batchSize: 64, epochs: 2 }, 1);
  expect(index.has("once")).toBe(false);
  for (const kind of kinds) {
    for (const word of kind) expect(kind).toContain(index.nearest(word, 1)[0].word);
  }
});
