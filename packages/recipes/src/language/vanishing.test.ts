import { expect, test } from "vitest";
import { vanishingGradients } from "./vanishing.js";

test("RNN-06 an LSTM with forget bias 1 keeps ≥ 100 times an Elman network's gradient of 50 steps before", async () => {
  const { numbers: { elman, gru, lstm, ratio }, text, figures } = await vanishingGradients.calculate({ seed: 1 });
  expect(ratio).toBeGreaterThan(100);
  expect(elman).toBeLessThan(gru);
  expect(gru).toBeLessThan(lstm);
  expect(text).toHaveLength(5);
  expect(figures.gradients).toContain("LSTM");
});
