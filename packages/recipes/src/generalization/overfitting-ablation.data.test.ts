import { expect, test } from "vitest";
import { halfMnist } from "./half-mnist.js";
import { ablation } from "./overfitting-ablation.js";
import { remedies } from "./remedies.js";

test("CNN-03 each of six remedies brings training and test accuracy of a network that knows 100 digits by heart closer together", async () => {
  const settings = { network: { side: 14, channels: [6, 12], hidden: 64 }, perClass: 10, steps: 75, batchSize: 20, lr: 0.01, seeds: 1 };
  const { numbers } = await ablation(await halfMnist({ train: 4000, test: 500 }), settings, 0);
  expect(numbers.baselineTrain).toBeGreaterThanOrEqual(0.95);
  for (const { key } of remedies.slice(1)) expect(numbers[`${key}Gap`], key).toBeLessThan(numbers.baselineGap);
  expect(numbers.augmentationTest).toBeGreaterThan(numbers.baselineTest);
  expect(numbers.moreDataTest).toBeGreaterThan(numbers.baselineTest + 0.05);
  expect(numbers.simplerParameters).toBeLessThan(numbers.baselineParameters / 2);
});
