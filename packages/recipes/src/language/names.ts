import type { LinesData } from "@dl/data";
import { AdamW } from "@dl/nn";
import { CausalTexts, CharTokenizer, GPT, standardSpecials } from "@dl/sequence";
import { Generator } from "@dl/tensor";
import { trainingOptions } from "../classifier.js";
import { cosineDecay } from "../cosine-decay.js";
import { defineRecipe } from "../define-recipe.js";
import { evaluateLanguageModel, languageTrainer, textTokenizer, writeText } from "./language-model.js";

/** Names that are not trained on. */
const heldOut = 0.1;

/**
 * Chapter 11: what letter follows in a first name, from `<start>` to `<end>`; then names that nobody has. (Karpathy, 2022, makemore)
 */
export const names = /* @__PURE__ */ defineRecipe({
  name: "names",
  title: "New first names, letter by letter",
  chapter: 11,
  task: "sequence",
  datasets: ["names"],
  inputShape: [8],
  inputDtype: "int32",
  options: {
    ...trainingOptions({ batchSize: 64, lr: 3e-3 }),
    epochs: { kind: "integer", default: 8, min: 1, max: 1000, description: "passes over the names" },
    layers: { kind: "integer", default: 4, min: 1, max: 96, description: "blocks of attention and feed-forward part" },
    dim: { kind: "integer", default: 64, min: 4, max: 12_288, description: "numbers that stand for a letter" },
  },
  next: [{ why: "plays in the place of names", recipe: "shakespeare-gpt" }],
  samples: ({ lines }: LinesData, { seed, tokenizers }) => {
    const tokenizer = tokenizers === undefined ? CharTokenizer.train(lines, { specials: standardSpecials }) : textTokenizer(tokenizers);
    const order = new Generator(seed).permutation(lines.length);
    const border = Math.floor(lines.length * (1 - heldOut));
    const part = (from: number, to: number): CausalTexts => new CausalTexts(Array.from(order.subarray(from, to), (line) => lines[line]), tokenizer);
    return { train: part(0, border), test: part(border, lines.length), tokenizers: { text: tokenizer } };
  },
  model: ({ layers, dim }, generator, tokenizers) => new GPT({ vocabSize: textTokenizer(tokenizers).vocabSize, contextLength: 32, layers, heads: 4, dim, generator }),
  trainer: (model, { lr }, steps) => {
    const optimizer = new AdamW(model.parameters(), { lr, betas: [0.9, 0.99] });
    return languageTrainer(model, optimizer, [cosineDecay(optimizer, lr, steps, 0.05)]);
  },
  evaluate: (model, test, options = {}) => evaluateLanguageModel(model, test, options, { prompt: "", maxTokens: 20, count: 10 }),
  generate: (model, prompt, generation) => writeText(model, prompt, { maxTokens: 20, ...generation }),
});
