import { backward, grad, gradcheck, gradgradcheck } from "@dl/autograd";
import { ShapeError, UnknownNameError, ValueError } from "@dl/registry";
import { Generator, cat, manualSeed, ones, randn, zeros } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import type { Module } from "../../module/index.js";
import { Elman, GRU, GRUCell, LSTM, LSTMCell, RNN, RNNCell } from "./index.js";

const count = (model: Module): number => model.parameters().reduce((sum, p) => sum + p.size, 0);
const wide = (shape: readonly number[], seed = 1): Tensor => randn(shape, { dtype: "float64", generator: new Generator(seed) });
const options = { dtype: "float64" } as const;

function expectSame(actual: Tensor, expected: Tensor, digits = 12): void {
  expect(actual.shape).toStrictEqual(expected.shape);
  const wanted = expected.dataSync();
  actual.dataSync().forEach((value: number, i: number) => { expect(value).toBeCloseTo(wanted[i], digits); });
}

describe("parameters", () => {
  test("RNN-04 U, W, V, b and c add up to hn + hh + h + oh + o", () => {
    const generator = new Generator(4);
    for (let round = 0; round < 20; round++) {
      const [n, h, o] = [1, 2, 3].map(() => 1 + generator.int(9));
      const table = new Elman(n, h, o).paramTable();
      expect(table.map(({ symbol }) => symbol).join("")).toBe("UWbVc");
      expect(table.reduce((sum, row) => sum + row.count, 0)).toBe(h * n + h * h + h + o * h + o);
    }
    expect(new Elman(4, 3, 2).paramTable()[0]).toStrictEqual({ symbol: "U", role: "input → hidden", key: "rnn.weight_ih_l0", shape: [3, 4], count: 12 });
    expect(new RNN(4, 3).paramTable().map(({ symbol, count: size }) => [symbol, size])).toStrictEqual([["U", 12], ["W", 9], ["b", 3], ["b", 3]]);
  });

  test("RNN-05 4 inputs, 3 hidden units and 2 outputs make 32 parameters; PyTorch's second bias 35", () => {
    expect(new Elman(4, 3, 2).paramTable().map((row) => row.count)).toStrictEqual([12, 9, 3, 6, 2]);
    expect([count(new Elman(4, 3, 2)), count(new Elman(4, 3, 2, { bias: "double" }))]).toStrictEqual([32, 35]);
    expect([count(new LSTM(4, 3)), count(new GRU(4, 3))]).toStrictEqual([108, 81]);
    expect(count(new GRU(4, 3, { resetAfter: false }))).toBe(81);
  });

  test("have PyTorch's keys and shapes", () => {
    const shapes = (model: Module): object => Object.fromEntries([...model.stateDict()].map(([key, { shape }]) => [key, shape]));
    expect(shapes(new LSTM(2, 4, { numLayers: 2, bidirectional: true, projSize: 3, bias: false }))).toStrictEqual({
      weight_ih_l0: [16, 2], weight_hh_l0: [16, 3], weight_hr_l0: [3, 4],
      weight_ih_l0_reverse: [16, 2], weight_hh_l0_reverse: [16, 3], weight_hr_l0_reverse: [3, 4],
      weight_ih_l1: [16, 6], weight_hh_l1: [16, 3], weight_hr_l1: [3, 4],
      weight_ih_l1_reverse: [16, 6], weight_hh_l1_reverse: [16, 3], weight_hr_l1_reverse: [3, 4],
    });
    expect(shapes(new GRU(2, 3))).toStrictEqual({ weight_ih_l0: [9, 2], weight_hh_l0: [9, 3], bias_ih_l0: [9], bias_hh_l0: [9] });
    expect(shapes(new RNN(2, 3, { bias: "single" }))).toStrictEqual({ weight_ih_l0: [3, 2], weight_hh_l0: [3, 3], bias_ih_l0: [3] });
    expect(shapes(new GRUCell(2, 3))).toStrictEqual({ weight_ih: [9, 2], weight_hh: [9, 3], bias_ih: [9], bias_hh: [9] });
  });

  test("start from U(−1/√H, 1/√H), forget gates where they are told to", () => {
    const model = new LSTM(3, 16, { generator: new Generator(1) });
    const largest = Math.max(...model.parameters().map((p) => p.abs().max().item()));
    expect(largest).toBeLessThanOrEqual(0.25);
    expect(largest).toBeGreaterThan(0.24);
    const remembering = new LSTM(3, 2, { forgetBias: 1, numLayers: 2 });
    const forget = (bias: Tensor | undefined): unknown => bias?.slice(0, 2, 4).toArray();
    expect([forget(remembering.biasIhL1), forget(remembering.biasHhL1)]).toStrictEqual([[1, 1], [0, 0]]);
    expect(new LSTMCell(3, 2, { forgetBias: 3, bias: "single" }).biasIh?.slice(0, 2, 4).toArray()).toStrictEqual([3, 3]);
  });
});

describe("states", () => {
  test.each([["RNN", new RNN(3, 4, options)], ["GRU", new GRU(3, 4, { ...options, numLayers: 2 })]] as const)("%s goes on from where it stopped", (_, model) => {
    const x = wide([5, 2, 3]);
    const whole = model.forward(x);
    const first = model.forward(x.slice(0, 0, 2));
    const rest = model.forward(x.slice(0, 2), first.hidden);
    expectSame(cat([first.output, rest.output]), whole.output);
    expectSame(rest.hidden, whole.hidden);
  });

  test("LSTM takes its own result as a state", () => {
    const model = new LSTM(3, 4, { ...options, projSize: 2, batchFirst: true });
    const x = wide([2, 5, 3]);
    const first = model.forward(x.slice(1, 0, 3));
    const rest = model.forward(x.slice(1, 3), first);
    const whole = model.forward(x);
    expectSame(cat([first.output, rest.output], 1), whole.output);
    expectSame(rest.cell, whole.cell);
  });

  test("a single sequence needs no batch", () => {
    const model = new LSTM(3, 4, { ...options, bidirectional: true });
    const x = wide([5, 3]);
    const [alone, batched] = [model.forward(x), model.forward(x.unsqueeze(1))];
    expectSame(alone.output, batched.output.squeeze(1));
    expectSame(alone.cell, batched.cell.squeeze(1));
    expectSame(model.forward(x, { hidden: zeros([2, 4], options), cell: zeros([2, 4], options) }).hidden, alone.hidden);
  });

  test("cells repeat what the layer does", () => {
    const layer = new GRU(3, 4, { ...options, resetAfter: false });
    const cell = new GRUCell(3, 4, { ...options, resetAfter: false });
    cell.loadStateDict(new Map([...layer.stateDict()].map(([key, value]) => [key.replace("_l0", ""), value])));
    const x = wide([3, 2, 3]);
    let hidden: Tensor | undefined;
    for (let t = 0; t < 3; t++) hidden = cell.forward(x.select(0, t), hidden);
    expectSame(hidden ?? x, layer.forward(x).output.select(0, 2));
  });

  test("dropout comes between layers, in training only", () => {
    const x = ones([2, 1, 3]);
    const model = new RNN(3, 8, { numLayers: 2, dropout: 0.5 });
    const run = (): unknown => { manualSeed(1); return model.forward(x).output.toArray(); };
    const trained = run();
    expect(run()).toStrictEqual(trained);
    model.eval();
    expect(run()).not.toStrictEqual(trained);
    expect(run()).toStrictEqual(model.forward(x).output.toArray());
    const seeded = (): unknown => new GRU(3, 4, { numLayers: 2, dropout: 0.5, generator: new Generator(1) }).forward(x).output.toArray();
    expect(seeded()).toStrictEqual(seeded());
  });
});

describe("gradients", () => {
  test("RNN-07 both variants of the GRU equal their numeric gradients", () => {
    for (const resetAfter of [true, false]) {
      const model = new GRU(2, 3, { ...options, resetAfter, generator: new Generator(2) });
      expect(gradcheck((x, h) => model.forward(x, h).output, [wide([3, 2, 2]), wide([1, 2, 3], 3)])).toBe(true);
    }
  });

  test("RNN-07 without the reset after the product, the gate works on the hidden state", () => {
    const model = new GRU(1, 1, { ...options, resetAfter: false });
    model.loadStateDict({
      weight_ih_l0: ones([3, 1], options), weight_hh_l0: ones([3, 1], options).mul(2), bias_ih_l0: zeros([3], options), bias_hh_l0: ones([3], options),
    });
    const [x, h] = [0.5, -0.25];
    const sigmoid = (v: number): number => 1 / (1 + Math.exp(-v));
    const gate = sigmoid(x + 2 * h + 1);
    const candidate = Math.tanh(x + 2 * gate * h + 1);
    const { hidden } = model.forward(ones([1, 1, 1], options).mul(x), ones([1, 1, 1], options).mul(h));
    expect(hidden.item()).toBeCloseTo((1 - gate) * candidate + gate * h, 12);
  });

  test("second derivatives of an LSTM", () => {
    const model = new LSTM(1, 2, { ...options, bidirectional: true, generator: new Generator(2) });
    expect(gradgradcheck((x) => model.forward(x).output, [wide([3, 1, 1])])).toBe(true);
  });

  test("RNN-06 after 50 steps an LSTM that starts by remembering keeps 100 times the gradient of an Elman network", () => {
    const x = wide([50, 1, 4]);
    const first = (model: RNN | LSTM): number => {
      const input = x.detach();
      input.requiresGrad = true;
      const { output } = model.forward(input);
      const [gradient] = grad(output.select(0, 49).sum(), [input]);
      return gradient.select(0, 0).square().sum().sqrt().item();
    };
    for (const seed of [1, 2, 3]) {
      const generator = (): Generator => new Generator(seed);
      const ratio = first(new LSTM(4, 16, { ...options, forgetBias: 1, generator: generator() })) / first(new RNN(4, 16, { ...options, generator: generator() }));
      expect(ratio).toBeGreaterThan(100);
    }
  });

  test("many steps cost no more than their number: the gradient of 2,000 is done at once", () => {
    const model = new RNN(1, 1, { generator: new Generator(1) });
    const { output } = model.forward(ones([2000, 1, 1]));
    backward(output.sum());
    expect(model.weightIhL0.grad?.item()).not.toBeNaN();
  });
});

describe("RNN-06 gate traces", () => {
  test("show how the cell came about", () => {
    const model = new LSTM(2, 3, { ...options, numLayers: 2, bidirectional: true, batchFirst: true });
    const x = wide([2, 4, 2]);
    const traces = model.trace(x);
    expect(traces.map(({ layer, isReverse }) => [layer, isReverse])).toStrictEqual([[0, false], [0, true], [1, false], [1, true]]);
    for (const { isReverse, forgetGate, inputGate, candidate, outputGate, cell, hidden } of traces) {
      const empty = zeros([2, 1, 3], options);
      const before = isReverse ? cat([cell.slice(1, 1), empty], 1) : cat([empty, cell.slice(1, 0, 3)], 1);
      expectSame(cell, forgetGate.mul(before).add(inputGate.mul(candidate)));
      expectSame(hidden, outputGate.mul(cell.tanh()));
    }
    expectSame(cat([traces[2].hidden, traces[3].hidden], -1), model.forward(x).output);
    expect(traces[0].cell.requiresGrad).toBe(false);
    expect(model.trace(x.select(0, 0))[0].cell.shape).toStrictEqual([4, 3]);
  });
});

describe("refuses", () => {
  const lstm = new LSTM(3, 4);
  const state = { hidden: zeros([1, 2, 4]), cell: zeros([1, 2, 5]) };
  test.each<[string, () => unknown, new (...args: never[]) => Error, string]>([
    ["other features", () => lstm.forward(ones([5, 2, 7])), ShapeError, "LSTM: expected x of shape [T, N, 3] or [T, 3], got [5, 2, 7]. Give 3 features per step, at least one step, or make the layer with inputSize 7."],
    ["a cell of another size", () => lstm.forward(ones([5, 2, 3]), state), ShapeError, "LSTM: the cell has shape [1, 2, 5], not [1, 2, 4]. Give [numLayers · directions, N, size]"],
    ["a state of another batch", () => lstm.forward(ones([5, 3, 3]), { hidden: zeros([1, 2, 4]), cell: zeros([1, 2, 4]) }), ShapeError, "the hidden state has shape [1, 2, 4], not [1, 3, 4]"],
    ["a state with a batch for a sequence without", () => lstm.forward(ones([5, 3]), { hidden: zeros([1, 2, 4]), cell: zeros([1, 2, 4]) }), ShapeError, "not [1, 4]. Give [numLayers · directions, size]"],
    ["no steps", () => lstm.forward(ones([0, 2, 3])), ShapeError, "got [0, 2, 3]"],
    ["a scalar", () => new RNN(1, 1).forward(ones([1])), ShapeError, "RNN: expected x of shape [T, N, 1] or [T, 1], got [1]"],
    ["a cell's other features", () => new RNNCell(3, 2).forward(ones([2, 4])), ShapeError, "RNNCell: expected x of shape [N, 3] or [3], got [2, 4]. Give one step at a time: x.select(0, t)."],
    ["a cell's state of another size", () => new GRUCell(3, 2).forward(ones([2, 3]), ones([2, 3])), ShapeError, "GRUCell: the hidden state has shape [2, 3], not [2, 2]"],
    ["no layers", () => new RNN(3, 4, { numLayers: 0 }), ValueError, "RNN: numLayers is 0"],
    ["no hidden units", () => new GRU(3, 0), ValueError, "GRU: hiddenSize is 0"],
    ["dropout behind a single layer", () => new GRU(3, 4, { dropout: 0.5 }), ValueError, "GRU: dropout is 0.5 with a single layer"],
    ["a projection that is none", () => new LSTM(3, 4, { projSize: 4 }), ValueError, "LSTM: projSize 4 is not below hiddenSize 4"],
    ["a forget bias without biases", () => new LSTM(3, 4, { bias: false, forgetBias: 1 }), ValueError, "LSTM: forgetBias is 1 without biases"],
    ["another bias", () => new RNN(3, 4, { bias: "triple" as "double" }), UnknownNameError, 'RNN: bias is "triple"'],
    ["another non-linearity", () => new RNN(3, 4, { nonlinearity: "relo" as "relu" }), UnknownNameError, 'RNN: unknown non-linearity "relo". Did you mean "relu"?'],
    ["an unknown option", () => new GRU(3, 4, { projSize: 2 } as object), UnknownNameError, 'GRU: unknown option "projSize"'],
  ])("%s", (_, call, error, message) => {
    expect(call).toThrow(error);
    expect(call).toThrow(message);
  });
});
