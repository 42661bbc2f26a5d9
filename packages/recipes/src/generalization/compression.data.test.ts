import { expect, test } from "vitest";
import { compress } from "./compression.js";
import { halfMnist } from "./half-mnist.js";

test("CNN-05 half of the weights pruned, and int8, lose at most a point; files of int8 are a quarter", async () => {
  const settings = { network: { side: 14, channels: [4, 16], hidden: 128, norm: true }, perClass: 100, steps: 150, tuningSteps: 30, batchSize: 32, lr: 6e-3 };
  const { numbers } = await compress(await halfMnist({ train: 4000, test: 500 }), settings, 0);
  expect(numbers.originalAccuracy).toBeGreaterThan(0.88);
  for (const key of ["pruned50Tuned", "dynamicInt8", "staticInt8", "trainedInt8"]) {
    expect(numbers[`${key}Accuracy`], key).toBeGreaterThanOrEqual(numbers.originalAccuracy - 0.01);
  }
  for (const key of ["dynamicInt8", "staticInt8"]) expect(numbers[`${key}Agreement`], key).toBeGreaterThan(0.98);
  expect(numbers.originalBytes / numbers.dynamicInt8Bytes).toBeGreaterThan(3.5);
  expect(numbers).toMatchObject({ pruned50Zeros: 0.5, channels25TunedZeros: 0.25 });
  expect(numbers.pruned90Accuracy).toBeLessThan(numbers.pruned90TunedAccuracy);
});
