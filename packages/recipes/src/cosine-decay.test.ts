import { expect, test } from "vitest";
import { cosineDecay } from "./cosine-decay.js";

/** The rate before each of ten steps. */
function rates(warmUp: number): number[] {
  const group = { lr: 0.4 };
  const callback = cosineDecay({ groups: [group] }, 0.4, 10, warmUp);
  return Array.from({ length: 10 }, (_, i) => {
    const { lr } = group;
    void callback({ type: "step", epoch: 1, step: i + 1, batch: i + 1, loss: 1, samples: 1, lr: [lr] });
    return lr;
  });
}

test("the rate falls along half a cosine", () => {
  const found = rates(0);
  expect(found[0]).toBe(0.4);
  expect(found[5]).toBeCloseTo(0.2, 12);
  expect(found[9]).toBeCloseTo(0.2 * (1 + Math.cos(0.9 * Math.PI)), 12);
});

test("it rises in a line before, where asked", () => {
  const found = rates(0.4);
  [1, 2, 3, 4].forEach((k, i) => { expect(found[i]).toBeCloseTo(0.08 * k, 12); });
  expect(found[4]).toBe(0.4);
  expect(found[7]).toBeCloseTo(0.2, 12);
});
