import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { digits } from "@dl/data";
import type { Module } from "@dl/nn";
import { Generator } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { digitsCnn, digitsMlp, recipes, softmaxRegression, type Recipe } from "./index.js";

const all: readonly Recipe[] = Object.values(recipes.recipes).filter((recipe) => recipe.kind === "training");
const few = digits({ train: 300, test: 100 });
const quick = { epochs: 2, batchSize: 50 };

const weightsOf = (model: Module): number[] => model.parameters().flatMap((parameter) => [...parameter.dataSync()]);

const largestDifference = (a: readonly number[], b: readonly number[]): number => a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);

async function trained(recipe: Recipe, seed: number, train = few.train): Promise<Module> {
  const { model, run } = recipe.train({ train, options: quick, seed });
  await run;
  return model;
}

describe.each(all.map((recipe) => [recipe.name, recipe] as const))("%s", (name, recipe) => {
  test("SYS-07 the same seed gives the same weights bit for bit, another one others", async () => {
    const fewer = few.train.take(100);
    const [a, b, c] = [await trained(recipe, 3, fewer), await trained(recipe, 3, fewer), await trained(recipe, 4, fewer)];
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
])("$recipe.name learns $samples generated digits", async ({ recipe, samples, options, least }) => {
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
