import { captionedShapes } from "@dl/data";
import { Conv2d, Linear, ReLU, Sequential } from "@dl/nn";
import { ShapeError, ValueError } from "@dl/registry";
import { Generator, rand, tensor, zeros } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { greedyDecode } from "../seq2seq/index.js";
import { standardSpecials, WordTokenizer } from "../tokenizers/index.js";
import { captionDataset, Captioner, placePositions } from "./index.js";

const generator = (): Generator => new Generator(1);

describe("SEQ-02 places of a picture", () => {
  test("rows are told in the first half, columns in the second", () => {
    const table = placePositions(zeros([1]), [2, 3], 8).toArray() as number[][];
    expect(table).toHaveLength(6);
    const second = [Math.sin(1), Math.cos(1), Math.sin(0.01), Math.cos(0.01)];
    second.forEach((value, k) => {
      expect(table[3][k]).toBeCloseTo(value, 6);
      expect(table[1][4 + k]).toBeCloseTo(value, 6);
    });
    expect(table[0]).toStrictEqual([0, 1, 0, 1, 0, 1, 0, 1]);
    expect(table[2].slice(0, 4)).toStrictEqual(table[0].slice(0, 4));
  });

  test("other sizes are refused", () => { expect(() => placePositions(zeros([1]), [2, 2], 6)).toThrow(ValueError); });
});

describe("SEQ-02 captioner", () => {
  const encoder = (): Sequential => new Sequential(new Conv2d(3, 6, 3, { stride: 2, padding: 1, generator: generator() }), new ReLU());
  const { images, captions } = captionedShapes({ samples: 4, size: 16, seed: 1 });
  const tokenizer = WordTokenizer.train(captions, { specials: standardSpecials });

  test("batches have pictures, words from <start> on, and the same one step ahead", async () => {
    const { x, y } = await captionDataset(images, captions, tokenizer).batch([2, 0]);
    expect(x.source.shape).toStrictEqual([2, 3, 16, 16]);
    expect(x.source.select(0, 1).dataSync()).toStrictEqual(images.data.slice(0, 3 * 16 * 16));
    const shown = (ids: typeof y): string => Array.from(ids.select(0, 1).dataSync(), (id) => tokenizer.tokenOf(id)).filter((word) => word !== "<pad>").join(" ");
    expect([shown(x.target), shown(y)]).toStrictEqual([`<start> ${captions[0]}`, `${captions[0]} <end>`]);
  });

  test.each(["transformer", "rnn"] as const)("a %s writes from a picture, attends to its places, and knows where they lie", async (decoder) => {
    const model = new Captioner(encoder(), 6, tokenizer.vocabSize, { dim: 8, decoder, dropout: 0, generator: generator() }).eval();
    const { x } = await captionDataset(images, captions, tokenizer).batch([0, 1]);
    expect(model.forward(x).shape).toStrictEqual([2, x.target.shape[1], tokenizer.vocabSize]);
    const maps = model.attentionMaps(x);
    expect(maps?.shape.slice(-2)).toStrictEqual([x.target.shape[1], 64]);
    expect(maps?.sum(-1).sub(1).abs().max().item()).toBeLessThan(1e-5);
    const { bos = 0, eos = 0 } = tokenizer.specials;
    const [first, second] = await greedyDecode(model, x.source, { bos, eos, maxLength: 5 });
    expect([first.ids.length <= 5, second.ids.length <= 5]).toStrictEqual([true, true]);
    // A picture of one colour gives the same features everywhere but at its rims: only positions tell its places apart.
    const flat = model.encode(zeros([1, 3, 16, 16]).add(0.5)).values.select(0, 0);
    expect(flat.select(0, 9).sub(flat.select(0, 18)).abs().max().item()).toBeGreaterThan(0.1);
  });

  test.each<[string, () => unknown, new (...args: never[]) => Error, string]>([
    ["an encoder that pools everything", () => new Captioner(new Linear(4, 6), 6, 9, { dim: 8 }).encode(rand([2, 4])), ShapeError, "the encoder gave [2, 6], not [N, 6, H, W] or [N, S, 6]"],
    ["other features", () => new Captioner(encoder(), 7, 9, { dim: 8 }).encode(rand([1, 3, 8, 8])), ShapeError, "the encoder gave [1, 6, 4, 4], not [N, 7, H, W]"],
    ["heads of an RNN", () => new Captioner(encoder(), 6, 9, { decoder: "rnn", heads: 2 }), ValueError, "heads is 2 for a recurrent decoder"],
    ["captions for other pictures", () => captionDataset(images, ["a"], tokenizer), ShapeError, "and 1 captions do not go together"],
    ["a tokenizer without ends", () => captionDataset(images, captions, WordTokenizer.train(captions)), ValueError, "begin of sequences"],
  ])("refuses %s", (_, call, error, message) => {
    expect(call).toThrow(error);
    expect(call).toThrow(message);
  });

  test("a sequence may be the source", () => {
    const model = new Captioner(new Linear(2, 6, { generator: generator() }), 6, 9, { dim: 8, generator: generator() });
    expect(model.encode(rand([2, 5, 2])).values.shape).toStrictEqual([2, 5, 8]);
    expect(model.forward(rand([2, 5, 2]), tensor([[1, 2], [1, 3]], { dtype: "int32" })).shape).toStrictEqual([2, 2, 9]);
  });
});
