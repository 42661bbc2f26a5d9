import type { LanguageData } from "@dl/data";
import { AdamW } from "@dl/nn";
import { CausalLMDataset, CharTokenizer, GPT } from "@dl/sequence";
import { Generator } from "@dl/tensor";
import { trainingOptions } from "../classifier.js";
import { cosineDecay } from "../cosine-decay.js";
import { defineRecipe } from "../define-recipe.js";
import { evaluateLanguageModel, languageTrainer, textTokenizer, writeText } from "./language-model.js";

/** Part of the text, at its end, that is not trained on. */
const heldOut = 0.1;

/** The text's tokens, without and with the held-out part. */
export function splitText(ids: Int32Array): readonly [train: Int32Array, test: Int32Array] {
  const border = Math.floor(ids.length * (1 - heldOut));
  return [ids.subarray(0, border), ids.subarray(border)];
}

/**
 * Chapter 11: a transformer that reads 64 characters of plays and says which comes next. Each position looks at all before it, and all positions learn at
 * once. (Vaswani et al., 2017; Radford et al., 2019; settings for small machines after Karpathy, 2022, nanoGPT)
 */
export const shakespeareGpt = /* @__PURE__ */ defineRecipe({
  name: "shakespeare-gpt",
  title: "GPT on the characters of Shakespeare's plays",
  chapter: 11,
  task: "sequence",
  datasets: ["tinyshakespeare"],
  inputShape: [64],
  inputDtype: "int32",
  options: {
    ...trainingOptions({ batchSize: 12, lr: 1e-3 }),
    epochs: { kind: "integer", default: 1, min: 1, max: 1000, description: "passes over the windows" },
    windows: { kind: "integer", default: 24_000, min: 1, max: 10_000_000, description: "places in the text that are drawn to learn from" },
    context: { kind: "integer", default: 64, min: 1, max: 4096, description: "characters that the model looks back" },
    layers: { kind: "integer", default: 4, min: 1, max: 96, description: "blocks of attention and feed-forward part" },
    heads: { kind: "integer", default: 4, min: 1, max: 96, description: "heads of each attention" },
    dim: { kind: "integer", default: 128, min: 1, max: 12_288, description: "numbers that stand for a character" },
    dropout: { kind: "number", default: 0, min: 0, max: 0.95, description: "part of the features left out of a step" },
  },
  next: [
    { why: "a recurrent network on the same text", recipe: "char-rnn" },
    { why: "one block", recipe: "shakespeare-gpt", options: { layers: 1 } },
  ],
  samples: ({ text }: LanguageData, { options: { windows, context }, seed, tokenizers }) => {
    const tokenizer = tokenizers === undefined ? CharTokenizer.train(text) : textTokenizer(tokenizers);
    const [train, test] = splitText(tokenizer.encode(text));
    return {
      train: CausalLMDataset.random(train, { length: context, count: windows, generator: new Generator(seed) }),
      test: CausalLMDataset.windows(test, { length: context }),
      tokenizers: { text: tokenizer },
    };
  },
  model: ({ context, layers, heads, dim, dropout }, generator, tokenizers) =>
    new GPT({ vocabSize: textTokenizer(tokenizers).vocabSize, contextLength: context, layers, heads, dim, dropout, bias: false, generator }),
  trainer: (model, { lr }, steps) => {
    const optimizer = new AdamW(model.parameters(), { lr, betas: [0.9, 0.99], weightDecay: 0.1 });
    return languageTrainer(model, optimizer, [cosineDecay(optimizer, lr, steps, 0.05)]);
  },
  evaluate: (model, test, options = {}) => evaluateLanguageModel(model, test, options, { prompt: "\n", maxTokens: 300, count: 1 }),
  generate: (model, prompt, generation) => writeText(model, prompt === "" ? "\n" : prompt, generation),
});
