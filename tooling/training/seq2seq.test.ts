import { backward } from "@dl/autograd";
import { wasm } from "@dl/backend-wasm";
import { DataLoader, toyFrench } from "@dl/data";
import { bleu } from "@dl/metrics";
import { Adam } from "@dl/nn";
import { DictionaryTranslator, RNNSeq2Seq, WordTokenizer, sequenceCrossEntropy, standardSpecials, trace, translate, translationDataset } from "@dl/sequence";
import { Generator, useBackend } from "@dl/tensor";
import { beforeAll, describe, expect, test } from "vitest";

// Such small networks gain nothing from threads, and lose where other work holds the cores.
beforeAll(async () => { await useBackend(wasm({ threads: 1 })); });

describe("SEQ-05, TRF-10 toy French", () => {
  test("at least 95 % of held-out sentences are right, and those of the notes are written word by word", async () => {
    const { train, heldOut } = toyFrench({ seed: 1 });
    const tokenizers = {
      source: WordTokenizer.train(train.map(({ source }) => source), { specials: standardSpecials }),
      target: WordTokenizer.train(train.map(({ target }) => target), { specials: standardSpecials }),
    };
    const model = new RNNSeq2Seq(tokenizers.source.vocabSize, tokenizers.target.vocabSize, { dim: 64, hidden: 64, generator: new Generator(1) });
    const data = translationDataset(train, tokenizers);
    const loader = new DataLoader(data, { batchSampler: data.buckets({ batchSize: 64, bucket: 10 }), seed: 1 });
    const optimizer = new Adam(model.parameters(), { lr: 0.005 });
    for (let epoch = 0; epoch < 5; epoch++) {
      for await (const { x, y } of loader) {
        optimizer.zeroGrad();
        backward(sequenceCrossEntropy(model.forward(x), y));
        optimizer.step();
      }
    }
    const written = await translate(model, heldOut.map(({ source }) => source), tokenizers);
    const right = written.filter((text, n) => text === heldOut[n].target).length;
    expect(right / heldOut.length).toBeGreaterThanOrEqual(0.95);

    const cat = await trace(model, "The cat is on the mat", tokenizers);
    expect(cat.steps.map(({ token }) => token)).toStrictEqual(["Le", "chat", "est", "sur", "le", "tapis", "<end>"]);
    expect(cat.steps[2].read).toStrictEqual(["<start>", "Le", "chat"]);
    for (const { probability } of cat.steps) expect(probability).toBeGreaterThan(0.5);
    // To write "chat" it looks at "cat".
    const [, looksAt] = cat.steps.map(({ attention }) => attention ?? []);
    expect(cat.sourceTokens[looksAt.indexOf(Math.max(...looksAt))]).toBe("cat");
    expect((await trace(model, "A woman is running with her dog", tokenizers)).text).toBe("Une femme court avec son chien");

    const words = (text: string): string[] => text.split(" ");
    const dictionary = DictionaryTranslator.train(train.map(({ source, target }) => ({ source: words(source), target: words(target) })));
    const references = heldOut.map(({ target }) => [target]);
    expect(bleu(written, references)).toBeGreaterThan(bleu(heldOut.map(({ source }) => dictionary.translate(words(source))), references) + 0.3);
  }, 60_000);
});
