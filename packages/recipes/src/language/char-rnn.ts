import { DataLoader, type LanguageData } from "@dl/data";
import { Adam } from "@dl/nn";
import { CarriedState, CausalLMDataset, CharTokenizer, RecurrentLM } from "@dl/sequence";
import { trainingOptions } from "../classifier.js";
import { cosineDecay } from "../cosine-decay.js";
import { defineRecipe } from "../define-recipe.js";
import { evaluateLanguageModel, languageTrainer, textTokenizer, writeText } from "./language-model.js";
import { splitText } from "./shakespeare-gpt.js";

/** Characters of a piece of the test text: the state is empty at the start of each. */
const testLength = 400;

/**
 * Chapter 9: a recurrent network reads plays character by character and says what comes next. Gradients go back `length` characters, the state goes on
 * from batch to batch. (Karpathy, 2015; Williams & Peng, 1990)
 */
export const charRnn = /* @__PURE__ */ defineRecipe({
  name: "char-rnn",
  title: "Recurrent network on the characters of Shakespeare's plays",
  chapter: 9,
  task: "sequence",
  datasets: ["tinyshakespeare"],
  inputShape: [64],
  inputDtype: "int32",
  options: {
    ...trainingOptions({ batchSize: 64, lr: 4e-3 }),
    epochs: { kind: "integer", default: 6, min: 1, max: 1000, description: "passes over the text" },
    length: { kind: "integer", default: 64, min: 1, max: 10_000, description: "characters that gradients go back" },
    cell: { kind: "choice", default: "lstm", choices: ["rnn", "lstm", "gru"], description: "Elman's cell, or one with gates" },
    hidden: { kind: "integer", default: 256, min: 1, max: 8192, description: "numbers of the state" },
    layers: { kind: "integer", default: 1, min: 1, max: 16, description: "cells on top of each other" },
  },
  next: [
    { why: "Elman's cell, without gates", recipe: "char-rnn", options: { cell: "rnn", lr: 1e-3 } },
    { why: "two gates in the place of three", recipe: "char-rnn", options: { cell: "gru" } },
    { why: "attention in the place of a state", recipe: "shakespeare-gpt" },
  ],
  samples: ({ text }: LanguageData, { options: { batchSize, length }, tokenizers }) => {
    const tokenizer = tokenizers === undefined ? CharTokenizer.train(text) : textTokenizer(tokenizers);
    const [train, test] = splitText(tokenizer.encode(text));
    return {
      train: CausalLMDataset.streams(train, { streams: batchSize, length }),
      test: CausalLMDataset.windows(test, { length: testLength }),
      tokenizers: { text: tokenizer },
    };
  },
  batches: (train, { batchSize }) => new DataLoader(train, { batchSize }),
  model: ({ cell, hidden, layers }, generator, tokenizers) => new RecurrentLM({ vocabSize: textTokenizer(tokenizers).vocabSize, hiddenSize: hidden, cell, layers, embeddingDim: 64, generator }),
  trainer: (model, { lr }, steps) => {
    const optimizer = new Adam(model.parameters(), { lr });
    return languageTrainer(model, optimizer, [new CarriedState(), cosineDecay(optimizer, lr, steps)]);
  },
  evaluate: (model, test, options = {}) => evaluateLanguageModel(model, test, options, { prompt: "\n", maxTokens: 300, count: 1 }),
  generate: (model, prompt, generation) => writeText(model, prompt === "" ? "\n" : prompt, generation),
});
