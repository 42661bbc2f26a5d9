import { backward, noGrad } from "@dl/autograd";
import { Embedding, Linear, padSequence } from "@dl/nn";
import { ShapeError, StateError, ValueError } from "@dl/registry";
import { Generator, cat, kMaxPool1d, randn, tensor, zeros, type Nested, type Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { kMaxOfEach } from "./dynamic-k-max.js";
import { AttentionPool, BagOfEmbeddings, CharCNN, DCNN, EmbedLinear, RecurrentClassifier, TextCNN, TransformerClassifier } from "./index.js";
import { dropWords } from "./word-dropout.js";

const ids = (texts: Nested): Tensor => tensor(texts, { dtype: "int32" });
const generator = (): { generator: Generator } => ({ generator: new Generator(3) });

describe("SEQ-03 bags and places", () => {
  test("a bag does not know the order, and its mean is over the words alone", () => {
    const model = new BagOfEmbeddings(5, 2, { dim: 3, ...generator() });
    const [there, back] = [[1, 4, 2], [2, 1, 4]].map((text) => model.forward(ids([text])).dataSync());
    there.forEach((value, k) => { expect(back[k]).toBeCloseTo(value, 6); });
    const rows = model.embedding.weight.detach();
    const mean = rows.select(0, 1).add(rows.select(0, 3)).div(2);
    const byHand = model.fc.forward(mean.unsqueeze(0)).dataSync();
    model.forward(ids([[1, 3, 0]])).dataSync().forEach((value, k) => { expect(value).toBeCloseTo(byHand[k], 6); });
  });

  test("TXT-04 the first s words' vectors are [B, s·50], and go into 20 classes; later words are not read", () => {
    const model = new EmbedLinear(30, { length: 6, ...generator() });
    const batch = ids([[1, 2, 3, 4, 5, 6, 7, 8], [9, 8, 7, 6, 5, 4, 3, 2]]);
    expect(model.features(batch).shape).toStrictEqual([2, 300]);
    expect(model.fc.weight.shape).toStrictEqual([20, 300]);
    expect(model.forward(batch).shape).toStrictEqual([2, 20]);
    expect(model.features(batch).select(0, 1).slice(0, 50, 100).toArray()).toStrictEqual(model.embedding.weight.select(0, 8).toArray());
    expect(model.forward(ids([[1, 2, 3, 4, 5, 6, 29, 29]])).toArray()).toStrictEqual(model.forward(batch.slice(0, 0, 1)).toArray());
  });
});

describe("SEQ-03 TextCNN", () => {
  test("is the maximum over windows of words, counted out by hand", () => {
    const model = new TextCNN(4, 1, { dim: 1, widths: [2], maps: 1, dropout: 0 });
    model.embedding = Embedding.fromPretrained(tensor([[0], [1], [-2], [5]]), { paddingIdx: 0 });
    model.convs[0].weight.assign(tensor([[[2, 3]]]));
    model.convs[0].bias?.assign(tensor([0.5]));
    // Windows of "1 -2 5": ·1, 1·-2, -2·5, 5· → 3, -4, 11, 10; plus 0.5.
    expect(model.features(ids([[1, 2, 3], [1, 0, 0], [2, 0, 0]])).toArray()).toStrictEqual([[11.5], [3.5], [0]]);
  });

  test("given vectors are static or learnt, that of the padding is 0, and with two channels only the second learns", () => {
    const vectors = randn([5, 2], generator());
    const learns = (options: Parameters<typeof TextCNN.fromPretrained>[2]): (boolean | undefined)[] => {
      const model = TextCNN.fromPretrained(vectors, 2, { maps: 2, ...options });
      expect(model.embedding.weight.select(0, 0).toArray()).toStrictEqual([0, 0]);
      expect(model.embedding.weight.slice(0, 1).toArray()).toStrictEqual(vectors.slice(0, 1).toArray());
      expect(Object.keys(model.toJSON().children ?? {})).toContain("embedding");
      backward(model.forward(ids([[1, 2, 3]])).sum());
      return [model.embedding.weight.grad !== null, model.embedding2 === null ? undefined : model.embedding2.weight.grad !== null];
    };
    expect(learns({})).toStrictEqual([true, undefined]);
    expect(learns({ vectors: "static" })).toStrictEqual([false, undefined]);
    expect(learns({ multichannel: true })).toStrictEqual([false, true]);
    expect(() => TextCNN.fromPretrained(vectors.flatten(), 2)).toThrow(ShapeError);
  });

  test("two channels add up what the same convolution gives for each", () => {
    const model = new TextCNN(4, 1, { dim: 1, widths: [1], maps: 1, multichannel: true });
    model.embedding = Embedding.fromPretrained(tensor([[0], [1], [2], [3]]));
    model.embedding2 = Embedding.fromPretrained(tensor([[0], [10], [20], [30]]));
    model.convs[0].weight.assign(tensor([[[2]]]));
    model.convs[0].bias?.assign(tensor([1]));
    expect(model.features(ids([[1, 3]])).toArray()).toStrictEqual([[67]]);
  });

  test.each<[string, () => unknown, string]>([
    ["no widths", () => new TextCNN(4, 2, { widths: [] }), "there are no widths"],
    ["a width of 0", () => new TextCNN(4, 2, { widths: [2, 0] }), "a width is 0"],
    ["a first width below top", () => new DCNN(4, 2, { widths: [3, 5] }), "the first width is 3, below top 4"],
    ["a dim that cannot be folded", () => new DCNN(4, 2, { dim: 6 }), "dim is 6, which 2 layers cannot halve"],
    ["widths without maps", () => new DCNN(4, 2, { widths: [7] }), "there are 1 widths and 2 maps"],
    ["pools that leave nothing", () => new CharCNN(4, 2, { length: 7 }), "3 blocks leave 0 of 7 places"],
    ["another pooling", () => new RecurrentClassifier(4, 2, { pooling: "first" as "last" }), 'pooling is "first"'],
    ["a word limit of 0", () => new EmbedLinear(4, { length: 0 }), "length is 0"],
  ])("refuses %s", (_, call, message) => {
    expect(call).toThrow(ValueError);
    expect(call).toThrow(message);
  });
});

describe("TXT-05 CharCNN", () => {
  test.each([[5], [24], [40]])("a text of %i characters is a matrix of exactly 16 × s, a column for each character", (length) => {
    const model = new CharCNN(30, 3, { length: 24, ...generator() });
    const text = Array.from({ length }, (_, i) => 1 + (i % 29));
    const matrix = model.matrix(ids([text]));
    expect(matrix.shape).toStrictEqual([1, 16, 24]);
    const column = (t: number): Nested => matrix.select(2, t).squeeze(0).toArray();
    expect(column(3)).toStrictEqual(model.embedding.weight.select(0, 4).toArray());
    expect(column(23)).toStrictEqual(model.embedding.weight.select(0, length < 24 ? 0 : text[23]).toArray());
  });

  test("blocks halve what they see, and the affine layer takes what is left", () => {
    const model = new CharCNN(30, 3, { length: 24, blocks: [{ channels: 5 }, { channels: 7, pool: 3 }], hidden: 9 });
    expect(model.blocks.forward(model.matrix(ids([[1, 2, 3]]))).shape).toStrictEqual([1, 7, 4]);
    expect(model.forward(ids([[1, 2, 3]])).shape).toStrictEqual([1, 3]);
  });
});

describe("TXT-06 the dynamic k-max pooling of DCNN", () => {
  test("the example of the course, and sequences with a length and a k of their own", () => {
    const line = [3, 71, 9, 2, 1, 19, 27, 13, 6, 49];
    const x = tensor([[line], [line]], { requiresGrad: true });
    const pooled = kMaxOfEach(x, [10, 6], [4, 2]);
    expect(pooled.toArray()).toStrictEqual([[[71, 19, 27, 49]], [[71, 19, 0, 0]]]);
    backward(pooled.sum());
    expect(x.grad?.toArray()).toStrictEqual([[[0, 1, 0, 0, 0, 1, 1, 0, 0, 1]], [[0, 1, 0, 0, 0, 1, 0, 0, 0, 0]]]);
  });

  test("is kMaxPool1d where all are alike, also below 0 and with ties", () => {
    const x = cat([randn([2, 3, 8], generator()).sub(2), zeros([1, 3, 8])]);
    expect(kMaxOfEach(x, [8, 8, 8], [3, 3, 3]).toArray()).toStrictEqual(kMaxPool1d(x, 3).toArray());
  });

  test("one layer of one row pair by hand: wide convolution, folding, 2-max, tanh", () => {
    const model = new DCNN(4, 1, { dim: 2, widths: [2], maps: [1], top: 2, dropout: 0 });
    model.embedding.weight.assign(tensor([[0, 0], [1, 0], [0, 2], [-1, 1]]));
    model.convs[0].weight.assign(tensor([[[1, 2]], [[0, 1]]]));
    model.convs[0].bias?.assign(tensor([0.25, -0.25]));
    // Rows 1 0 -1 and 0 2 1: convolved 2 1 -2 -1 and 0 2 1 0, together 2 3 -1 -1.
    const [[[a, b]]] = model.features(ids([[1, 2, 3]])).toArray() as number[][][];
    expect([a, b]).toStrictEqual([Math.tanh(2), Math.tanh(3)].map((value): unknown => expect.closeTo(value, 5)));
  });
});

describe("SEQ-03 RecurrentClassifier", () => {
  test("pools what a loop over single texts gives: last, mean and maximum", () => {
    const texts = [[1, 2, 3, 4], [4, 1], [2]];
    const padded = padSequence(texts.map((text) => ids(text)), { batchFirst: true });
    for (const pooling of ["last", "mean", "max"] as const) {
      const model = new RecurrentClassifier(5, 2, { cell: "GRU", dim: 2, hidden: 3, pooling, ...generator() }).eval();
      if (!("resetAfter" in model.rnn)) throw new Error("not a GRU");
      const { rnn } = model;
      const single = (text: number[]): Tensor => {
        const { output, hidden } = rnn.forward(model.embedding.forward(ids([text])));
        if (pooling === "last") return hidden.reshape([1, 6]);
        return pooling === "mean" ? output.mean(1) : output.max(1);
      };
      const expected = cat(texts.map(single)).dataSync();
      model.features(padded).dataSync().forEach((value, i) => { expect(value).toBeCloseTo(expected[i], 5); });
    }
  });

  test("attention's weights are shares of the words, and padding has none", () => {
    const model = new RecurrentClassifier(6, 2, { dim: 3, hidden: 2, pooling: "attention", ...generator() }).eval();
    const weights = noGrad(() => model.attentionWeights(ids([[1, 2, 3, 0, 0], [5, 0, 0, 0, 0]])));
    expect(weights.shape).toStrictEqual([2, 5]);
    expect(weights.sum(1).toArray()).toStrictEqual([expect.closeTo(1, 5), expect.closeTo(1, 5)]);
    expect(weights.slice(1, 3).toArray()).toStrictEqual([[0, 0], [0, 0]]);
    expect(weights.select(0, 1).slice(0, 0, 1).item()).toBeCloseTo(1, 6);
    expect(() => new RecurrentClassifier(6, 2).attentionWeights(ids([[1]]))).toThrow(StateError);
  });

  test("an attention pool with a query of 0 is the mean", () => {
    const pool = new AttentionPool(3, 2, generator());
    pool.query.assign(zeros([2]));
    const x = randn([2, 4, 3], generator());
    pool.forward(x).dataSync().forEach((value, i) => { expect(value).toBeCloseTo(x.mean(1).dataSync()[i], 6); });
  });
});

describe("SEQ-03 word dropout", () => {
  test("leaves words out as often as it says, the same ones for the same seed", () => {
    const texts = ids(Array.from({ length: 50 }, () => [5, 6, 7, 8]));
    const drop = (): number[] => Array.from(dropWords(texts, { training: true, wordDropout: 0.3, paddingIdx: 0, generator: new Generator(1) }).dataSync());
    const values = drop();
    const left = values.filter((value) => value === 0).length / 200;
    expect(left).toBeGreaterThan(0.2);
    expect(left).toBeLessThan(0.4);
    values.forEach((value, i) => { if (value !== 0) expect(value).toBe(5 + (i % 4)); });
    expect(drop()).toStrictEqual(values);
  });

  test("with probability 1 nothing is left in training, and in evaluation everything", () => {
    const options = { dim: 2, dropout: 0, wordDropout: 1, ...generator() };
    for (const model of [new BagOfEmbeddings(5, 2, options), new TextCNN(5, 2, options)]) {
      const [a, b] = [[1, 2], [3, 4]].map((text) => ids([text]));
      expect(model.forward(a).toArray()).toStrictEqual(model.forward(b).toArray());
      model.eval();
      expect(model.forward(a).toArray()).not.toStrictEqual(model.forward(b).toArray());
    }
    expect(() => new TextCNN(5, 2, { wordDropout: 1.5 })).toThrow(ValueError);
    expect(() => new BagOfEmbeddings(5, 2, { wordDropout: -1 })).toThrow(ValueError);
  });
});

describe("SEQ-03 TransformerClassifier", () => {
  test("order counts through the positions alone", () => {
    for (const positions of ["sinusoidal", "learned"] as const) {
      const model = new TransformerClassifier(6, 2, { dim: 4, heads: 2, dimFeedforward: 4, positions, ...generator() }).eval();
      const run = (text: number[]): number[] => Array.from(model.forward(ids([text])).dataSync());
      expect(Math.abs(run([1, 2, 3])[0] - run([3, 1, 2])[0])).toBeGreaterThan(1e-4);
      Object.assign(model, { positions: { forward: (x: Tensor) => x } });
      run([1, 2, 3]).forEach((value, k) => { expect(run([3, 1, 2])[k]).toBeCloseTo(value, 5); });
    }
  });

  test("refuses texts beyond maxLength", () => {
    expect(() => new TransformerClassifier(6, 2, { maxLength: 3 }).forward(ids([[1, 2, 3, 4]]))).toThrow(ShapeError);
  });

  test("classifiers end in an affine layer of their classes", () => {
    expect(new TransformerClassifier(6, 7, { dim: 8 }).fc).toBeInstanceOf(Linear);
  });
});
