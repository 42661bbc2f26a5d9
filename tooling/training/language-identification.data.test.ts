import { wasm } from "@dl/backend-wasm";
import type { ThreeLanguages } from "@dl/data";
import { loadDataset } from "@dl/data/node";
import { accuracy } from "@dl/metrics";
import { crossEntropy } from "@dl/nn";
import { CharCNN, CharTokenizer, textDataset } from "@dl/sequence";
import { Generator, useBackend } from "@dl/tensor";
import { beforeAll, expect, test } from "vitest";
import { fitTexts, outputsFor } from "./fit.js";

const LENGTH = 48;

beforeAll(async () => { await useBackend(wasm({ threads: 1 })); });

/** The first sentences of each language, in turn. */
function mixed({ en, de, fr }: ThreeLanguages, sentences: number): { readonly texts: string[]; readonly labels: Int32Array } {
  const texts = Array.from({ length: sentences }, (_, i) => [en[i], de[i], fr[i]]).flat();
  return { texts, labels: Int32Array.from(texts, (_, i) => i % 3) };
}

test("TXT-05 characters as a 16 × 48 matrix tell English, German and French of Multi30k apart: at least 98 %", async () => {
  const { train, test: heldOut } = await loadDataset("multi30k");
  const [learn, check] = [mixed(train, 1000), mixed(heldOut, 1000)];
  const tokenizer = CharTokenizer.train(learn.texts, { specials: { pad: "<pad>", unk: "<unk>" } });
  const [learnSet, checkSet] = [learn, check].map(({ texts, labels }) => textDataset(texts, labels, tokenizer, { maxLength: LENGTH }));
  const generator = new Generator(1);
  const model = new CharCNN(tokenizer.vocabSize, 3, { length: LENGTH, blocks: [{ channels: 32, kernelSize: 5 }, { channels: 32 }], hidden: 32, generator });
  await fitTexts(model, learnSet, { epochs: 4, lr: 0.003, batchSize: 50, loss: crossEntropy });
  const { output, target } = await outputsFor(model, checkSet);
  expect(accuracy(await output.argmax(1).data(), await target.data())).toBeGreaterThanOrEqual(0.98);
});
