import { ShapeError, ValueError } from "@dl/registry";
import { Generator, ones, randn, zeros } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { LearnedPE, RotaryEmbedding, SinusoidalPE } from "./index.js";

const wide = (shape: readonly number[], seed: number): Tensor => randn(shape, { dtype: "float64", generator: new Generator(seed) });

function expectRow(row: Tensor, expected: readonly number[], digits = 7): void {
  row.dataSync().forEach((value: number, i: number) => { expect(value).toBeCloseTo(expected[i], digits); });
}

describe("TRF-05 sinusoidal positions", () => {
  test("the values for d = 4", () => {
    const rows = new SinusoidalPE(3, 4, { dtype: "float64" }).forward(zeros([3, 4], { dtype: "float64" }));
    expectRow(rows.select(0, 0), [0, 1, 0, 1]);
    expectRow(rows.select(0, 1), [0.841471, 0.5403023, 0.0099998, 0.99995]);
    expectRow(rows.select(0, 2), [0.9092974, -0.4161468, 0.0199987, 0.9998]);
  });

  test("PE(p + k) is one linear map of PE(p), whatever p: a rotation of each pair", () => {
    const [dim, distance] = [6, 7];
    const table = new SinusoidalPE(60, dim, { dtype: "float64" }).table;
    for (let p = 0; p < 50; p++) {
      const [from, to] = [table.select(0, p).dataSync(), table.select(0, p + distance).dataSync()];
      for (let i = 0; i < dim; i += 2) {
        const angle = distance / 10000 ** (i / dim);
        expect(to[i]).toBeCloseTo(from[i] * Math.cos(angle) + from[i + 1] * Math.sin(angle), 12);
        expect(to[i + 1]).toBeCloseTo(from[i + 1] * Math.cos(angle) - from[i] * Math.sin(angle), 12);
      }
    }
  });

  test("are added along time in every layout, from an offset on", () => {
    const x = wide([2, 3, 4], 1);
    const byBatch = new SinusoidalPE(5, 4, { batchFirst: true, dtype: "float64" });
    const byTime = new SinusoidalPE(5, 4, { dtype: "float64" });
    expect(byTime.forward(x.transpose(0, 1)).transpose(0, 1).toArray()).toStrictEqual(byBatch.forward(x).toArray());
    expect(byTime.forward(x.select(0, 1)).toArray()).toStrictEqual(byBatch.forward(x).select(0, 1).toArray());
    expect(byBatch.forward(x.slice(1, 2), { offset: 2 }).toArray()).toStrictEqual(byBatch.forward(x).slice(1, 2).toArray());
    expect([...byTime.stateDict().keys()]).toStrictEqual([]);
  });
});

describe("TRF-05 learnt positions", () => {
  test("are a table of parameters", () => {
    const layer = new LearnedPE(4, 2, { generator: new Generator(1) });
    expect([...layer.stateDict()].map(([key, { shape }]) => [key, shape])).toStrictEqual([["weight", [4, 2]]]);
    expect(layer.forward(zeros([3, 2])).toArray()).toStrictEqual(layer.weight.slice(0, 0, 3).toArray());
    expect(new LearnedPE(500, 40, { generator: new Generator(1) }).weight.square().mean().sqrt().item()).toBeCloseTo(0.02, 3);
  });
});

describe("TRF-05 rotary positions", () => {
  test.each([true, false])("products of turned queries and keys depend on their distance only (interleaved: %s)", (interleaved) => {
    const rotary = new RotaryEmbedding(6, { maxLength: 40, interleaved, dtype: "float64" });
    const [q, k] = [wide([1, 6], 1), wide([1, 6], 2)];
    const product = (m: number, n: number): number => rotary.forward(q, { offset: m }).mul(rotary.forward(k, { offset: n })).sum().item();
    for (const shift of [1, 5, 20]) expect(product(3 + shift, 11 + shift)).toBeCloseTo(product(3, 11), 12);
    expect(product(3, 12)).not.toBeCloseTo(product(3, 11), 3);
  });

  test("turns neighbours, or the halves, by p·base^(−2i/dim)", () => {
    const x = ones([2, 4], { dtype: "float64" });
    const turned = (angle: number): readonly number[] => [Math.cos(angle) - Math.sin(angle), Math.sin(angle) + Math.cos(angle)];
    const [[a, b], [c, d]] = [turned(1), turned(0.01)];
    expectRow(new RotaryEmbedding(4, { dtype: "float64" }).forward(x).select(0, 1), [a, b, c, d], 12);
    expectRow(new RotaryEmbedding(4, { dtype: "float64", interleaved: false }).forward(x).select(0, 1), [a, c, b, d], 12);
  });
});

describe("refuses", () => {
  test.each<[string, () => unknown, new (...args: never[]) => Error, string]>([
    ["a sequence that is too long", () => new SinusoidalPE(4, 2).forward(zeros([5, 2])), ShapeError, "SinusoidalPE: positions 0 to 4 do not fit maxLength 4. Cut the sequence, or make the layer with a greater maxLength."],
    ["an offset beyond the table", () => new LearnedPE(4, 2).forward(zeros([2, 2]), { offset: 3 }), ShapeError, "LearnedPE: positions 3 to 4 do not fit maxLength 4"],
    ["a negative offset", () => new LearnedPE(4, 2).forward(zeros([2, 2]), { offset: -1 }), ValueError, "LearnedPE: offset is -1"],
    ["another dim", () => new SinusoidalPE(4, 2).forward(zeros([3, 5])), ShapeError, "SinusoidalPE: expected x of shape [T, N, 2] or [T, 2], got [3, 5]"],
    ["an odd number of features to turn", () => new RotaryEmbedding(3), ValueError, "RotaryEmbedding: dim is 3"],
    ["unsplit heads", () => new RotaryEmbedding(4).forward(zeros([2, 8])), ShapeError, "RotaryEmbedding: expected x of shape [.., T, 4], got [2, 8]"],
    ["a base of 0", () => new RotaryEmbedding(4, { base: 0 }), ValueError, "RotaryEmbedding: base is 0"],
  ])("%s", (_, call, error, message) => {
    expect(call).toThrow(error);
    expect(call).toThrow(message);
  });
});
