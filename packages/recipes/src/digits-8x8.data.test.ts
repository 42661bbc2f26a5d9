import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DataLoader, gunzip, TensorDataset } from "@dl/data";
import { dataDir } from "@dl/data/node";
import { Adam, BatchNorm2d, Conv2d, Dropout, Flatten, Linear, MaxPool2d, MLP, ReLU, Sequential, Unflatten } from "@dl/nn";
import { Generator } from "@dl/tensor";
import { expect, test } from "vitest";
import { classifierTrainer, judge } from "./classifier.js";
import { cosineDecay } from "./cosine-decay.js";

const PIXELS = 64;

/** The 1,797 scanned digits of 8 × 8 pixels in 0..16, of which every fifth is for testing. */
async function opticalDigits(): Promise<{ readonly train: TensorDataset; readonly test: TensorDataset }> {
  const packed = await readFile(join(dataDir(), "tabular", "digits.csv.gz"));
  const rows = new TextDecoder().decode(gunzip(packed, "digits.csv.gz")).trim().split("\n").map((line) => line.split(",").map(Number));
  const dataset = (chosen: readonly (readonly number[])[]): TensorDataset =>
    new TensorDataset({
      x: { dtype: "float32", shape: [chosen.length, PIXELS], data: Float32Array.from(chosen.flatMap((row) => row.slice(0, PIXELS).map((grey) => grey / 16))) },
      y: { dtype: "int32", shape: [chosen.length], data: Int32Array.from(chosen.map((row) => row[PIXELS])) },
    });
  const order = [...new Generator(0).permutation(rows.length)];
  return {
    train: dataset(order.filter((_, i) => i % 5 > 0).map((row) => rows[row])),
    test: dataset(order.filter((_, i) => i % 5 === 0).map((row) => rows[row])),
  };
}

test("MLP-01 64-64-10 reaches 96 % on unseen 8 × 8 digits in 40 epochs", async () => {
  const { train, test: unseen } = await opticalDigits();
  const model = new MLP([PIXELS, 64, 10], { generator: new Generator(0) });
  const trainer = classifierTrainer(model, new Adam(model.parameters(), { lr: 3e-3 }));
  await trainer.fit(new DataLoader(train, { batchSize: 32, shuffle: true }), { epochs: 40 });
  const { metrics } = await judge(10)(model, unseen);
  expect(unseen.length).toBe(360);
  expect(metrics.testAccuracy).toBeGreaterThanOrEqual(0.96);
});

test("CNN-01 a CNN of 6,186 parameters reaches 98 % on unseen 8 × 8 digits in 10 epochs", { timeout: 60_000 }, async () => {
  const { train, test: unseen } = await opticalDigits();
  const generator = new Generator(0);
  const model = new Sequential(
    new Unflatten(1, [1, 8, 8]),
    new Conv2d(1, 16, 3, { padding: 1, generator }), new BatchNorm2d(16), new ReLU(), new MaxPool2d(2),
    new Conv2d(16, 32, 3, { padding: 1, generator }), new BatchNorm2d(32), new ReLU(), new MaxPool2d(2),
    new Flatten(), new Dropout(0.2, { generator: new Generator(5) }), new Linear(128, 10, { generator }),
  );
  expect(model.parameters().reduce((sum, p) => sum + p.size, 0)).toBe(6186);
  const loader = new DataLoader(train, { batchSize: 32, shuffle: true });
  const optimizer = new Adam(model.parameters(), { lr: 5e-3 });
  const trainer = classifierTrainer(model, optimizer, [cosineDecay(optimizer, 5e-3, 10 * loader.length)]);
  await trainer.fit(loader, { epochs: 10 });
  const { metrics } = await judge(10)(model, unseen);
  expect(metrics.testAccuracy).toBeGreaterThanOrEqual(0.98);
});
