import { expect, test } from "vitest";
import { markov } from "./markov.js";

test("SEQ-07 after a comes b with a probability of .75; each order knows its own text at least as well as the one before", async () => {
  const text = "to be or not to be, that is the question: whether it is nobler in the mind to suffer. ".repeat(12);
  const { numbers, figures } = await markov.calculate({ seed: 1, data: { text } });
  expect(numbers).toMatchObject({ pB: 0.75, pC: 0.25 });
  for (const order of [1, 2, 3, 4, 5]) expect(numbers[`train${order}`]).toBeLessThan(numbers[`train${order - 1}`] + 0.01);
  // A text that repeats itself holds no surprise for who looks back far enough.
  expect(numbers.test5).toBeLessThan(0.05);
  expect(figures.orders).toContain("nats per character");
});
