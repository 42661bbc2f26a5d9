// A model that PyTorch trained, unchanged: its safetensors file, its names, its layouts.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DataLoader } from "@dl/data";
import { loadMnist } from "@dl/data/node";
import { noGrad } from "@dl/autograd";
import { accuracy } from "@dl/metrics";
import { loadModel } from "@dl/nn";
import { logSoftmax } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { MnistCnn } from "./mnist-cnn.js";

const folder = join(process.env.DL_DATA_DIR ?? "", "models/mnist-cnn");

interface Expected {
  readonly testAccuracy10000: number;
  readonly logProbsFirst5TestImages: readonly (readonly number[])[];
  readonly predictions: readonly number[];
}

describe("FT-05 a CNN that PyTorch trained on MNIST", async () => {
  const expected = JSON.parse(readFileSync(join(folder, "expected.json"), "utf8")) as Expected;
  const model = new MnistCnn();
  const { test: held } = await loadMnist();

  test("its file loads unchanged", () => {
    expect(loadModel(model, readFileSync(join(folder, "mnist.safetensors")))).toEqual({ missing: [], unexpected: [] });
    model.eval();
  });

  test("gives PyTorch's log-probabilities", () => {
    const found = noGrad(() => logSoftmax(model.forward(held.take(5).x), 1)).toArray() as number[][];
    // The file gives six decimals.
    found.forEach((row, i) => { row.forEach((value, k) => { expect(value).toBeCloseTo(expected.logProbsFirst5TestImages[i][k], 4); }); });
    expect(found.map((row) => row.indexOf(Math.max(...row)))).toEqual(expected.predictions);
  });

  // DL_MNIST_ALL=1 takes all 10,000, which takes minutes.
  const count = process.env.DL_MNIST_ALL === undefined ? 1000 : 10_000;
  test(`is right on ${count} test images as often as it should be`, { timeout: 600_000 }, async () => {
    let right = 0;
    for await (const { x, y } of new DataLoader(held.take(count), { batchSize: 50 })) {
      const predicted = noGrad(() => model.forward(x).argmax(1));
      right += accuracy(predicted.dataSync(), y.dataSync()) * y.size;
    }
    console.log(`mnist-cnn: ${((100 * right) / count).toFixed(2)} % of ${count} test images`);
    if (count === 10_000) expect(right / count).toBeCloseTo(expected.testAccuracy10000, 4);
    else expect(right / count).toBeGreaterThanOrEqual(0.985);
  });
});
