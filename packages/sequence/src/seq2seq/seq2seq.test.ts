import { backward, noGrad } from "@dl/autograd";
import { Adam, Linear, Trainer } from "@dl/nn";
import { DTypeError, ShapeError, StateError, UnknownNameError, ValueError } from "@dl/registry";
import { Generator, cat, full, randint, randn, remainder, tensor } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { EncoderDecoder, RNNSeq2Seq, TransformerSeq2Seq, TransformerTokenDecoder, greedyDecode, sequenceCrossEntropy } from "./index.js";
import type { Memory, Seq2Seq } from "./index.js";
import { smallModels } from "./test-models.js";

const random = { generator: new Generator(2) };
const source = tensor([[3, 5, 2, 6, 1], [4, 1, 2, 0, 0], [5, 5, 0, 0, 0]], { dtype: "int32" });
const target = randint(1, 7, [3, 6], random);
const shifted = remainder(target.add(1), 7).to("int32");
const models = smallModels().map(([name, model]) => [name, model.eval()] as const);

function expectClose(actual: Tensor, expected: Tensor, tolerance = 1e-5): void {
  expect(actual.shape).toStrictEqual(expected.shape);
  expect(actual.sub(expected).abs().max().item()).toBeLessThan(tolerance);
}

const column = (ids: Tensor, t: number): Tensor => ids.slice(1, t, t + 1);

/** Logits of every step, one by one. */
function stepByStep(model: Seq2Seq, sources: Tensor, ids: Tensor): Tensor {
  const state = model.startDecoding(model.encode(sources));
  const logits = Array.from({ length: ids.shape[1] }, (_, t) => {
    expect(state.length).toBe(t);
    return model.decodeStep(column(ids, t), state).logits.unsqueeze(1);
  });
  return cat(logits, 1);
}

describe.each(models)("SEQ-05, TRF-10 %s", (name, model) => {
  const steps: Seq2Seq = model;

  test("logits [N, T, V]; a pair and its parts are the same", () => {
    const logits = model.forward({ source, target });
    expect(logits.shape).toStrictEqual([3, 6, 7]);
    expect(model.forward(source, target).dataSync()).toStrictEqual(logits.dataSync());
  });

  test("what comes later does not change earlier logits, bit for bit", () => {
    const changed = cat([target.slice(1, 0, 3), shifted.slice(1, 3)], 1);
    const [one, other] = [target, changed].map((ids) => model.forward(source, ids));
    expect(other.slice(1, 0, 3).dataSync()).toStrictEqual(one.slice(1, 0, 3).dataSync());
    expect(other.dataSync()).not.toStrictEqual(one.dataSync());
  });

  test("padding of the source and of the target changes nothing", () => {
    const padded = cat([source, full([3, 2], 0, { dtype: "int32" })], 1);
    expectClose(model.forward(padded, target), model.forward(source, target));
    const alone = model.forward(source.slice(0, 1, 2).slice(1, 0, 3), target.slice(0, 1, 2));
    expectClose(model.forward(source, target).slice(0, 1, 2), alone);
    const longer = cat([target, full([3, 2], 0, { dtype: "int32" })], 1);
    expectClose(model.forward(source, longer).slice(1, 0, 6), model.forward(source, target));
  });

  test("step by step is all at once, also where rows change places", () => {
    const whole = model.forward(source, target);
    expectClose(stepByStep(steps, source, target), whole);
    const rows = [2, 0, 0];
    const state = steps.startDecoding(model.encode(source));
    for (let t = 0; t < 3; t++) steps.decodeStep(column(target, t), state);
    state.selectRows(rows);
    const next = tensor(rows.map((row) => [column(target, 3).select(0, row).item()]), { dtype: "int32" });
    const { logits } = steps.decodeStep(next, state);
    rows.forEach((row, n) => { expectClose(logits.select(0, n), whole.select(0, row).select(0, 3)); });
  });

  test("attention maps add up to 1, leave padding out, and are those of the steps", () => {
    const maps = model.attentionMaps({ source, target });
    const state = steps.startDecoding(model.encode(source));
    const { attention } = steps.decodeStep(column(target, 0), state);
    if (maps === null || attention === null) {
      expect([maps, attention, name]).toStrictEqual([null, null, "LSTM, no attention"]);
      return;
    }
    const [n, heads, t, s] = maps.shape;
    expect([n, t, s]).toStrictEqual([3, 6, 5]);
    expectClose(maps.sum(3), full([3, heads, 6], 1));
    expect(maps.select(0, 2).slice(2, 2).abs().max().item()).toBe(0);
    expectClose(attention.reshape([3, heads, 5]), maps.select(2, 0));
  });

  test("a trainer takes the batches, and learns", async () => {
    const fresh = smallModels().find(([own]) => own === name)?.[1] ?? model;
    const batch = { x: { source, target }, y: shifted };
    const trainer = new Trainer({ model: fresh, optimizer: new Adam(fresh.parameters(), { lr: 0.02 }), loss: sequenceCrossEntropy });
    const losses: number[] = [];
    for (let step = 0; step < 12; step++) losses.push((await trainer.train(batch)).scores.loss);
    expect(losses[11]).toBeLessThan(0.8 * losses[0]);
  });
});

test("TRF-10 shared vectors are one parameter, which learns from source, target and output", () => {
  const model = new TransformerSeq2Seq(7, 7, { dim: 4, heads: 1, layers: 1, shared: true });
  const keys = [...model.stateDict().keys()];
  expect(keys.filter((key) => key.includes("embedding"))).toStrictEqual(["decoder.embedding.weight"]);
  expect(keys.filter((key) => key.startsWith("decoder.head"))).toStrictEqual([]);
  backward(model.forward(tensor([[6]], { dtype: "int32" }), tensor([[1]], { dtype: "int32" })).sum());
  // Id 6 stands in the source only, id 5 is only written.
  for (const id of [6, 5]) expect(model.decoder.embedding.weight.grad?.select(0, id).abs().max().item()).toBeGreaterThan(0);
});

test("SEQ-02 a decoder looks at any memory: a captioner needs an encoder and nothing else", async () => {
  class Captioner extends EncoderDecoder {
    static readonly type = "test/Captioner";
    readonly decoder = new TransformerTokenDecoder(7, 8, { heads: 2, layers: 1 });
    constructor(readonly encoder: Linear) { super([encoder]); }
    encode(image: Tensor): Memory { return { values: this.encoder.forward(image) }; }
  }
  const model = new Captioner(new Linear(3, 8));
  const image = randn([2, 4, 3], random);
  expect(model.forward({ source: image, target: target.slice(0, 0, 2) }).shape).toStrictEqual([2, 6, 7]);
  expect(model.attentionMaps({ source: image, target: target.slice(0, 0, 2) })?.shape).toStrictEqual([2, 2, 6, 4]);
  const captions = await greedyDecode(model, image, { bos: 1, eos: 2, maxLength: 5 });
  expect(captions).toHaveLength(2);
  expect(model.training).toBe(true);
});

describe("SEQ-05 what does not fit is refused", () => {
  const ids = tensor([[1, 2]], { dtype: "int32" });
  test.each<[string, () => unknown, new (...args: never[]) => Error, string]>([
    ["float ids", () => new RNNSeq2Seq(9, 7).forward(ids.to("float32"), ids), DTypeError, "Convert them"],
    ["ids without a batch", () => new TransformerSeq2Seq(9, 7).forward(ids, ids.select(0, 0)), ShapeError, "expected [N, T]"],
    ["a memory of another size", () => new TransformerTokenDecoder(7, 8).forward(ids, randn([1, 3, 4])), ShapeError, "expected a memory of shape [N, S, 8]"],
    ["padding of another size", () => new TransformerTokenDecoder(7, 8).forward(ids, { values: randn([1, 3, 8]), padding: ids.eq(0) }), ShapeError, "its padding [1, 2]"],
    ["two vocabularies that are shared", () => new TransformerSeq2Seq(9, 7, { shared: true }), ValueError, "vocabularies of 9 and 7"],
    ["an unknown option", () => new RNNSeq2Seq(9, 7, Object.fromEntries([["hiden", 3]])), UnknownNameError, "hidden"],
    ["dot with sizes that differ", () => new RNNSeq2Seq(9, 7, { attention: "dot" }), ShapeError, '"dot" multiplies'],
    ["too long a target", () => new TransformerSeq2Seq(9, 7, { maxLength: 2 }).forward(ids, tensor([[1, 2, 3]], { dtype: "int32" })), ShapeError, "maxLength 2"],
  ])("%s", (_, make, kind, message) => {
    expect(make).toThrow(kind);
    expect(make).toThrow(message);
  });

  test("a decoder whose layers are not nn's cannot go on step by step", () => {
    const decoder = new TransformerTokenDecoder(7, 8, { heads: 2, layers: 1 });
    Object.assign(decoder.decoder.layers, { 0: new Linear(8, 8) });
    expect(() => noGrad(() => decoder.start(randn([1, 3, 8])))).toThrow(StateError);
  });
});
