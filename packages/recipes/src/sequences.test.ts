import { datasets, toyFrench, toyReviews, type LabelledTexts } from "@dl/data";
import type { Module } from "@dl/nn";
import { describe, expect, test } from "vitest";
import { recipes, readRun, runAssets, type AnyRecipe, type Calculation } from "./index.js";

const all = Object.values<AnyRecipe | Calculation>(recipes.recipes).filter((recipe): recipe is AnyRecipe => recipe.kind === "training" && recipe.task === "sequence");

const text = "To be, or not to be, that is the question: whether it is nobler in the mind to suffer.\n".repeat(60);
const reviews = (): LabelledTexts => {
  const { texts, labels } = toyReviews({ samples: 40, seed: 1 });
  return { texts, labels };
};
const split = (): { readonly train: LabelledTexts; readonly test: LabelledTexts } => ({ train: reviews(), test: reviews() });

/** A little data of the form that the recipe's data sets have, and options that make it quick. */
interface Trial {
  readonly data: () => unknown;
  readonly options: object;
}

const quick = { epochs: 2, batchSize: 8 };
const trials: Readonly<Record<string, Trial>> = {
  "char-rnn": { data: () => ({ text }), options: { ...quick, length: 16, hidden: 16 } },
  names: { data: () => ({ lines: "ann bob carla dora emil fay gus hanna ida jon karl lea mona nils olga paul".split(" ") }), options: { ...quick, layers: 1, dim: 8 } },
  "shakespeare-gpt": { data: () => ({ text }), options: { ...quick, windows: 32, context: 16, layers: 1, heads: 2, dim: 16 } },
  "sentiment-mr": { data: () => ({ all: reviews() }), options: { ...quick, dim: 8, maps: 4 } },
  "trec-cnn": { data: split, options: { ...quick, dim: 8, maps: 4 } },
  "adding-problem": { data: () => datasets["adding-problem"].generate({ train: 60, test: 20 }), options: { ...quick, epochs: 2, batchSize: 10, hidden: 16 } },
  "caption-shapes": { data: () => datasets["captioned-shapes"].generate({ train: 24, test: 8 }), options: { ...quick, width: 4, dim: 8 } },
  personality: { data: () => datasets["trait-texts"].generate({ train: 60, test: 20 }), options: quick },
  "agnews-charcnn": { data: split, options: quick },
  "translate-toy": { data: () => toyFrench({ samples: 40, heldOut: 10, seed: 1 }), options: { ...quick, dim: 8 } },
  "translate-enfr": { data: () => ({ pairs: toyFrench({ samples: 40, heldOut: 0, seed: 1 }).train }), options: { ...quick, dim: 8 } },
};

const weightsOf = (model: Module): number[] => model.parameters().flatMap((parameter) => [...parameter.dataSync()]);

describe.each(all.map((recipe) => [recipe.name, recipe] as const))("%s", (name, recipe) => {
  const trial = (trials as Readonly<Partial<Record<string, Trial>>>)[name];

  test("trains on its kind of data, the same with the same seed; its tokenizers and weights come back from a checkpoint", async () => {
    if (trial === undefined) throw new Error(`add a trial for ${name}`);
    const { options } = trial;
    const run = { recipe: name, options: recipe.resolve(options), data: recipe.datasets[0], seed: 3 };
    const trained = async () => {
      const samples = recipe.samples(trial.data(), run);
      const training = recipe.train({ train: samples.train, tokenizers: samples.tokenizers, options, seed: 3 });
      const { epochs } = await training.run;
      return { samples, training, losses: epochs.map(({ train }) => train.loss) };
    };
    const [first, second] = [await trained(), await trained()];
    expect(weightsOf(first.training.model)).toStrictEqual(weightsOf(second.training.model));
    expect(first.losses[1]).toBeLessThan(first.losses[0]);

    const { metrics, texts } = await recipe.evaluate(first.training.model, first.samples.test, { tokenizers: first.samples.tokenizers });
    for (const value of Object.values(metrics)) expect(Number.isFinite(value)).toBe(true);
    if (recipe.generate !== undefined) expect(texts?.length).toBeGreaterThan(0);

    const assets = new Map(Object.entries(runAssets(run, first.samples.tokenizers)).map(([file, content]) => [file, new TextEncoder().encode(content)]));
    const saved = readRun("here", { assets }, { [name]: recipe });
    expect(saved.run).toStrictEqual(run);
    expect(JSON.stringify(saved.tokenizers)).toBe(JSON.stringify(first.samples.tokenizers));
    const again = recipe.model(options, undefined, saved.tokenizers);
    again.loadStateDict(first.training.model.stateDict());
    expect((await recipe.evaluate(again, recipe.samples(trial.data(), { ...run, tokenizers: saved.tokenizers }).test, { tokenizers: saved.tokenizers })).metrics).toStrictEqual(metrics);
  });

  test("is written so that it can be read: an input, options in range", () => {
    expect(recipe.chapter).toBeGreaterThanOrEqual(8);
    expect(() => recipe.resolve({ epochs: 0 })).toThrow("epochs is 0");
  });
});

describe("what a model writes", () => {
  test.each(["names", "shakespeare-gpt", "char-rnn", "translate-toy"])("%s goes on from a prompt, the same with the same seed", async (name) => {
    const recipe = all.find((own) => own.name === name);
    if (recipe?.generate === undefined) throw new Error(`${name} does not write`);
    const { data, options } = trials[name];
    const { tokenizers } = recipe.samples(data(), { options });
    const model = recipe.model(options, undefined, tokenizers).eval();
    const write = async (seed: number, sampling = {}): Promise<string> => {
      let written = "";
      for await (const piece of recipe.generate?.(model, name === "translate-toy" ? "The cat" : "o", { tokenizers, sampling, seed, maxTokens: 12 }) ?? []) written += piece;
      return written;
    };
    const first = await write(1);
    expect(await write(1)).toBe(first);
    if (name !== "translate-toy") expect(await write(2)).not.toBe(first);
    expect(typeof (await write(1, { beams: 2 }))).toBe("string");
  });
});
