import { bigFive, DataLoader, type Batch, type Dataset, type TraitTexts } from "@dl/data";
import { noGrad } from "@dl/autograd";
import { r2Score } from "@dl/metrics";
import { Adam, evaluating, mseLoss, Trainer, type TensorModule } from "@dl/nn";
import { BagOfEmbeddings, textDataset, WordTokenizer } from "@dl/sequence";
import { trainingOptions } from "../classifier.js";
import { cosineDecay } from "../cosine-decay.js";
import { defineRecipe } from "../define-recipe.js";
import type { Evaluation } from "../evaluate.js";
import { textTokenizer } from "../language/language-model.js";

/** What part of the spread of each trait is explained, R² (1 is all of it), and the least of them. */
async function explained(model: TensorModule, test: Dataset<Batch>): Promise<Evaluation> {
  const predicted: number[] = [];
  const actual: number[] = [];
  for await (const { x, y } of new DataLoader(test, { batchSize: 100 })) {
    const [own, target] = await Promise.all([evaluating(model, () => noGrad(() => model.forward(x))).data(), y.data()]);
    predicted.push(...own);
    actual.push(...target);
  }
  const of = (values: readonly number[], trait: number): number[] => values.filter((_, i) => i % bigFive.length === trait);
  const scores = bigFive.map((name, trait) => [`r2${name.charAt(0).toUpperCase()}${name.slice(1)}`, r2Score(of(actual, trait), of(predicted, trait))] as const);
  return { metrics: { ...Object.fromEntries(scores), r2Least: Math.min(...scores.map(([, score]) => score)) } };
}

/** Chapter 8: from a text to five numbers about who wrote it, one for each trait, by what words they use. A regression: the mean squared error of all five. */
export const personality = /* @__PURE__ */ defineRecipe({
  name: "personality",
  title: "Five traits of a writer, from what is written",
  chapter: 8,
  task: "sequence",
  datasets: ["trait-texts"],
  inputShape: [30],
  inputDtype: "int32",
  options: {
    ...trainingOptions({ batchSize: 50, lr: 1e-2 }),
    dim: { kind: "integer", default: 32, min: 1, max: 4096, description: "numbers that stand for a word" },
  },
  next: [{ why: "a class in the place of five numbers", recipe: "sentiment-mr" }],
  samples: ({ train, test }: Readonly<Record<"train" | "test", TraitTexts>>, { tokenizers = {} }) => {
    const tokenizer = tokenizers.text ?? WordTokenizer.train(train.texts, { lowerCase: true });
    const part = ({ texts, targets }: TraitTexts) => textDataset(texts, targets, tokenizer);
    return { train: part(train), test: part(test), tokenizers: { text: tokenizer } };
  },
  model: ({ dim }, generator, tokenizers) => new BagOfEmbeddings(textTokenizer(tokenizers).vocabSize, bigFive.length, { dim, generator }),
  trainer: (model, { lr }, steps) => {
    const optimizer = new Adam(model.parameters(), { lr });
    return new Trainer({ model, optimizer, callbacks: [cosineDecay(optimizer, lr, steps)], loss: (output, target) => mseLoss(output, target) });
  },
  evaluate: explained,
});
