// What the golden cases leave out: combinations of attributes, older operator sets, and refusals.
import { cat, flip, ones, stack, tensor, zeros } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { expectClose, wave } from "../../oracles/fixture.js";
import { operators } from "./index.js";
import { OnnxNode } from "./node.js";
import type { Attributes } from "./node.js";

interface Setting {
  readonly opset?: number;
  readonly outputs?: number;
}

async function compute(op: string, inputs: readonly (Tensor | undefined)[], attributes: Attributes = {}, { opset = 24, outputs = 1 }: Setting = {}): Promise<readonly Tensor[]> {
  return [await operators[op](new OnnxNode(op, inputs, attributes, opset, outputs))].flat();
}

describe("recurrences (FT-05)", () => {
  const [steps, count, size, hidden] = [4, 3, 2, 3];
  const kinds: readonly (readonly [op: string, gates: number, states: number])[] = [["RNN", 1, 1], ["GRU", 3, 1], ["LSTM", 4, 2]];

  const inputsOf = (gates: number, states: number): Tensor[] => [
    wave([steps, count, size]),
    wave([2, gates * hidden, size], { scale: 0.5, phase: 1 }),
    wave([2, gates * hidden, hidden], { scale: 0.5, phase: 2 }),
    wave([2, 2 * gates * hidden], { phase: 3 }),
    tensor([2, 4, 1], { dtype: "int32" }),
    ...Array.from({ length: states }, (_, k) => wave([2, count, hidden], { phase: 4 + k })),
  ];

  test.each(kinds)("%s over sequences of different lengths is the run of each alone", async (op, gates, states) => {
    const [x, w, r, b, lengths, ...initial] = inputsOf(gates, states);
    const [y, ...last] = await compute(op, [x, w, r, b, lengths, ...initial], { direction: "bidirectional" });
    for (const [n, length] of lengths.dataSync().entries()) {
      const own = (state: Tensor): Tensor => state.slice(1, n, n + 1);
      const alone = await compute(op, [own(x).slice(0, 0, length), w, r, b, undefined, ...initial.map(own)], { direction: "bidirectional" });
      const [output, ...states] = alone;
      expectClose(y.slice(2, n, n + 1), cat([output, zeros([steps - length, 2, 1, hidden], { dtype: "float64" })]), 1e-12);
      states.forEach((state, k) => { expectClose(own(last[k]), state, 1e-12); });
    }
  });

  test.each(kinds)("%s the other way round is the run over the sequence turned round", async (op, gates, states) => {
    const [x, w, r, b] = inputsOf(gates, states).map((input, i) => (i === 0 ? input : input.slice(0, 0, 1)));
    const [y, last] = await compute(op, [x, w, r, b], { direction: "reverse" });
    const [turnedY, turnedLast] = await compute(op, [flip(x, 0), w, r, b]);
    expectClose(y, flip(turnedY, 0), 1e-12);
    expectClose(last, turnedLast, 1e-12);
  });

  test.each(kinds)("%s of layout 1 has the batch first everywhere", async (op, gates, states) => {
    const [x, w, r, b, lengths, ...initial] = inputsOf(gates, states);
    const [y, ...last] = await compute(op, [x, w, r, b, lengths, ...initial], { direction: "bidirectional" });
    const swap = (one: Tensor): Tensor => one.transpose(0, 1);
    const [yFirst, ...lastFirst] = await compute(op, [swap(x), w, r, b, lengths, ...initial.map(swap)], { direction: "bidirectional", layout: 1 });
    expectClose(yFirst, y.permute([2, 0, 1, 3]), 1e-12);
    lastFirst.forEach((state, k) => { expectClose(state, swap(last[k]), 1e-12); });
  });

  test("peepholes of 0 change nothing, others do", async () => {
    const [x, w, r, b, , ...initial] = inputsOf(4, 2);
    const way = { direction: "bidirectional" };
    const [plain] = await compute("LSTM", [x, w, r, b, undefined, ...initial], way);
    const [closed] = await compute("LSTM", [x, w, r, b, undefined, ...initial, zeros([2, 3 * hidden])], way);
    const [open] = await compute("LSTM", [x, w, r, b, undefined, ...initial, ones([2, 3 * hidden])], way);
    expectClose(closed, plain, 1e-12);
    expect(open.sub(plain).abs().max().item()).toBeGreaterThan(0.01);
  });

  test("RNN takes the functions of our cells", async () => {
    const [x, w, r] = inputsOf(1, 1);
    const [y] = await compute("RNN", [x, w, r], { direction: "bidirectional", activations: ["Tanh", "Relu"] });
    const [both] = await compute("RNN", [x, w, r], { direction: "bidirectional" });
    expectClose(y.select(1, 0), both.select(1, 0), 0);
    expectClose(y.select(1, 1), y.select(1, 1).relu(), 0);
  });

  test.each([
    ["LSTM", { activations: ["Sigmoid", "Relu", "Tanh"] }, "activations are sigmoid, relu, tanh"],
    ["GRU", { clip: 3 }, "clip is set"],
    ["LSTM", { input_forget: 1 }, "input_forget couples the gates"],
    ["RNN", { direction: "sideways" }, 'direction "sideways" is unknown'],
  ])("%s with %o is refused", async (op, attributes, message) => {
    const [x, w, r] = inputsOf(op === "LSTM" ? 4 : 3, 1).map((input, i) => (i === 0 ? input : input.slice(0, 0, 1)));
    await expect(compute(op, [x, w, r], attributes)).rejects.toThrow(message);
  });
});

describe("attention (FT-05)", () => {
  const query = wave([2, 4, 3, 2]);
  const [key, value] = [wave([2, 2, 5, 2], { phase: 1 }), wave([2, 2, 5, 3], { phase: 2 })];
  const short = tensor([[0.5, -1, 0, 2], [-Infinity, 0, 0, -Infinity], [0, 1, 2, 3]], { dtype: "float64" });

  test.each<[string, Tensor | undefined, Tensor | undefined, Attributes]>([
    ["nothing barred", undefined, undefined, {}],
    ["a float mask that ends early", short, undefined, { scale: 0.3 }],
    ["a bool mask and causality", short.gt(-1), undefined, { is_causal: 1 }],
    ["padding and a window", short, tensor([5, 3], { dtype: "int32" }), { left_window_size: 1, right_window_size: 1 }],
  ])("in one op and step by step: %s", async (_, mask, lengths, attributes) => {
    const inputs = [query, key, value, mask, undefined, undefined, lengths];
    const [whole] = await compute("Attention", inputs, attributes, { opset: 25 });
    const [stepwise, , , weights] = await compute("Attention", inputs, { ...attributes, qk_matmul_output_mode: 3 }, { opset: 25, outputs: 4 });
    expectClose(stepwise, whole, 1e-12);
    const reached = weights.sum(-1);
    expect(reached.sub(reached.gt(0.5).to("float64")).abs().max().item()).toBeLessThan(1e-12);
  });

  test("three dims without a number of heads are refused", async () => {
    await expect(compute("Attention", [query.select(1, 0), key.select(1, 0), value.select(1, 0)])).rejects.toThrow('"q_num_heads" is missing');
  });
});

describe("older operator sets (FT-05)", () => {
  const x = wave([2, 4, 3]);

  test("weights of GroupNormalization stood for groups before 21", async () => {
    const [weight, bias] = [tensor([2, 3], { dtype: "float64" }), tensor([0.5, -1], { dtype: "float64" })];
    const wide = (values: Tensor): Tensor => stack([values, values], 1).flatten();
    const [old] = await compute("GroupNormalization", [x, weight, bias], { num_groups: 2 }, { opset: 18 });
    const [recent] = await compute("GroupNormalization", [x, wide(weight), wide(bias)], { num_groups: 2 }, { opset: 21 });
    expectClose(old, recent, 0);
  });

  test("TopK had k as an attribute before 10", async () => {
    const [values, indices] = await compute("TopK", [tensor([3, 1, 2])], { k: 2 }, { opset: 9 });
    expect([values.toArray(), indices.toArray()]).toEqual([[3, 2], [0, 2]]);
  });
});

describe("formulas (FT-05)", () => {
  test("LRN over an even number of neighbours has the odd one after the channel", async () => {
    const x = tensor([[[1], [2], [3]]]);
    const [y] = await compute("LRN", [x], { size: 2, alpha: 2, beta: 1, bias: 1 });
    expectClose(y, tensor([[[1 / (1 + 1 + 4)], [2 / (1 + 4 + 9)], [3 / (1 + 9)]]]), 1e-6);
  });

  test("bits are those of a two's complement", async () => {
    const a = [0, -1, 2 ** 31 - 1, -(2 ** 31), 123456789, -987654321];
    const b = [-1, -1, -(2 ** 31), -(2 ** 31), -5, 1 << 20];
    const bits = async (op: string): Promise<number[]> => Array.from((await compute(op, [tensor(Int32Array.from(a)), tensor(Int32Array.from(b))]))[0].dataSync());
    expect(await bits("BitwiseAnd")).toEqual(a.map((one, i) => one & b[i]));
    expect(await bits("BitwiseOr")).toEqual(a.map((one, i) => one | b[i]));
    expect(await bits("BitwiseXor")).toEqual(a.map((one, i) => one ^ b[i]));
    expect(await bits("BitwiseNot")).toEqual(a.map((one) => ~one));
  });

  test("Unique in the order of first occurrence, along an axis", async () => {
    const x = tensor([[3, 1], [0, 2], [3, 1], [0, 0]]);
    const [values, firsts, places, counts] = await compute("Unique", [x], { axis: 0, sorted: 0 });
    expect(values.toArray()).toEqual([[3, 1], [0, 2], [0, 0]]);
    expect([firsts, places, counts].map((one) => one.toArray())).toEqual([[0, 1, 3], [0, 1, 0, 2], [2, 1, 1]]);
  });

  test("zero points of MatMulInteger stand per row of a and per column of b", async () => {
    const [a, b] = [tensor([[1, 2], [3, 4]], { dtype: "uint8" }), tensor([[5, 6], [7, 8]], { dtype: "uint8" })];
    const [y] = await compute("MatMulInteger", [a, b, tensor([1, 2], { dtype: "uint8" }), tensor([5, 8], { dtype: "uint8" })]);
    expect(y.toArray()).toEqual([[2, 0], [4, -2]]);
  });
});
