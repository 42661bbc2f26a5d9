import { DTypeError, ShapeError } from "@dl/registry";
import { Generator, ones, tensor, type Nested, type Tensor } from "@dl/tensor";
import type { Module } from "@dl/nn";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BagOfEmbeddings, CharCNN, DCNN, EmbedLinear, RecurrentClassifier, TextCNN, TransformerClassifier } from "./index.js";

interface Classifier extends Module {
  forward(ids: Tensor): Tensor;
}

const V = 9;
const generator = (): { generator: Generator } => ({ generator: new Generator(1) });

const models: Readonly<Record<string, () => Classifier>> = {
  "a mean": () => new BagOfEmbeddings(V, 3, { dim: 3, ...generator() }),
  "a maximum": () => new BagOfEmbeddings(V, 3, { dim: 3, mode: "max", ...generator() }),
  EmbedLinear: () => new EmbedLinear(V, { length: 4, dim: 2, classes: 3, ...generator() }),
  TextCNN: () => new TextCNN(V, 3, { dim: 3, widths: [1, 2, 4], maps: 3, ...generator() }),
  CharCNN: () => new CharCNN(V, 3, { length: 4, dim: 3, blocks: [{ channels: 2 }], hidden: 3, ...generator() }),
  DCNN: () => new DCNN(V, 3, { dim: 4, widths: [3, 2], maps: [2, 3], top: 2, ...generator() }),
  "an RNN, last": () => new RecurrentClassifier(V, 3, { cell: "RNN", dim: 2, hidden: 3, ...generator() }),
  "an LSTM, mean": () => new RecurrentClassifier(V, 3, { dim: 2, hidden: 3, pooling: "mean", numLayers: 2, ...generator() }),
  "a GRU, max": () => new RecurrentClassifier(V, 3, { cell: "GRU", dim: 2, hidden: 3, pooling: "max", bidirectional: false, ...generator() }),
  "a GRU, attention": () => new RecurrentClassifier(V, 3, { cell: "GRU", dim: 2, hidden: 3, pooling: "attention", ...generator() }),
  "a Transformer, mean": () => new TransformerClassifier(V, 3, { dim: 4, heads: 2, numLayers: 2, dimFeedforward: 5, ...generator() }),
  "a Transformer, first": () => new TransformerClassifier(V, 3, { dim: 4, heads: 2, dimFeedforward: 5, positions: "learned", pooling: "first", ...generator() }),
};

const padTo = (text: readonly number[], length: number): number[] => [...text, ...new Array<number>(length - text.length).fill(0)];
const ids = (texts: Nested): Tensor => tensor(texts, { dtype: "int32" });
const sentences = fc.array(fc.array(fc.integer({ min: 1, max: V - 1 }), { minLength: 0, maxLength: 7 }), { minLength: 1, maxLength: 4 });

describe("SEQ-01 SEQ-03 padding changes nothing", () => {
  test.each(Object.entries(models))("%s gives a text in a batch with padding what it gives the text alone", (_, make) => {
    const model = make().eval();
    fc.assert(
      fc.property(sentences, fc.integer({ min: 1, max: 4 }), (texts, more) => {
        const longest = Math.max(...texts.map(({ length }) => length));
        const together = model.forward(ids(texts.map((text) => padTo(text, longest + more))));
        expect(together.shape).toStrictEqual([texts.length, 3]);
        texts.forEach((text, n) => {
          const alone = model.forward(ids([padTo(text, Math.max(text.length, 1))])).dataSync();
          alone.forEach((value, k) => { expect(together.dataSync()[3 * n + k]).toBeCloseTo(value, 5); });
        });
      }),
      { numRuns: 12, seed: 7 },
    );
  });

  test.each(Object.entries(models))("%s: its words do matter, and so does the seed", (_, make) => {
    const model = make().eval();
    const [a, b] = [[1, 2, 3], [4, 5, 6]].map((text) => model.forward(ids([text])).toArray());
    expect(a).not.toStrictEqual(b);
    expect(make().eval().forward(ids([[1, 2, 3]])).toArray()).toStrictEqual(a);
  });

  test.each(Object.entries(models))("%s refuses what are no ids", (_, make) => {
    const model = make();
    expect(() => model.forward(ids([1, 2]))).toThrow(ShapeError);
    expect(() => model.forward(tensor([], { shape: [2, 0], dtype: "int32" }))).toThrow(ShapeError);
    expect(() => model.forward(ones([2, 3]))).toThrow(DTypeError);
  });
});
