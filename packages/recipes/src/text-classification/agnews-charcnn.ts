import type { LabelledTexts } from "@dl/data";
import { AdamW, type TensorModule } from "@dl/nn";
import { CharCNN, CharTokenizer, TextCNN, WordTokenizer } from "@dl/sequence";
import type { Generator } from "@dl/tensor";
import { classifierTrainer, trainingOptions } from "../classifier.js";
import { cosineDecay } from "../cosine-decay.js";
import { defineRecipe } from "../define-recipe.js";
import { textTokenizer } from "../language/language-model.js";
import { encoded, judgeTexts, splitBy, tokenizerFor } from "./text-samples.js";

/** The test file alone serves as both: every fifth text is for testing. */
type News = { readonly all: LabelledTexts } | { readonly train: LabelledTexts; readonly test: LabelledTexts };

const classes = 4;
/** Characters of a text that are read, a multiple of what the pools divide by. */
const characters = 256;

const models: Readonly<Record<"characters" | "words", (vocabSize: number, generator: Generator) => TensorModule>> = {
  characters: (vocabSize, generator) => {
    const blocks = [{ channels: 64, kernelSize: 7, pool: 4 }, { channels: 64, kernelSize: 5, pool: 4 }, { channels: 64, kernelSize: 3, pool: 4 }];
    return new CharCNN(vocabSize, classes, { length: characters, dim: 16, blocks, generator });
  },
  words: (vocabSize, generator) => new TextCNN(vocabSize, classes, { dim: 64, widths: [2, 3], maps: 64, std: 0.1, wordDropout: 0.1, generator }),
};

/**
 * Chapter 10: world, sports, business or science? A text as a matrix of 16 rows, a column for each character, under layers of one-dimensional kernels, which
 * have to learn what a word is; or the same with words. (Zhang et al., 2015)
 */
export const agNewsCharCnn = /* @__PURE__ */ defineRecipe({
  name: "agnews-charcnn",
  title: "News by four subjects, from characters or words",
  chapter: 10,
  task: "sequence",
  datasets: ["ag-news-test", "ag-news"],
  inputShape: [characters],
  inputDtype: "int32",
  options: {
    ...trainingOptions({ batchSize: 50, lr: 1e-3 }),
    tokens: { kind: "choice", default: "characters", choices: ["characters", "words"], description: "what the text is cut into" },
  },
  next: [{ why: "words are easier, with little text", recipe: "agnews-charcnn", options: { tokens: "words" } }],
  samples: (data: News, { options: { tokens }, tokenizers }) => {
    const split = "all" in data ? splitBy(data.all, (index) => index % 5 === 0) : data;
    const byWords = tokens === "words";
    const learn = (texts: readonly string[]) =>
      byWords ? WordTokenizer.train(texts, { lowerCase: true, minFrequency: 2 }) : CharTokenizer.train(texts.map((text) => text.toLowerCase()), { specials: { pad: "<pad>", unk: "<unk>" } });
    return encoded(split, tokenizerFor(tokenizers, split.train, learn), byWords ? { maxLength: 50 } : { maxLength: characters, padTo: characters });
  },
  model: ({ tokens }, generator, tokenizers) => models[tokens](textTokenizer(tokenizers).vocabSize, generator),
  trainer: (model, { lr }, steps) => {
    const optimizer = new AdamW(model.parameters(), { lr, weightDecay: 0 });
    return classifierTrainer(model, optimizer, [cosineDecay(optimizer, lr, steps)]);
  },
  evaluate: judgeTexts(classes),
});
