import { grad } from "@dl/autograd";
import { GRU, LSTM, RNN, crossEntropy } from "@dl/nn";
import { DTypeError, ShapeError, ValueError } from "@dl/registry";
import { Generator, ones, randn, tensor, type Nested, type Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { GPT, RecurrentLM } from "../language-models/index.js";
import { attentionMaps, gateTrace, gradientThroughTime, tokenLosses } from "./index.js";

const whole = (values: Nested): Tensor => tensor(values, { dtype: "int32" });
const wide = (shape: readonly number[], seed = 1): Tensor => randn([...shape], { dtype: "float64", generator: new Generator(seed) });
const ids = whole([[0, 2, 1, 3], [3, 3, 0, 1]]);

describe("RNN-06 gradients through time", () => {
  test("RNN-06 of a linear unit, h' = ½h + 2x, are 2·½^(T − t)", () => {
    const model = new RNN(1, 1, { nonlinearity: "relu", bias: false, dtype: "float64" });
    model.weightIhL0.assign(tensor([[2]], { dtype: "float64" }));
    model.weightHhL0.assign(tensor([[0.5]], { dtype: "float64" }));
    expect(gradientThroughTime(model, ones([4, 2, 1], { dtype: "float64" }))).toStrictEqual([0.25, 0.5, 1, 2]);
  });

  test("RNN-06 are norms of the whole Jacobian, averaged over the batch", () => {
    const model = new GRU(2, 3, { dtype: "float64", batchFirst: true, generator: new Generator(1) });
    const x = wide([2, 4, 2]);
    const leaf = x.detach();
    leaf.requiresGrad = true;
    const last = model.forward(leaf).output.select(1, -1);
    const squares = [0, 1].map((n) => [0, 1, 2].reduce((sum, unit) => {
      const [gradient] = grad(last.select(0, n).select(0, unit), [leaf], { retainGraph: true });
      return sum + gradient.select(0, n).select(0, 1).square().sum().item();
    }, 0));
    expect(gradientThroughTime(model, x)[1]).toBeCloseTo((Math.sqrt(squares[0]) + Math.sqrt(squares[1])) / 2, 12);
  });

  test("RNN-06 at T = 50 an LSTM with forget bias 1 keeps ≥ 100 times an Elman network's at t = 1", () => {
    const options = { batchFirst: true, dtype: "float64" } as const;
    const x = wide([2, 50, 4], 3);
    for (const seed of [1, 2, 3]) {
      const [lstm] = gradientThroughTime(new LSTM(4, 16, { ...options, forgetBias: 1, generator: new Generator(seed) }), x);
      const [elman] = gradientThroughTime(new RNN(4, 16, { ...options, generator: new Generator(seed) }), x);
      expect(lstm / elman).toBeGreaterThan(100);
    }
  });

  test("RNN-06 for ids of a language model, with and without learnt vectors", () => {
    for (const embeddingDim of [0, 3]) {
      const model = new RecurrentLM({ vocabSize: 4, hiddenSize: 3, embeddingDim, dropout: 0.5, generator: new Generator(1) });
      const norms = gradientThroughTime(model, ids);
      expect(norms).toHaveLength(4);
      expect(Math.min(...norms)).toBeGreaterThan(0);
      expect(gradientThroughTime(model, ids)).toStrictEqual(norms);
    }
  });

  test.each<[string, () => unknown, new (...args: never[]) => Error, string]>([
    ["a sequence without a batch", () => gradientThroughTime(new RNN(1, 1), ones([3, 1])), ShapeError, "the input has shape [3, 1]"],
    ["whole numbers", () => gradientThroughTime(new RNN(1, 1), whole([[[1]]])), DTypeError, "the input is int32"],
    ["one token", () => tokenLosses(new RecurrentLM({ vocabSize: 4, hiddenSize: 2 }), whole([[1]])), ShapeError, "none has one before it"],
    ["gates of other cells", () => gateTrace(new RecurrentLM({ vocabSize: 4, hiddenSize: 2, cell: "gru" }), ids), ValueError, "the model's cells are GRU"],
    ["a unit that is not there", () => gateTrace(new RecurrentLM({ vocabSize: 4, hiddenSize: 2 }), ids, { units: [2] }), ValueError, "unit 2 is not in [0, 2)"],
    ["a layer that is not there", () => gateTrace(new RecurrentLM({ vocabSize: 4, hiddenSize: 2 }), ids, { layer: 1 }), ValueError, "layer 1 is not in [0, 1)"],
    ["float ids", () => attentionMaps(new GPT({ vocabSize: 4, contextLength: 4, dim: 4, heads: 2, layers: 1 }), ones([1, 2])), DTypeError, "the ids are float32"],
  ])("refuses %s", (_, call, error, message) => {
    expect(call).toThrow(error);
    expect(call).toThrow(message);
  });
});

test("RNN-06 gate traces of chosen units of a language model", () => {
  const model = new RecurrentLM({ vocabSize: 4, hiddenSize: 5, layers: 2, dropout: 0.5, generator: new Generator(1) });
  const { hidden, outputGate, cell, forgetGate } = gateTrace(model, ids, { units: [4, 1] });
  expect(forgetGate.shape).toStrictEqual([2, 4, 2]);
  hidden.dataSync().forEach((value, i) => { expect(value).toBeCloseTo(outputGate.dataSync()[i] * Math.tanh(cell.dataSync()[i]), 6); });
  model.eval();
  const last = model.read(ids).state[0].select(0, 1);
  expect(hidden.select(1, -1).toArray()).toStrictEqual([0, 1].map((n) => [4, 1].map((unit) => last.dataSync()[n * 5 + unit])));
  model.train();
  expect(gateTrace(model, ids, { layer: 0 }).cell.shape).toStrictEqual([2, 4, 5]);
  expect(model.rnn.training).toBe(true);
});

describe("TRF-07 losses of tokens", () => {
  test("TRF-07 average to the cross-entropy, without dropout", () => {
    const model = new GPT({ vocabSize: 4, contextLength: 4, dim: 4, heads: 2, layers: 1, dropout: 0.5, generator: new Generator(1) });
    const losses = tokenLosses(model, ids);
    expect([losses.shape, losses.requiresGrad, model.training]).toStrictEqual([[2, 3], false, true]);
    model.eval();
    const whole = crossEntropy(model.forward(ids.slice(1, 0, 3)).flatten(0, 1), ids.slice(1, 1).flatten());
    expect(losses.mean().item()).toBeCloseTo(whole.item(), 6);
  });

  test("TRF-07 of any model: one that knows what comes has none", () => {
    const counting = { vocabSize: 4, contextLength: Infinity, forward: (given: Tensor) => tensor((given.toArray() as number[][]).map((row) => row.map((id) => [0, 1, 2, 3].map((k) => (k === id + 1 ? 50 : 0))))) };
    const [sure, surprised] = tokenLosses(counting, whole([[0, 1, 3]])).dataSync();
    expect(sure).toBeCloseTo(0, 9);
    expect(surprised).toBeCloseTo(50, 4);
  });
});

describe("TRF-03 attention maps", () => {
  test.each(["learned", "rotary"] as const)("TRF-03 rows add up to 1, nobody looks ahead, and they mix the values (%s positions)", (positions) => {
    const model = new GPT({ vocabSize: 4, contextLength: 4, dim: 8, heads: 2, layers: 2, positions, dropout: 0.5, generator: new Generator(1) });
    const maps = attentionMaps(model, ids);
    expect(maps.map(({ shape }) => shape)).toStrictEqual([[2, 2, 4, 4], [2, 2, 4, 4]]);
    for (const map of maps) {
      map.sum(-1).dataSync().forEach((sum) => { expect(sum).toBeCloseTo(1, 6); });
      map.flatten(0, 1).select(1, 0).slice(1, 1).dataSync().forEach((ahead) => { expect(ahead).toBe(0); });
    }
    // What the first layer's attention gives is its map times the values.
    model.eval();
    const { wte, wpe, h: [{ ln_1: norm, attn }] } = model.transformer;
    if (wpe !== null) return;
    const x = norm.forward(wte.forward(ids));
    const values = attn.cAttn.forward(x).slice(-1, 16).reshape([2, 4, 2, 4]).permute([0, 2, 1, 3]);
    const mixed = attn.cProj.forward(maps[0].matmul(values).permute([0, 2, 1, 3]).flatten(2));
    const expected = attn.forward(x, { offset: 0, positions: null, mask: null, isCausal: true });
    mixed.dataSync().forEach((value, i) => { expect(value).toBeCloseTo(expected.dataSync()[i], 6); });
  });
});
