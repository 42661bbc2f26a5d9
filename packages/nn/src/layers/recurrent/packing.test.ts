import { gradcheck } from "@dl/autograd";
import { ShapeError, ValueError } from "@dl/registry";
import { Generator, ones, randn, tensor } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { GRU, LSTM, RNN, packPaddedSequence, packSequence, padPackedSequence, padSequence } from "./index.js";

const sequences = [[1, 2], [3], [4, 5, 6]].map((values) => tensor(values));
const options = { dtype: "float64" } as const;

describe("padding and packing", () => {
  test("pads at the end", () => {
    expect(padSequence(sequences).toArray()).toStrictEqual([[1, 3, 4], [2, 0, 5], [0, 0, 6]]);
    expect(padSequence(sequences, { batchFirst: true, paddingValue: -1 }).toArray()).toStrictEqual([[1, 2, -1], [3, -1, -1], [4, 5, 6]]);
  });

  test("packs step by step, longest first, as PyTorch", () => {
    const { data, ...rest } = packSequence(sequences, { enforceSorted: false });
    expect(data.toArray()).toStrictEqual([4, 1, 3, 5, 2, 6]);
    expect(rest).toStrictEqual({ batchSizes: [3, 2, 1], sortedIndices: [2, 0, 1], unsortedIndices: [1, 2, 0] });
    const sorted = packPaddedSequence(tensor([[[1], [2]], [[3], [0]]]), [2, 1], { batchFirst: true });
    expect(sorted).toMatchObject({ batchSizes: [2, 1], sortedIndices: null, unsortedIndices: null });
    expect(sorted.data.toArray()).toStrictEqual([[1], [3], [2]]);
  });

  test("comes back from packing", () => {
    const packed = packSequence(sequences, { enforceSorted: false });
    expect(padPackedSequence(packed, { batchFirst: true }).output.toArray()).toStrictEqual([[1, 2, 0], [3, 0, 0], [4, 5, 6]]);
    const { output, lengths } = padPackedSequence(packed, { totalLength: 4, paddingValue: 9 });
    expect(output.toArray()).toStrictEqual([[1, 3, 4], [2, 9, 5], [9, 9, 6], [9, 9, 9]]);
    expect(lengths).toStrictEqual([2, 1, 3]);
  });

  test("gradients flow through it, and none into the padding", () => {
    const x = randn([3, 2, 2], { ...options, generator: new Generator(1) });
    const round = (z: Tensor): Tensor => padPackedSequence(packPaddedSequence(z, [2, 3], { enforceSorted: false })).output;
    expect(gradcheck(round, [x])).toBe(true);
    expect(round(x).select(0, 2).select(0, 0).toArray()).toStrictEqual([0, 0]);
  });

  test.each<[string, () => unknown, new (...args: never[]) => Error, string]>([
    ["a length of 0", () => packPaddedSequence(ones([3, 2, 1]), [3, 0]), ValueError, "packPaddedSequence: sequence 1 has length 0, x of shape [3, 2, 1] has 3 steps. Give lengths from 1 to 3, and leave empty sequences out."],
    ["a length beyond the steps", () => packPaddedSequence(ones([3, 2, 1]), [4, 1]), ValueError, "sequence 0 has length 4"],
    ["too few lengths", () => packPaddedSequence(ones([3, 2, 1]), [3, 2, 1]), ShapeError, "3 lengths for 2 sequences in x of shape [3, 2, 1]. Give one length per sequence, and say batchFirst"],
    ["unsorted lengths", () => packPaddedSequence(ones([3, 2, 1]), [2, 3]), ValueError, "sequence 1 of length 3 is longer than the one before it, 2. Sort the sequences, longest first, or pass { enforceSorted: false }."],
    ["a single step", () => packPaddedSequence(ones([3]), [3]), ShapeError, "x has shape [3]"],
    ["a total length below the longest", () => padPackedSequence(packSequence(sequences.slice(0, 2)), { totalLength: 1 }), ValueError, "totalLength is 1, the longest sequence 2"],
    ["batch sizes that grow", () => padPackedSequence({ data: ones([3]), batchSizes: [1, 2], sortedIndices: null, unsortedIndices: null }), ShapeError, "batch sizes [1, 2] do not describe packed data of shape [3]"],
    ["more rows than batch sizes say", () => new RNN(1, 1).forward({ data: ones([4, 1]), batchSizes: [2, 1], sortedIndices: null, unsortedIndices: null }), ShapeError, "RNN: batch sizes [2, 1] do not describe packed data of shape [4, 1]"],
    ["packed sequences of other features", () => new RNN(2, 1).forward(packPaddedSequence(ones([2, 2, 3]), [2, 1])), ShapeError, "RNN: expected packed data of shape [.., 2], got [3, 3]"],
    ["no sequences", () => padSequence([]), ValueError, "padSequence: got no sequences"],
    ["sequences of different features", () => padSequence([ones([2, 1]), ones([2, 3])]), ShapeError, "differ outside of dim 0"],
  ])("refuses %s", (_, call, error, message) => {
    expect(call).toThrow(error);
    expect(call).toThrow(message);
  });
});

describe("SEQ-01 packed sequences give what each sequence gives alone", () => {
  const lengths = [2, 5, 1, 4];
  const deep = { ...options, numLayers: 2, bidirectional: true } as const;
  const x = randn([5, 4, 3], { ...options, generator: new Generator(3) });
  const alone = (n: number): Tensor => x.select(1, n).slice(0, 0, lengths[n]);

  function expectEqual(actual: Tensor, expected: Tensor): void {
    expect(actual.shape).toStrictEqual(expected.shape);
    expect(actual.sub(expected).abs().max().item()).toBeLessThan(1e-12);
  }

  test.each([["RNN", new RNN(3, 4, deep)], ["GRU", new GRU(3, 4, deep)], ["LSTM", new LSTM(3, 4, { ...deep, projSize: 2 })]] as const)("%s", (_, model) => {
    const { output, hidden, ...rest } = model.forward(packPaddedSequence(x, lengths, { enforceSorted: false }));
    const padded = padPackedSequence(output).output;
    lengths.forEach((length, n) => {
      const own = model.forward(alone(n));
      expectEqual(padded.select(1, n).slice(0, 0, length), own.output);
      expectEqual(hidden.select(1, n), own.hidden);
      if ("cell" in rest && "cell" in own) expectEqual(rest.cell.select(1, n), own.cell);
      if (length < 5) expect(padded.select(1, n).slice(0, length).abs().max().item()).toBe(0);
    });
  });

  test("with states of one's own, in the order of the sequences", () => {
    const model = new GRU(3, 4, { ...options, bidirectional: true });
    const state = randn([2, 4, 4], { ...options, generator: new Generator(5) });
    const { hidden } = model.forward(packPaddedSequence(x, lengths, { enforceSorted: false }), state);
    lengths.forEach((_, n) => { expectEqual(hidden.select(1, n), model.forward(alone(n), state.select(1, n)).hidden); });
  });
});
