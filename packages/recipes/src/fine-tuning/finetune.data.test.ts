import { expect, test } from "vitest";
import { halfMnist } from "../generalization/half-mnist.js";
import { fineTune } from "./finetune.js";

test("FT-01 what was learnt from 0 to 4 is worth 5 points and more on 5 to 9 with ten digits a class, in the median of three trainings", async () => {
  const network = { side: 14, channels: [8, 16, 64] };
  const settings = { network, perFirst: 1000, steps: 200, batchSize: 32, lr: 8e-3, perNew: 10, unseenPerNew: 50, tuningSteps: 25, seeds: 3 };
  const { numbers } = await fineTune(await halfMnist({ train: 12_000, test: 1000 }), settings, 0);
  expect(Math.max(numbers.all, numbers.head, numbers.upper)).toBeGreaterThanOrEqual(numbers.scratch + 0.05);
  expect(numbers).toMatchObject({ scratchTrained: 10_853, allTrained: 10_853, headTrained: 325, upperTrained: 9280 + 325 });
});
