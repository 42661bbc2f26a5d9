import { wasm } from "@dl/backend-wasm";
import { bigFive, decodeNewsgroups, jokerReview, topicMessages, toyReviews, traitTexts } from "@dl/data";
import { accuracy, meanAbsoluteError, r2Score } from "@dl/metrics";
import { crossEntropy, mseLoss, Sequential } from "@dl/nn";
import { BagOfEmbeddings, EmbedLinear, OrdinalHead, ordinalLoss, ordinalPrediction, RecurrentClassifier, textDataset, TextCNN, WordTokenizer } from "@dl/sequence";
import { Generator, useBackend } from "@dl/tensor";
import { beforeAll, describe, expect, test } from "vitest";
import { fitTexts, outputsFor, type Reader } from "./fit.js";

const generator = (): { readonly generator: Generator } => ({ generator: new Generator(1) });

// Such small networks gain nothing from threads, and lose where other work holds the cores.
beforeAll(async () => { await useBackend(wasm({ threads: 1 })); });

describe("SEQ-03 sentiment of reviews with negation", () => {
  const train = toyReviews({ samples: 2000, seed: 1 });
  const heldOut = toyReviews({ samples: 500, seed: 2 });
  const tokenizer = WordTokenizer.train(train.texts);
  const sides = (reviews: typeof train) => textDataset(reviews.texts, reviews.labels, tokenizer);
  const stars = (reviews: typeof train) => textDataset(reviews.texts, reviews.stars.map((star) => star - 1), tokenizer);
  const recurrent = (outputs: number): RecurrentClassifier => new RecurrentClassifier(tokenizer.vocabSize, outputs, { cell: "GRU", dim: 24, hidden: 24, pooling: "max", dropout: 0, ...generator() });

  async function accuracyOf(model: Reader, epochs: number): Promise<number> {
    await fitTexts(model, sides(train), { epochs, lr: 0.005, batchSize: 50, loss: crossEntropy });
    const { output, target } = await outputsFor(model, sides(heldOut));
    return accuracy(await output.argmax(1).data(), await target.data());
  }

  test("a recurrent network: at least 95 % of held-out reviews, and the review of Joker is positive", async () => {
    const model = recurrent(2);
    expect(await accuracyOf(model, 4)).toBeGreaterThanOrEqual(0.95);
    const { x } = await textDataset([jokerReview.text], [jokerReview.label], tokenizer).batch([0]);
    expect(model.forward(x).argmax(1).item()).toBe(1);
  }, 60_000);

  test("convolutions over 2 to 4 words learn it as well, a bag of words does not", async () => {
    const v = tokenizer.vocabSize;
    expect(await accuracyOf(new TextCNN(v, 2, { dim: 24, widths: [2, 3, 4], maps: 24, dropout: 0.2, ...generator() }), 5)).toBeGreaterThanOrEqual(0.95);
    expect(await accuracyOf(new BagOfEmbeddings(v, 2, { dim: 24, ...generator() }), 5)).toBeLessThan(0.9);
  }, 60_000);

  test("1 to 5 stars by an ordinal head: mean absolute error at most 0.4", async () => {
    const model = new Sequential(recurrent(8), new OrdinalHead(8, 5, generator()));
    await fitTexts(model, stars(train), { epochs: 4, lr: 0.005, batchSize: 50, loss: ordinalLoss });
    const { output, target } = await outputsFor(model, stars(heldOut));
    expect(meanAbsoluteError(await ordinalPrediction(output).data(), await target.data())).toBeLessThanOrEqual(0.4);
  }, 60_000);
});

describe("SEQ-04 five traits from a text", () => {
  test("an affine layer over the mean of the words, mseLoss for each trait: R² of at least 0.9 for each on held-out texts", async () => {
    const train = traitTexts({ samples: 500, seed: 1 });
    const heldOut = traitTexts({ samples: 200, seed: 2 });
    const tokenizer = WordTokenizer.train(train.texts);
    const model = new BagOfEmbeddings(tokenizer.vocabSize, bigFive.length, { dim: 16, ...generator() });
    await fitTexts(model, textDataset(train.texts, train.targets, tokenizer), {
      epochs: 20, lr: 0.02, batchSize: 50,
      loss: (output, target) => bigFive.map((_, t) => mseLoss(output.select(1, t), target.select(1, t))).reduce((a, b) => a.add(b)),
    });
    const { output, target } = await outputsFor(model, textDataset(heldOut.texts, heldOut.targets, tokenizer));
    for (const [t, trait] of bigFive.entries()) {
      expect(r2Score(await output.select(1, t).data(), await target.select(1, t).data()), trait).toBeGreaterThanOrEqual(0.9);
    }
  }, 60_000);
});

describe("TXT-04 20 topics in the folders of 20 Newsgroups", () => {
  test("the first 40 words' 50 numbers and an affine layer: at least 90 % of held-out messages", async () => {
    const { files, groups } = topicMessages({ samples: 2500, seed: 1 });
    const [train, heldOut] = ["train", "test"].map((split) => decodeNewsgroups(files, split, groups));
    expect([train.texts.length, heldOut.texts.length]).toStrictEqual([2000, 500]);
    const tokenizer = WordTokenizer.train(train.texts);
    const [trainSet, testSet] = [train, heldOut].map(({ texts, labels }) => textDataset(texts, labels, tokenizer));
    const model = new EmbedLinear(tokenizer.vocabSize, { length: 40, dim: 50, classes: 20, ...generator() });
    await fitTexts(model, trainSet, { epochs: 10, lr: 0.003, batchSize: 50, loss: crossEntropy });
    const { output, target } = await outputsFor(model, testSet);
    expect(accuracy(await output.argmax(1).data(), await target.data())).toBeGreaterThanOrEqual(0.9);
  }, 60_000);
});
