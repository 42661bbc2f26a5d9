import { backpropagationThrough } from "@dl/recipes";
import { expect, test } from "vitest";

const gradients = (a: number, b: number) => Object.fromEntries(backpropagationThrough(a, b).facts.map(({ name, gradient }) => [name, gradient]));

test("values and gradients are those of (a + b)(b + 1), wherever the sliders are", () => {
  for (const [a, b] of [[2, 3], [-5, 5], [0, 0], [4.5, -0.5], [-1.5, -5]]) {
    const { facts, figure } = backpropagationThrough(a, b, "值");
    expect(facts.map(({ name, value }) => [name, value])).toEqual([["a", a], ["b", b], ["c", a + b], ["d", b + 1], ["e", (a + b) * (b + 1)]]);
    expect(gradients(a, b)).toEqual({ a: b + 1, b: a + 2 * b + 1, c: b + 1, d: a + b, e: 1 });
    expect(figure).toContain(`>值 ${(a + b) * (b + 1)}<`);
  }
});

test("what the lesson says: at b = −1 a does not matter, and at (3, −2) the two paths cancel", () => {
  expect(gradients(4, -1).a).toBe(0);
  expect(gradients(3, -2)).toMatchObject({ b: 0, c: -1, d: 1 });
});
