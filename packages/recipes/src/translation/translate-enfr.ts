import type { PairData } from "@dl/data";
import { Adam } from "@dl/nn";
import { Generator } from "@dl/tensor";
import { cosineDecay } from "../cosine-decay.js";
import { trainingOptions } from "../classifier.js";
import { defineRecipe } from "../define-recipe.js";
import { evaluateTranslator, pairSamples, translationTrainer, translatorOf, writeTranslation, type PairSplit } from "./translator.js";

/** A random tenth of the sources, with all their translations, to judge by. */
export function splitBySource({ pairs }: PairData, seed: number): PairSplit {
  const sources = [...new Set(pairs.map(({ source }) => source.toLowerCase()))];
  const order = new Generator(seed).permutation(sources.length);
  const held = new Set(Array.from(order.subarray(0, Math.floor(sources.length / 10)), (i) => sources[i]));
  const part = (wanted: boolean): PairData["pairs"] => pairs.filter(({ source }) => held.has(source.toLowerCase()) === wanted);
  return { train: part(false), test: part(true) };
}

/**
 * Chapters 8 and 11: short sentences that people wrote, from English to French. 4,500 pairs are little: frequent turns come out right, rare words do not.
 * (Vaswani et al., 2017; sentences of Tatoeba)
 */
export const translateEnFr = /* @__PURE__ */ defineRecipe({
  name: "translate-enfr",
  title: "Short sentences, from English to French",
  chapter: 11,
  task: "sequence",
  datasets: ["eng-fra-5000", "eng-fra"],
  options: {
    ...trainingOptions({ batchSize: 64, lr: 2e-3 }),
    epochs: { kind: "integer", default: 12, min: 1, max: 1000, description: "passes over the sentences" },
    net: { kind: "choice", default: "transformer", choices: ["transformer", "rnn"], description: "attention all the way, or a recurrent network that attends" },
    dim: { kind: "integer", default: 64, min: 4, max: 4096, description: "numbers that stand for a word" },
  },
  next: [{ why: "a recurrent network with attention", recipe: "translate-enfr", options: { net: "rnn", dim: 128, lr: 5e-3 } }],
  samples: (data: PairData, { seed, tokenizers }) => pairSamples(splitBySource(data, seed), tokenizers, true),
  model: ({ net, dim }, generator, tokenizers) => translatorOf(net, dim, tokenizers, generator),
  trainer: (model, { lr }, steps) => {
    const optimizer = new Adam(model.parameters(), { lr, betas: [0.9, 0.98] });
    return translationTrainer(model, optimizer, { labelSmoothing: 0.1, callbacks: [cosineDecay(optimizer, lr, steps, 0.2)] });
  },
  evaluate: (model, test, options = {}) => evaluateTranslator(model, test, options, 4),
  generate: (model, prompt, generation) => writeTranslation(model, prompt, generation),
});
