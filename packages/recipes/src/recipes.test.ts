import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { digits, TensorDataset, type Batch, type Dataset } from "@dl/data";
import type { Module } from "@dl/nn";
import { Generator, rand, sizeOf } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { digitsCnn, digitsMlp, isImageRecipe, recipes, softmaxRegression, type AnyRecipe, type Calculation, type Recipe, type Task } from "./index.js";

const all: readonly Recipe[] = Object.values<AnyRecipe | Calculation>(recipes.recipes).filter(isImageRecipe);
const few = digits({ train: 300, test: 100 });
const quick = { epochs: 2, batchSize: 50 };

const weightsOf = (model: Module): number[] => model.parameters().flatMap((parameter) => [...parameter.dataSync()]);

const largestDifference = (a: readonly number[], b: readonly number[]): number => a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);

async function trained(recipe: Recipe, seed: number, train: Dataset<Batch> = few.train, options: object = quick): Promise<Module> {
  const { model, run } = recipe.train({ train, options, seed });
  await run;
  return model;
}

/** A little of something to train each recipe on, of its own shape or a smaller one; and options that make it quick. */
interface Trial {
  readonly shape: readonly number[];
  readonly samples: number;
  readonly classes: number;
  readonly options: object;
}

const tiny = { samples: 4, options: { epochs: 2, batchSize: 2, base: 2 } };
const trials: Readonly<Record<string, Trial>> = {
  "cifar-resnet": { shape: [3, 32, 32], samples: 20, classes: 10, options: { epochs: 2, batchSize: 10, width: 4 } },
  "fashion-cnn": { shape: [1, 28, 28], samples: 40, classes: 10, options: { epochs: 2, batchSize: 20, channels: 4 } },
  "isbi-unet": { ...tiny, shape: [1, 64, 64], classes: 2, options: { ...tiny.options, depth: 1, crop: 32 } },
  "shapes-segmentation": { ...tiny, shape: [1, 24, 24], classes: 4 },
  "unet3d-spheres": { ...tiny, shape: [1, 8, 8, 8], classes: 2 },
};

/** Noise and labels by lot. */
function noise({ shape, samples, classes }: Trial, task: Task): TensorDataset {
  const random = new Generator(1);
  const y = task === "segmentation" ? [samples, ...shape.slice(1)] : [samples];
  const labels = Int32Array.from({ length: sizeOf(y) }, () => random.int(classes));
  return new TensorDataset({ x: { dtype: "float32", shape: [samples, ...shape], data: rand([samples, ...shape], { generator: random }).dataSync() }, y: { dtype: "int32", shape: y, data: labels } });
}

describe.each(all.map((recipe) => [recipe.name, recipe] as const))("%s", (name, recipe) => {
  test("SYS-07 the same seed gives the same weights bit for bit, another one others", { timeout: 60_000 }, async () => {
    const trial = Object.hasOwn(trials, name) ? trials[name] : undefined;
    const [fewer, options] = trial === undefined ? [few.train.take(100), quick] : [noise(trial, recipe.task), trial.options];
    const [a, b, c] = [await trained(recipe, 3, fewer, options), await trained(recipe, 3, fewer, options), await trained(recipe, 4, fewer, options)];
    expect(weightsOf(a)).toStrictEqual(weightsOf(b));
    expect(weightsOf(a)).not.toStrictEqual(weightsOf(c));
  });

  test("is registered under its name, and its facts are plain JSON with defaults that it accepts", () => {
    expect(recipes.recipes).toHaveProperty(name, recipe);
    expect(JSON.parse(JSON.stringify(recipe.options))).toStrictEqual(recipe.options);
    expect(recipe.resolve()).toStrictEqual(Object.fromEntries(Object.entries(recipe.options).map(([key, spec]) => [key, spec.default])));
  });

  test("suggestions name recipes, data sets and options that exist", () => {
    for (const { recipe: other, data, options } of recipe.next) {
      const next = all.find((candidate) => candidate.name === other);
      expect(next?.datasets).toContain(data ?? next?.datasets[0]);
      expect(() => next?.resolve(options)).not.toThrow();
    }
  });

  test("judges and draws: pictures are colours in 0..1, and the model stays in its mode", { timeout: 60_000 }, async () => {
    const trial = Object.hasOwn(trials, name) ? trials[name] : undefined;
    const data = trial === undefined ? few.test.take(30) : noise(trial, recipe.task);
    const model = recipe.model(trial === undefined ? {} : Object.fromEntries(Object.entries(trial.options).filter(([key]) => Object.hasOwn(recipe.options, key)))).train();
    const { metrics } = await recipe.evaluate(model, data);
    expect(Object.values(metrics).every(Number.isFinite)).toBe(true);
    expect(metrics).toHaveProperty(recipe.task === "segmentation" ? "mIoU" : "testAccuracy");
    const pictures = Object.values(await recipe.draw(model, data, []));
    expect(pictures.length).toBeGreaterThan(0);
    for (const { shape, data: pixels } of pictures) {
      expect([shape.length, shape[0]]).toStrictEqual([3, 3]);
      expect(Array.from(pixels).every((value) => value >= 0 && value <= 1)).toBe(true);
    }
    expect(model.training).toBe(true);
  });

  test("refuses unknown options, values out of range and an empty training set", () => {
    expect(() => recipe.resolve({ epoch: 1 })).toThrow(`${name}: unknown option "epoch". Did you mean "epochs"?`);
    expect(() => recipe.model({ lr: -1 })).toThrow("lr is -1");
    expect(() => recipe.train({ train: few.train.take(0) })).toThrow("the training set is empty");
    expect(() => recipe.train({ train: few.train, epochs: 1 } as never)).toThrow('unknown option "epochs"');
  });
});

test("digits-mlp goes on from a checkpoint in the middle of an epoch as if it had never stopped", async () => {
  const dir = await mkdtemp(join(tmpdir(), "dl-recipes-"));
  try {
    const whole = await trained(digitsMlp, 5);
    const abort = new AbortController();
    const first = digitsMlp.train({ train: few.train, options: quick, seed: 5, signal: abort.signal, checkpoint: { dir } });
    for await (const event of first.run) if (event.type === "step" && event.step === 8) abort.abort();
    const second = digitsMlp.train({ train: few.train, options: quick, seed: 5, resume: dir });
    let steps = 0;
    for await (const event of second.run) if (event.type === "step") steps++;
    expect(steps).toBe(4);
    expect(weightsOf(first.model)).not.toStrictEqual(weightsOf(whole));
    expect(weightsOf(second.model)).toStrictEqual(weightsOf(whole));
  } finally {
    await rm(dir, { recursive: true });
  }
});

test("the steps of digits-mlp shrink with its learning rate", async () => {
  const { model, run } = digitsMlp.train({ train: few.train, options: { batchSize: 30, epochs: 1, hidden: 16 } });
  const weights: number[][] = [];
  for await (const event of run) if (event.type === "step") weights.push(weightsOf(model));
  expect(weights).toHaveLength(10);
  expect(largestDifference(weights[8], weights[9])).toBeLessThan(largestDifference(weights[0], weights[1]) / 5);
});

test("every activation of digits-mlp has its own network", () => {
  const inside = digitsMlp.options.activation.choices.map((activation) => JSON.stringify(digitsMlp.model({ activation }, new Generator(0))));
  expect(new Set(inside).size).toBe(inside.length);
});

test.each<{ readonly recipe: Recipe; readonly samples: number; readonly options: Readonly<Record<string, number>>; readonly least: number }>([
  { recipe: softmaxRegression, samples: 4000, options: { epochs: 4 }, least: 0.92 },
  { recipe: digitsMlp, samples: 4000, options: { epochs: 4, hidden: 64 }, least: 0.92 },
  { recipe: digitsCnn, samples: 600, options: { epochs: 3, batchSize: 16, channels: 4 }, least: 0.93 },
])("$recipe.name learns $samples generated digits", { timeout: 60_000 }, async ({ recipe, samples, options, least }) => {
  const { train, test } = digits();
  const unseen = test.take(400);
  const { model, run } = recipe.train({ train: train.take(samples), options });
  await run;
  const { metrics, confusion } = await recipe.evaluate(model, unseen);
  expect(metrics.testAccuracy).toBeGreaterThanOrEqual(least);
  const counts = confusion?.compute() ?? [];
  expect(counts.flat().reduce((sum, count) => sum + count, 0)).toBe(400);
  expect(counts.reduce((sum, row, i) => sum + row[i], 0) / 400).toBeCloseTo(metrics.testAccuracy, 12);
});
