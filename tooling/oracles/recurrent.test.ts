import { backward } from "@dl/autograd";
import { GRU, GRUCell, LSTM, LSTMCell, RNN, RNNCell, packPaddedSequence, padPackedSequence } from "@dl/nn";
import type { LSTMState, Module } from "@dl/nn";
import { tensor } from "@dl/tensor";
import type { Shape, Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { expectClose, fillParameters, readFixture, wave } from "./fixture.js";

interface RecurrentCase {
  readonly kind: "RNN" | "LSTM" | "GRU" | "RNNCell" | "LSTMCell" | "GRUCell";
  readonly layer: object & { readonly batchFirst?: boolean };
  readonly lengths: readonly number[] | null;
  readonly dtype: "float32" | "float64";
  readonly shapes: Readonly<Record<string, Shape>>;
}

type Named = Readonly<Record<string, Tensor>>;

const phases: Readonly<Record<string, { readonly scale: number; readonly phase: number }>> = {
  x: { scale: 1, phase: 0 },
  hidden: { scale: 0.5, phase: 1 },
  cell: { scale: 0.5, phase: 2 },
};

const stateOf = ({ hidden, cell }: Partial<LSTMState>): LSTMState | undefined => (hidden && cell ? { hidden, cell } : undefined);

/** Runs a layer on a batch, packed where there are lengths. */
function runLayer(model: RNN | LSTM | GRU, { lengths, layer }: RecurrentCase, { x, ...state }: Named): Named {
  const { batchFirst = false } = layer;
  if (lengths === null) return { ...(model instanceof LSTM ? model.forward(x, stateOf(state)) : model.forward(x, state.hidden)) };
  const packed = packPaddedSequence(x, lengths, { batchFirst, enforceSorted: false });
  const { output, ...last } = model instanceof LSTM ? model.forward(packed, stateOf(state)) : model.forward(packed, state.hidden);
  return { output: padPackedSequence(output, { batchFirst }).output, ...last };
}

function build(options: RecurrentCase): { readonly model: Module; readonly run: (inputs: Named) => Named } {
  const settings = { ...options.layer, dtype: options.dtype };
  const layers = { RNN, LSTM, GRU };
  if (options.kind === "RNN" || options.kind === "LSTM" || options.kind === "GRU") {
    const model = new layers[options.kind](3, 4, settings);
    return { model, run: (inputs) => runLayer(model, options, inputs) };
  }
  if (options.kind === "LSTMCell") {
    const model = new LSTMCell(3, 4, settings);
    return { model, run: ({ x, ...state }) => ({ ...model.forward(x, stateOf(state)) }) };
  }
  const model = options.kind === "GRUCell" ? new GRUCell(3, 4, settings) : new RNNCell(3, 4, settings);
  return { model, run: ({ x, ...state }) => ({ hidden: model.forward(x, state.hidden) }) };
}

const cases = readFixture<RecurrentCase>("recurrent");

describe("recurrent layers against PyTorch (RNN-01, RNN-06, RNN-07)", () => {
  test.each(cases.map((oracle) => [oracle.name, oracle] as const))("%s", (_, { options, tensors }) => {
    const { dtype, shapes } = options;
    const tolerance = dtype === "float64" ? 1e-10 : 1e-5;
    const { model, run } = build(options);
    fillParameters(model, 0.3);
    const inputs = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, wave(shape, { ...phases[name], dtype, requiresGrad: true })]));
    const outputs = run(inputs);
    for (const [name, value] of Object.entries(outputs)) expectClose(value, tensors[name], tolerance, name);

    const parts = Object.values(outputs).map((value, k) => value.mul(wave(value.shape, { phase: k, dtype })).sum());
    backward(parts.reduce((a, b) => a.add(b)));
    const found = [...Object.entries(inputs), ...model.namedParameters()];
    for (const [name, { grad }] of found) {
      expect(grad, `the gradient of ${name}`).not.toBeNull();
      if (grad !== null) expectClose(grad, tensors[`grad ${name}`], tolerance, `the gradient of ${name}`);
    }
    expect(Object.keys(tensors)).toHaveLength(found.length + Object.keys(outputs).length);
  });
});

describe("the course's recurrent numbers, from weights 0.05·sin(i)", () => {
  const x = tensor([[0.1, 0.2, 0.3, 0.4], [0.4, 0.3, 0.2, 0.1]], { dtype: "float64" });
  const options = { dtype: "float64" } as const;
  const count = (model: Module): number => model.parameters().reduce((sum, p) => sum + p.size, 0);

  test("RNN-01 the last hidden state of an Elman network", () => {
    const golden = tensor([[0.0209117313, -0.0157986896, -0.0104069059]], { dtype: "float64" });
    expectClose(fillParameters(new RNN(4, 3, options)).forward(x).hidden, golden, 1e-10);
    const cell = fillParameters(new RNNCell(4, 3, options));
    expectClose(cell.forward(x.slice(0, 1), cell.forward(x.slice(0, 0, 1))), golden, 1e-10);
  });

  test("RNN-06 the last hidden state of an LSTM", () => {
    const golden = tensor([[0.0217666433, -0.0283655537, -0.0337148769]], { dtype: "float64" });
    expectClose(fillParameters(new LSTM(4, 3, options)).forward(x).hidden, golden, 1e-10);
    const cell = fillParameters(new LSTMCell(4, 3, options));
    expectClose(cell.forward(x.slice(0, 1), cell.forward(x.slice(0, 0, 1))).hidden, golden, 1e-10);
  });

  test("RNN-07 the last hidden state of a GRU, which has ¾ of an LSTM's parameters", () => {
    const golden = tensor([[0.0365467794, 0.0006871495, 0.0027226405]], { dtype: "float64" });
    expectClose(fillParameters(new GRU(4, 3, options)).forward(x).hidden, golden, 1e-10);
    const cell = fillParameters(new GRUCell(4, 3, options));
    expectClose(cell.forward(x.slice(0, 1), cell.forward(x.slice(0, 0, 1))), golden, 1e-10);
    expect(count(new GRU(4, 3)) / count(new LSTM(4, 3))).toBe(3 / 4);
  });
});
