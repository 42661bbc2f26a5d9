import { backward, gradgradcheck } from "@dl/autograd";
import { DTypeError, FormatError, ShapeError, UnknownNameError, ValueError } from "@dl/registry";
import { Generator, oneHot, ones, randn, tensor } from "@dl/tensor";
import type { Nested, Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { Embedding, EmbeddingBag, parseWordVectors } from "./index.js";

const whole = (values: Nested): Tensor => tensor(values, { dtype: "int32" });

describe("TXT-01 one-hot codes", () => {
  test("the third of five words", () => {
    const words = ["ant", "bee", "bird", "cat", "dog"];
    expect(oneHot(whole(words.indexOf("bird")), 5).toArray()).toStrictEqual([0, 0, 1, 0, 0]);
  });

  test("rows add up to 1, and their product with a matrix is its embedding", () => {
    const embedding = new Embedding(5, 3, { generator: new Generator(1) });
    const index = whole([[4, 0, 2], [2, 2, 1]]);
    const codes = oneHot(index, 5);
    expect(codes.sum(-1).toArray()).toStrictEqual([[1, 1, 1], [1, 1, 1]]);
    expect(codes.to("float32").matmul(embedding.weight).toArray()).toStrictEqual(embedding.forward(index).toArray());
  });
});

describe("TXT-02 embeddings", () => {
  test("the gradient is a scatter-add: repeated ids accumulate", () => {
    const embedding = new Embedding(3, 2);
    backward(embedding.forward(whole([0, 0, 2])).sum());
    expect(embedding.weight.grad?.toArray()).toStrictEqual([[2, 2], [0, 0], [1, 1]]);
  });

  test("the row of the padding starts at 0 and gets no gradient, but has its value", () => {
    const embedding = new Embedding(3, 2, { paddingIdx: -1 });
    expect(embedding.paddingIdx).toBe(2);
    expect(embedding.weight.select(0, 2).toArray()).toStrictEqual([0, 0]);
    backward(embedding.forward(whole([0, 2, 2])).sum());
    expect(embedding.weight.grad?.toArray()).toStrictEqual([[1, 1], [0, 0], [0, 0]]);
    const given = Embedding.fromPretrained(tensor([[1, 2], [3, 4]]), { paddingIdx: 1, freeze: false });
    expect(given.forward(whole([1])).toArray()).toStrictEqual([[3, 4]]);
  });

  test("given vectors are frozen unless they are to be learnt, and a file remembers it", () => {
    const vectors = randn([4, 3], { dtype: "float64" });
    const embedding = Embedding.fromPretrained(vectors);
    expect(embedding.weight.toArray()).toStrictEqual(vectors.toArray());
    expect([embedding.weight.requiresGrad, Embedding.fromPretrained(vectors, { freeze: false }).weight.requiresGrad]).toStrictEqual([false, true]);
    expect(embedding.toJSON()).toStrictEqual({ type: "nn/Embedding", args: [4, 3, { freeze: true, dtype: "float64" }] });
    expect(EmbeddingBag.fromPretrained(vectors, { mode: "sum" }).forward(whole([[0, 1]])).toArray()).toStrictEqual(vectors.slice(0, 0, 2).sum(0, { keepDim: true }).toArray());
  });

  test("has second derivatives", () => {
    const model = new EmbeddingBag(3, 2, { mode: "sum" });
    const table = randn([3, 2], { dtype: "float64", generator: new Generator(1) });
    const weights = randn([4], { dtype: "float64", generator: new Generator(2) });
    const run = (w: Tensor, s: Tensor): Tensor => {
      Object.assign(model, { weight: w });
      return model.forward(whole([0, 2, 2, 1]), whole([0, 2]), s).square();
    };
    expect(gradgradcheck(run, [table, weights])).toBe(true);
  });

  test.each<[string, () => unknown, new (...args: never[]) => Error, string]>([
    ["an index beyond the table", () => new Embedding(3, 2).forward(whole([[0, 1], [2, 3]])), ValueError, "index 3 at position 3 is not in [0, 3)"],
    ["a negative index", () => new EmbeddingBag(3, 2).forward(whole([[0, -1]])), ValueError, "index -1 at position 1 is not in [0, 3)"],
    ["float indices", () => new Embedding(3, 2).forward(ones([2])), DTypeError, 'Convert them: index.to("int32")'],
    ["a padding beyond the table", () => new Embedding(3, 2, { paddingIdx: 3 }), ValueError, "Embedding: paddingIdx is 3 among 3 embeddings"],
    ["no vectors", () => new Embedding(0, 2), ValueError, "Embedding: numEmbeddings is 0"],
    ["vectors that are no table", () => Embedding.fromPretrained(ones([3])), ShapeError, "Embedding.fromPretrained: the vectors have shape [3]"],
    ["sparse gradients", () => new Embedding(3, 2, { sparse: true } as object), UnknownNameError, 'Embedding: unknown option "sparse"'],
    ["another mode", () => new EmbeddingBag(3, 2, { mode: "average" as "mean" }), UnknownNameError, 'EmbeddingBag: unknown mode "average"'],
    ["a line without offsets", () => new EmbeddingBag(3, 2).forward(whole([0, 1])), ShapeError, "index has shape [2], offsets are missing"],
    ["offsets that fall", () => new EmbeddingBag(3, 2).forward(whole([0, 1, 2]), whole([0, 2, 1])), ValueError, "offsets [0, 2, 1] do not cut 3 indices"],
    ["offsets that leave a beginning", () => new EmbeddingBag(3, 2).forward(whole([0, 1, 2]), whole([1])), ValueError, "offsets [1] do not cut 3 indices"],
    ["weights of a mean", () => new EmbeddingBag(3, 2).forward(whole([[0, 1]]), undefined, ones([1, 2])), ValueError, 'perSampleWeights in mode "mean". Use mode "sum".'],
    ["weights of another shape", () => new EmbeddingBag(3, 2, { mode: "sum" }).forward(whole([[0, 1]]), undefined, ones([2])), ShapeError, "perSampleWeights have shape [2], the indices [1, 2]"],
  ])("refuses %s", (_, call, error, message) => {
    expect(call).toThrow(error);
    expect(call).toThrow(message);
  });

  test("empty bags give 0", () => {
    for (const mode of ["sum", "mean", "max"] as const) {
      const bag = new EmbeddingBag(3, 2, { mode, paddingIdx: 1 });
      expect(bag.forward(whole([[1, 1]])).toArray()).toStrictEqual([[0, 0]]);
      expect(bag.forward(whole([]), whole([0, 0])).toArray()).toStrictEqual([[0, 0], [0, 0]]);
    }
  });
});

describe("TXT-02 word vectors as text", () => {
  test("GloVe's, also with spaces in a word", () => {
    const { words, vectors } = parseWordVectors("the 0.5 -1e-1\nof 1 2\n. . . 3 4\n");
    expect(words).toStrictEqual(["the", "of", ". . ."]);
    expect(Embedding.fromPretrained(vectors).forward(whole([2, 0])).toArray()).toStrictEqual([[3, 4], [0.5, Math.fround(-0.1)]]);
  });

  test("word2vec's, with its header", () => {
    const { words, vectors } = parseWordVectors("2 3\r\nking 1 2 3\r\nqueen 4 5 6\r\n");
    expect(words).toStrictEqual(["king", "queen"]);
    expect(vectors.toArray()).toStrictEqual([[1, 2, 3], [4, 5, 6]]);
    expect(parseWordVectors("a b 1 2", { dim: 2 }).words).toStrictEqual(["a b"]);
  });

  test.each([
    ["a short line", "the 1 2\nof 1", "line 2 has 2 fields for a word and 2 numbers"],
    ["a word among the numbers", "the 1 2\nof x 2", 'line 2 has "x" in place of a number'],
    ["a header that promises more", "3 2\na 1 2", "the header promises 3 words, there are 1"],
    ["nothing", "\n\n", "there is no line with a word"],
  ])("refuses %s", (_, text, message) => {
    expect(() => parseWordVectors(text)).toThrow(FormatError);
    expect(() => parseWordVectors(text)).toThrow(message);
  });
});
