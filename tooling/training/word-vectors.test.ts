import { wasm } from "@dl/backend-wasm";
import { DataLoader, TensorDataset } from "@dl/data";
import { Adam, Trainer, crossEntropy, type Module } from "@dl/nn";
import {
  CBOW, SkipGram, WordVectorIndex, cbowDataset, negativeSamplingLoss, skipGramDataset, skipGramPairs, type NegativeSamplingDataset, type WordQuestion,
} from "@dl/sequence";
import { Generator, useBackend, type Tensor } from "@dl/tensor";
import { beforeAll, expect, test } from "vitest";

const PER_TOPIC = 10;
const FILLERS = 5;

/** Two topics of ten words each, and five words that come with both: every text is about one of them. */
const names = [...Array.from({ length: 2 * PER_TOPIC }, (_, i) => `${i < PER_TOPIC ? "sea" : "sky"}${i % PER_TOPIC}`), ...Array.from({ length: FILLERS }, (_, i) => `filler${i}`)];

function planted(texts: number): number[][] {
  const generator = new Generator(5);
  return Array.from({ length: texts }, (_, n) =>
    Array.from({ length: 12 }, () => (generator.uniform() < 0.3 ? 2 * PER_TOPIC + generator.int(FILLERS) : (n % 2) * PER_TOPIC + generator.int(PER_TOPIC))),
  );
}

/** Mean cosine between words of one topic, less that between words of both. */
function separation(weight: Tensor): number {
  const index = new WordVectorIndex(names, weight.detach());
  const pairs = Array.from({ length: 2 * PER_TOPIC }, (_, i) => i).flatMap((i, _, all) => all.filter((j) => j > i).map((j) => [i, j] as const));
  const mean = (same: boolean): number => {
    const chosen = pairs.filter(([i, j]) => same === (i < PER_TOPIC === j < PER_TOPIC));
    return chosen.reduce((sum, [i, j]) => sum + index.similarity(names[i], names[j]), 0) / chosen.length;
  };
  return mean(true) - mean(false);
}

type Guesser = Module & { forward(question: WordQuestion): Tensor };

async function train(model: Guesser, data: NegativeSamplingDataset): Promise<void> {
  const trainer = new Trainer({ model, optimizer: new Adam(model.parameters(), { lr: 0.02 }), loss: negativeSamplingLoss });
  await trainer.fit(new DataLoader(data, { batchSize: 256, shuffle: true, seed: 1 }), { epochs: 3 });
}

beforeAll(async () => { await useBackend(wasm({ threads: 1 })); });

test("TXT-03 skip-gram with negative sampling: cosines within a topic are above those across by ≥ .3", async () => {
  const model = new SkipGram(names.length, 16, { generator: new Generator(1) });
  await train(model, skipGramDataset(planted(300), { window: 3, negatives: 5, generator: new Generator(2) }));
  expect(separation(model.input.weight)).toBeGreaterThanOrEqual(0.3);
}, 60_000);

test("TXT-03 CBOW does, too", async () => {
  const model = new CBOW(names.length + 1, 16, { paddingIdx: names.length, generator: new Generator(1) });
  await train(model, cbowDataset(planted(900), { window: 3, negatives: 5, paddingIdx: names.length, generator: new Generator(2) }));
  expect(separation(model.input.weight.slice(0, 0, names.length))).toBeGreaterThanOrEqual(0.3);
}, 60_000);

test("TXT-03 and so does skip-gram with a softmax over the whole vocabulary", async () => {
  const { center, context } = skipGramPairs(planted(300), { window: 3 });
  const model = new SkipGram(names.length, 16, { generator: new Generator(1) });
  const column = (data: Int32Array) => ({ dtype: "int32" as const, shape: [data.length], data });
  const trainer = new Trainer<Tensor, Tensor, Tensor>({ model, optimizer: new Adam(model.parameters(), { lr: 0.02 }), loss: crossEntropy });
  await trainer.fit(new DataLoader(new TensorDataset({ x: column(center), y: column(context) }), { batchSize: 256, shuffle: true, seed: 1 }), { epochs: 3 });
  expect(separation(model.input.weight)).toBeGreaterThanOrEqual(0.3);
}, 60_000);
