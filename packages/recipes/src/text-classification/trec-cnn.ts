import type { Questions } from "@dl/data";
import { AdamW } from "@dl/nn";
import { TextCNN, WordTokenizer } from "@dl/sequence";
import { classifierTrainer, trainingOptions } from "../classifier.js";
import { cosineDecay } from "../cosine-decay.js";
import { defineRecipe } from "../define-recipe.js";
import { textTokenizer } from "../language/language-model.js";
import { encoded, judgeTexts, tokenizerFor } from "./text-samples.js";

/**
 * Chapter 10: what kind of answer does a question want: an abbreviation, a description, a thing, a person, a place, a number? One to three words tell
 * most of it. (Kim, 2014; Li & Roth, 2002)
 */
export const trecCnn = /* @__PURE__ */ defineRecipe({
  name: "trec-cnn",
  title: "Questions by the kind of their answer",
  chapter: 10,
  task: "sequence",
  datasets: ["trec"],
  inputShape: [10],
  inputDtype: "int32",
  options: {
    ...trainingOptions({ batchSize: 50, lr: 1e-3 }),
    dim: { kind: "integer", default: 100, min: 1, max: 4096, description: "numbers that stand for a word" },
    maps: { kind: "integer", default: 100, min: 1, max: 4096, description: "kernels of each width" },
    wordDropout: { kind: "number", default: 0.1, min: 0, max: 0.9, description: "part of the words that a step does not see" },
  },
  next: [{ why: "film reviews", recipe: "sentiment-mr" }],
  samples: ({ train, test }: { readonly train: Questions; readonly test: Questions }, { tokenizers }) =>
    encoded({ train, test }, tokenizerFor(tokenizers, train, (texts) => WordTokenizer.train(texts, { lowerCase: true })), { maxLength: 40 }),
  model: ({ dim, maps, wordDropout }, generator, tokenizers) => new TextCNN(textTokenizer(tokenizers).vocabSize, 6, { dim, widths: [1, 2, 3], maps, std: 0.1, wordDropout, generator }),
  trainer: (model, { lr }, steps) => {
    const optimizer = new AdamW(model.parameters(), { lr, weightDecay: 0 });
    return classifierTrainer(model, optimizer, [cosineDecay(optimizer, lr, steps)]);
  },
  evaluate: judgeTexts(6),
});
