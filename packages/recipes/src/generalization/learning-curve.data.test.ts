import { expect, test } from "vitest";
import { halfMnist } from "./half-mnist.js";
import { digitsCurve } from "./learning-curve.js";

test("CNN-10 accuracy on other digits does not fall by more than a point as the training digits become more", async () => {
  const settings = { sizes: [50, 200, 800], network: { side: 14, channels: [6, 12], norm: true }, steps: 100 };
  const { numbers } = await digitsCurve(await halfMnist({ train: 4000, test: 500 }), settings, 0);
  expect(numbers.test200).toBeGreaterThanOrEqual(numbers.test50 - 0.01);
  expect(numbers.test800).toBeGreaterThanOrEqual(numbers.test200 - 0.01);
  expect(numbers.test800).toBeGreaterThan(numbers.test50 + 0.05);
});
