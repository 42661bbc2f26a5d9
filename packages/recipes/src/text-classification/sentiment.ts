import type { LabelledTexts } from "@dl/data";
import { AdamW } from "@dl/nn";
import { TextCNN, WordTokenizer } from "@dl/sequence";
import { classifierTrainer, trainingOptions } from "../classifier.js";
import { cosineDecay } from "../cosine-decay.js";
import { defineRecipe } from "../define-recipe.js";
import { textTokenizer } from "../language/language-model.js";
import { encoded, holdOutTenth, judgeTexts, tokenizerFor } from "./text-samples.js";

/** MR comes as a whole, SST-2 in parts. */
type Reviews = { readonly all: LabelledTexts } | { readonly train: LabelledTexts; readonly test: LabelledTexts };

/**
 * Chapters 8 and 10: is a sentence of a film review for or against? Kernels look at two, three and four words, and of each the strongest answer anywhere in
 * the sentence counts. (Kim, 2014)
 */
export const sentiment = /* @__PURE__ */ defineRecipe({
  name: "sentiment-mr",
  title: "Film reviews, for or against",
  chapter: 10,
  task: "sequence",
  datasets: ["mr", "sst-2"],
  inputShape: [20],
  inputDtype: "int32",
  options: {
    ...trainingOptions({ batchSize: 50, lr: 1e-3 }),
    epochs: { kind: "integer", default: 4, min: 1, max: 1000, description: "passes over the sentences" },
    dim: { kind: "integer", default: 128, min: 1, max: 4096, description: "numbers that stand for a word" },
    maps: { kind: "integer", default: 100, min: 1, max: 4096, description: "kernels of each width" },
    wordDropout: { kind: "number", default: 0.2, min: 0, max: 0.9, description: "part of the words that a step does not see" },
  },
  next: [
    { why: "sentences of another collection", recipe: "sentiment-mr", data: "sst-2" },
    { why: "every word seen: it learns sentences by heart", recipe: "sentiment-mr", options: { wordDropout: 0 } },
  ],
  samples: (data: Reviews, { seed, tokenizers }) => {
    const split = "all" in data ? holdOutTenth(data.all, seed) : data;
    return encoded(split, tokenizerFor(tokenizers, split.train, (texts) => WordTokenizer.train(texts, { lowerCase: true, minFrequency: 2 })), { maxLength: 60 });
  },
  model: ({ dim, maps, wordDropout }, generator, tokenizers) => new TextCNN(textTokenizer(tokenizers).vocabSize, 2, { dim, widths: [2, 3, 4], maps, std: 0.1, wordDropout, generator }),
  trainer: (model, { lr }, steps) => {
    const optimizer = new AdamW(model.parameters(), { lr, weightDecay: 0 });
    return classifierTrainer(model, optimizer, [cosineDecay(optimizer, lr, steps)]);
  },
  evaluate: judgeTexts(2),
});
