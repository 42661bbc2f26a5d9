import { DataLoader } from "@dl/data";
import { ShapeError, UnknownNameError, ValueError } from "@dl/registry";
import { tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { CharTokenizer, WordTokenizer } from "../tokenizers/index.js";
import { textDataset } from "./index.js";

const texts = ["a b c d", "b a", "d", "c a b"];
const tokenizer = WordTokenizer.train(texts, { specials: { pad: "<pad>", unk: "<unk>" } });
const id = (word: string): number => tokenizer.idOf(word) ?? -1;
const pad = tokenizer.specials.pad ?? -1;

describe("SEQ-01 texts of different lengths in batches", () => {
  test("a batch is as long as its longest text, the others are padded at the end", async () => {
    const data = textDataset(texts, [0, 1, 2, 0], tokenizer);
    expect(data.lengths).toStrictEqual([4, 2, 1, 3]);
    const { x, y } = await data.batch([1, 2]);
    expect([x.dtype, y.dtype]).toStrictEqual(["int32", "int32"]);
    expect(x.toArray()).toStrictEqual([[id("b"), id("a")], [id("d"), pad]]);
    expect(y.toArray()).toStrictEqual([1, 2]);
    expect((await data.batch([0, 1, 2, 3])).x.shape).toStrictEqual([4, 4]);
  });

  test("texts are cut at maxLength and batches filled up to padTo; an empty text is padding", async () => {
    const { x } = await textDataset(["a b c d", ""], [0, 1], tokenizer, { maxLength: 2, padTo: 3 }).batch([0, 1]);
    expect(x.toArray()).toStrictEqual([[id("a"), id("b"), pad], [pad, pad, pad]]);
    expect((await textDataset([""], [0], tokenizer).batch([0])).x.toArray()).toStrictEqual([[pad]]);
  });

  test("SEQ-03 with bigramBuckets a pair of neighbours has an id of its own behind the vocabulary, the same wherever it stands", async () => {
    const { x } = await textDataset(["a b c", "b a b", "c"], [0, 0, 0], tokenizer, { bigramBuckets: 1000 }).batch([0, 1, 2]);
    const [abc, bab, c] = x.toArray() as number[][];
    expect(abc.slice(0, 3)).toStrictEqual([id("a"), id("b"), id("c")]);
    expect(Math.min(...abc.slice(3))).toBeGreaterThanOrEqual(tokenizer.vocabSize);
    expect(Math.max(...abc.slice(3))).toBeLessThan(tokenizer.vocabSize + 1000);
    expect(abc[3]).toBe(bab[4]);
    expect(new Set([...abc.slice(3), bab[3]]).size).toBe(3);
    expect(c).toStrictEqual([id("c"), pad, pad, pad, pad]);
  });

  test("buckets give every text once, with neighbours of its length", async () => {
    const data = textDataset(texts, [0, 1, 2, 3], tokenizer);
    const seen: number[] = [];
    const widths: number[] = [];
    for await (const { x, y } of new DataLoader(data, { batchSampler: data.buckets({ batchSize: 2 }), seed: 1 })) {
      seen.push(...y.dataSync());
      widths.push(x.shape[1]);
    }
    expect(seen.sort()).toStrictEqual([0, 1, 2, 3]);
    expect(widths.sort()).toStrictEqual([2, 4]);
  });

  test("SEQ-04 targets may be vectors, and parts keep lengths and targets", async () => {
    const data = textDataset(texts.slice(0, 2), tensor([[0.5, 1], [0, 0.25]]), tokenizer).subset([1]);
    expect(data.lengths).toStrictEqual([2]);
    expect((await data.batch([0])).y.toArray()).toStrictEqual([[0, 0.25]]);
  });

  test.each<[string, () => unknown, new (...args: never[]) => Error, string]>([
    ["too few labels", () => textDataset(texts, [1], tokenizer), ShapeError, "there are 4 texts, labels of shape [1]"],
    ["a tokenizer without padding", () => textDataset(texts, [0, 1, 2, 3], CharTokenizer.train(texts)), ValueError, "the tokenizer has no padding"],
    ["a length of 0", () => textDataset(texts, [0, 1, 2, 3], tokenizer, { maxLength: 0 }), ValueError, "maxLength is 0"],
    ["a typo", () => textDataset(texts, [0, 1, 2, 3], tokenizer, { maxLenght: 3 } as object), UnknownNameError, "maxLenght"],
    ["an index out of range", () => textDataset(texts, [0, 1, 2, 3], tokenizer).subset([4]), ValueError, "index 4 is not in [0, 4)"],
  ])("refuses %s", (_, call, error, message) => {
    expect(call).toThrow(error);
    expect(call).toThrow(message);
  });
});
