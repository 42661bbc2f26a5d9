import { backward } from "@dl/autograd";
import { DataLoader, type Batch } from "@dl/data";
import { crossEntropy, packPaddedSequence, padPackedSequence, RNN } from "@dl/nn";
import { Generator, randn, tensor, type HostArray } from "@dl/tensor";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CausalLMDataset, eventFeatures, joinTokens, lengthMask, maskedMean, packTokens, paddingMask, padIds, SequenceDataset, VideoClips } from "./index.js";

const count = (length: number): Int32Array => Int32Array.from({ length }, (_, i) => i);
const rowsOf = ({ x, y }: Batch): unknown => [x.toArray(), y.toArray()];

describe("RNN-03, TRF-07 windows", () => {
  test('"I like deep" → "like deep learning": targets are the inputs moved on by one', () => {
    const words = ["I", "like", "deep", "learning"];
    const { x, y } = CausalLMDataset.windows(count(4), { length: 3 }).batch([0]);
    const text = (ids: ArrayLike<number>): string => Array.from(ids, (id) => words[id]).join(" ");
    expect([text(x.dataSync()), text(y.dataSync())]).toStrictEqual(["I like deep", "like deep learning"]);
  });

  test("every token but the first is a target once, as far as windows are filled", () => {
    fc.assert(fc.property(fc.integer({ min: 2, max: 60 }), fc.integer({ min: 1, max: 20 }), (size, length) => {
      fc.pre(size > length);
      const data = CausalLMDataset.windows(count(size), { length });
      const targets = Array.from({ length: data.length }, (_, n) => Array.from(data.batch([n]).y.dataSync())).flat();
      expect(targets).toStrictEqual(Array.from({ length: Math.floor((size - 1) / length) * length }, (_, i) => i + 1));
    }));
  });

  test("random ones begin anywhere, the same with the same seed", () => {
    const draw = (seed: number): CausalLMDataset => CausalLMDataset.random(count(10), { length: 3, count: 500, generator: new Generator(seed) });
    const starts = Array.from({ length: 500 }, (_, n) => draw(1).batch([n]).x.dataSync()[0]);
    expect([...new Set(starts)].sort((a, b) => a - b)).toStrictEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(rowsOf(draw(1).batch([7, 3]))).toStrictEqual(rowsOf(draw(1).batch([7, 3])));
    expect(rowsOf(draw(1).batch(count(20)))).not.toStrictEqual(rowsOf(draw(2).batch(count(20))));
  });

  test.each<[string, () => unknown, string]>([
    ["a text that is too short", () => CausalLMDataset.windows(count(3), { length: 3 }), "CausalLMDataset.windows: there are 3 tokens for windows of 3 and the token behind. Give a longer text, or a smaller length."],
    ["an index out of range", () => CausalLMDataset.windows(count(9), { length: 3 }).batch([2]), "index 2 at position 0 is not in [0, 2)"],
    ["no windows", () => CausalLMDataset.random(count(9), { length: 3, count: 0, generator: new Generator(0) }), "count is 0"],
    ["more streams than tokens", () => CausalLMDataset.streams(count(4), { streams: 4, length: 2 }), "there are 4 tokens for 4 streams of windows of 2"],
  ])("refuse %s", (_, call, message) => { expect(call).toThrow(message); });

  test("streams run on from batch to batch", async () => {
    const batches: Batch[] = [];
    for await (const batch of new DataLoader(CausalLMDataset.streams(count(12), { streams: 2, length: 2 }), { batchSize: 2 })) batches.push(batch);
    expect(batches.map(({ x }) => x.toArray())).toStrictEqual([[[0, 1], [5, 6]], [[2, 3], [7, 8]]]);
    expect(batches.map(({ y }) => y.toArray())).toStrictEqual([[[1, 2], [6, 7]], [[3, 4], [8, 9]]]);
  });

  test("texts are packed with their ends", () => {
    expect(Array.from(joinTokens([[1, 2], [], [3]], 9))).toStrictEqual([1, 2, 9, 9, 3, 9]);
    expect(packTokens([[1, 2], [], [3]], { length: 4, eos: 9 }).map((own) => Array.from(own))).toStrictEqual([[1, 2, 9, 9]]);
    expect(() => packTokens([[1]], { length: 4, eos: 9 })).toThrow("1 texts have 2 tokens with their ends");
  });
});

describe("SEQ-01 padding and masks", () => {
  test("ids are padded on either side", () => {
    expect(padIds([[1, 2, 3], [4]], { paddingIdx: 0 }).toArray()).toStrictEqual([[1, 2, 3], [4, 0, 0]]);
    expect(padIds([[1, 2, 3], [4]], { paddingIdx: 0, side: "left", length: 4 }).toArray()).toStrictEqual([[0, 1, 2, 3], [0, 0, 0, 4]]);
    expect(paddingMask(padIds([[1, 2], [4]], { paddingIdx: 0 }), 0).toArray()).toStrictEqual([[false, false], [false, true]]);
    expect(lengthMask([2, 0, 3], 3).toArray()).toStrictEqual([[true, true, false], [false, false, false], [true, true, true]]);
    expect(() => padIds([], { paddingIdx: 0 })).toThrow("there is no sequence");
    expect(() => lengthMask([4], 3)).toThrow("length 0 is 4 among 3 steps");
  });

  test("the masked loss is the mean over what is not padding, and padding gets no gradient", () => {
    const logits = randn([2, 3, 4], { generator: new Generator(1), dtype: "float64", requiresGrad: true });
    const labels = tensor([[1, 2, 0], [3, 0, 0]], { dtype: "int32" });
    const each = crossEntropy(logits.transpose(1, 2), labels, { reduction: "none" });
    const loss = maskedMean(each, lengthMask([2, 1], 3));
    const plain = [[0, 0], [0, 1], [1, 0]].reduce((sum, [n, t]) => sum + crossEntropy(logits.select(0, n).slice(0, t, t + 1), labels.select(0, n).slice(0, t, t + 1)).item() / 3, 0);
    expect(loss.item()).toBeCloseTo(plain, 12);
    backward(loss);
    const sizes = logits.grad?.abs().sum(2).toArray() as number[][];
    expect(sizes.map((row) => row.map((value) => value > 0))).toStrictEqual([[true, true, false], [true, false, false]]);
  });

  test("NaN in padding does no harm", () => {
    const values = tensor([[1, 2], [3, Number.NaN]], { requiresGrad: true });
    const mean = maskedMean(values, lengthMask([2, 1], 2));
    expect(mean.item()).toBe(2);
    backward(mean);
    expect(values.grad?.dataSync()[3]).toBe(0);
    expect(maskedMean(values, lengthMask([0, 0], 2)).item()).toBe(0);
  });

  const sample = (steps: number, y: number): { readonly x: HostArray; readonly y: HostArray } => ({
    x: { dtype: "float32", shape: [steps, 2], data: Float32Array.from({ length: 2 * steps }, (_, i) => Math.sin(i + y)) },
    y: { dtype: "float32", shape: [], data: Float32Array.of(y) },
  });

  test("a packed RNN over a batch is the loop over its samples", async () => {
    const samples = [sample(2, 1), sample(5, 2), sample(3, 3)];
    const rnn = new RNN(2, 3, { batchFirst: true });
    for await (const { x: { values, lengths, mask }, y } of new DataLoader(new SequenceDataset(samples), { batchSize: 3 })) {
      expect([values.shape, lengths, y.toArray()]).toStrictEqual([[3, 5, 2], [2, 5, 3], [1, 2, 3]]);
      expect(mask.toArray()).toStrictEqual(lengthMask([2, 5, 3], 5).toArray());
      const { hidden, output } = rnn.forward(packPaddedSequence(values, lengths, { batchFirst: true, enforceSorted: false }));
      const alone = samples.map(({ x }) => rnn.forward(tensor(x.data, { shape: [1, ...x.shape] })));
      alone.forEach((own, n) => {
        expect(hidden.select(1, n).sub(own.hidden.select(1, 0)).abs().max().item()).toBeLessThan(1e-6);
        expect(padPackedSequence(output, { batchFirst: true }).output.select(0, n).slice(0, 0, lengths[n]).sub(own.output.select(0, 0)).abs().max().item()).toBeLessThan(1e-6);
      });
    }
  });

  test("refuses empty sequences and changing features", () => {
    expect(() => new SequenceDataset([sample(0, 1)])).toThrow("sequence 0 has shape [0, 2]");
    expect(() => new SequenceDataset([sample(2, 1), { ...sample(2, 1), y: { dtype: "float32", shape: [1], data: Float32Array.of(1) } }])).toThrow("sequence 1 has x [2, 2] and y [1]");
  });
});

describe("SEQ-01 video and events", () => {
  const video = (frames: number): HostArray => ({ dtype: "float32", shape: [frames, 1, 1, 2], data: Float32Array.from({ length: 2 * frames }, (_, i) => i) });

  test("clips take frames at a distance, [N, T, C, H, W]", async () => {
    const clips = new VideoClips([video(7), video(2), video(3)], { length: 2, step: 2 });
    expect(clips).toHaveLength(3);
    const batch = await clips.batch([0, 1, 2]);
    expect(batch.shape).toStrictEqual([3, 2, 1, 1, 2]);
    expect(batch.select(4, 0).flatten(1).toArray()).toStrictEqual([[0, 4], [6, 10], [0, 4]]);
    expect(new VideoClips([video(7)], { length: 2, step: 2, stride: 1 })).toHaveLength(5);
  });

  test("clips refuse what they cannot cut", () => {
    expect(() => new VideoClips([video(2)], { length: 3 })).toThrow("no video has the 3 frames that a clip spans");
    expect(() => new VideoClips([video(2), { ...video(2), shape: [2, 2, 1, 1] }], { length: 1 })).toThrow("video 1 has shape [2, 2, 1, 1], video 0 [2, 1, 1, 2]");
  });

  test("events have the last known values, what was measured, and how long ago", () => {
    const { shape, data } = eventFeatures([{ time: 10, values: [36.5, null] }, { time: 12, values: [null, 80] }, { time: 13, values: [37, null] }]);
    expect(shape).toStrictEqual([3, 6]);
    expect(Array.from(data)).toStrictEqual([36.5, 0, 1, 0, 0, 0, 36.5, 80, 0, 1, 2, 2, 37, 80, 1, 0, 3, 1]);
  });

  test.each<[string, () => unknown, string]>([
    ["an empty record", () => eventFeatures([]), "the record has no event"],
    ["a time that goes back", () => eventFeatures([{ time: 2, values: [1] }, { time: 1, values: [1] }]), "event 1 has time 1 after 2"],
    ["another number of values", () => eventFeatures([{ time: 2, values: [1] }, { time: 3, values: [] }]), "event 1 has 0 values, event 0 has 1"],
  ])("refuse %s", (_, call, message) => { expect(call).toThrow(message); });
});
