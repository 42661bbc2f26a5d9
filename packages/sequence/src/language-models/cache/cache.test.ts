import { noGrad } from "@dl/autograd";
import { Generator, randint, tensor } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { GPT, Llama, RecurrentLM } from "../index.js";
import type { LanguageModel } from "../index.js";

const sizes = { vocabSize: 9, contextLength: 48, dim: 16, heads: 4, layers: 2 };
const seeded = { generator: new Generator(8) };
const models: [string, LanguageModel][] = [
  ["GPT", new GPT({ ...sizes, ...seeded })],
  ["GPT, sinusoidal, post-norm", new GPT({ ...sizes, ...seeded, positions: "sinusoidal", normFirst: false })],
  ["GPT, rotary", new GPT({ ...sizes, ...seeded, positions: "rotary" })],
  ["Llama", new Llama({ ...sizes, ...seeded, kvHeads: 2 })],
  ["RNN", new RecurrentLM({ vocabSize: 9, hiddenSize: 8, cell: "rnn", layers: 2, ...seeded })],
  ["LSTM", new RecurrentLM({ vocabSize: 9, hiddenSize: 8, ...seeded })],
  ["GRU", new RecurrentLM({ vocabSize: 9, hiddenSize: 8, cell: "gru", embeddingDim: 0, ...seeded })],
];

function expectClose(actual: Tensor, expected: Tensor): void {
  expect(actual.shape).toStrictEqual(expected.shape);
  expect(actual.sub(expected).abs().max().item()).toBeLessThan(1e-5);
}

const started = (model: LanguageModel): NonNullable<ReturnType<NonNullable<LanguageModel["startCache"]>>> => {
  const cache = model.startCache?.();
  if (cache === undefined) throw new Error("no cache");
  return cache;
};

describe("TRF-08 what a cache gives is what reading all again gives", () => {
  const ids = randint(0, 9, [3, 40], { generator: new Generator(1) });

  test.each(models)("in pieces of any length: %s", (_, model) => {
    noGrad(() => {
      const whole = model.forward(ids);
      const cache = started(model);
      let start = 0;
      for (const length of [5, 1, 1, 13, 1, 19]) {
        expectClose(model.forward(ids.slice(1, start, start + length), { cache }), whole.slice(1, start, start + length));
        start += length;
        expect(cache.length).toBe(start);
      }
    });
  });

  test.each(models)("the logits of the last id alone: %s", (_, model) => {
    noGrad(() => { expectClose(model.forward(ids, { lastOnly: true }), model.forward(ids).slice(1, -1)); });
  });

  test.each(models)("rows may change places, as beams do: %s", (_, model) => {
    noGrad(() => {
      const cache = started(model);
      model.forward(ids.slice(1, 0, 6), { cache });
      cache.selectRows([2, 0, 0, 1]);
      const order = tensor([2, 0, 0, 1]).dataSync();
      const expected = model.forward(ids.slice(1, 0, 7));
      const next = tensor(Array.from(order, (row) => [ids.select(0, row).select(0, 6).item()]), { dtype: "int32" });
      const logits = model.forward(next, { cache });
      order.forEach((row, n) => { expectClose(logits.select(0, n), expected.select(0, row).slice(0, 6)); });
    });
  });

  test.each(models)("padding in front changes nothing, with a cache and without: %s", (_, model) => {
    noGrad(() => {
      const [first, second] = [ids.slice(0, 0, 1).slice(1, 0, 6), ids.slice(0, 1, 2).slice(1, 0, 4)];
      const alone = [first, second].map((row) => model.forward(row));
      const padded = tensor([Array.from(first.dataSync()), [0, 0, ...second.dataSync()]], { dtype: "int32" });
      const paddingMask = tensor([[false, false, false, false, false, false], [true, true, false, false, false, false]]);
      const together = model.forward(padded, { paddingMask });
      expectClose(together.slice(0, 0, 1), alone[0]);
      expectClose(together.slice(0, 1, 2).slice(1, 2), alone[1]);
      const cache = started(model);
      model.forward(padded.slice(1, 0, 5), { cache, paddingMask: paddingMask.slice(1, 0, 5) });
      expectClose(model.forward(padded.slice(1, 5), { cache }).select(1, 0), together.select(1, 5));
    });
  });

  test("a cache is full where the context ends, and belongs to its batch", () => {
    const model = new GPT({ ...sizes, contextLength: 5 });
    noGrad(() => {
      const cache = model.startCache();
      model.forward(ids.slice(1, 0, 4), { cache });
      expect(() => model.forward(ids.slice(1, 4, 6), { cache })).toThrow("GPT: 2 ids behind 4 in the cache are more than contextLength 5");
      expect(() => model.forward(ids.slice(0, 0, 1).slice(1, 4, 5), { cache })).toThrow("the cache holds 3 rows");
    });
  });
});
