import { expect, test } from "vitest";
import { markov } from "./markov.js";

test("SEQ-07 after a comes b with a probability of .75; each order knows its own text at least as well as the one before", async () => {
  const text = "the quick brown fox jumps over a lazy dog; ".repeat(12);
  const { numbers, figures } = await markov.calculate({ seed: 1, data: { text } });
  expect(numbers).toMatchObject({ pB: 0.75, pC: 0.25 });
  for (const order of [1, 2, 3, 4, 5]) expect(numbers[`train${order}`]).toBeLessThan(numbers[`train${order - 1}`] + 0.01);
  // No five characters come twice in the sentence: all that is left is what smoothing gives to others, ln(1 + 0.01·V/count).
  expect(numbers.test5).toBeLessThan(0.05);
  expect(figures.orders).toContain("nats per character");
});
