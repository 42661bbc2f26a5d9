import { ShapeError, ValueError } from "@dl/registry";
import { createReferenceBackend, tensor, useBackend } from "@dl/tensor";
import { describe, expect, expectTypeOf, test } from "vitest";
import { Dataset, randomSplit, TensorDataset } from "./index.js";

const counting = (n: number): TensorDataset =>
  new TensorDataset({
    x: { dtype: "float32", shape: [n, 2], data: Float32Array.from({ length: 2 * n }, (_, i) => i) },
    y: { dtype: "int32", shape: [n], data: Int32Array.from({ length: n }, (_, i) => i) },
  });

/** A data set that only knows how to read lists. */
class Squares extends Dataset<number[]> {
  readonly length = 10;
  batch(indices: ArrayLike<number>): number[] {
    return Array.from(indices, (i) => i * i);
  }
}

describe("TensorDataset", () => {
  test("batches copy the rows asked for, in order, with their dtypes", () => {
    const { x, y } = counting(4).batch([3, 0, 3]);
    expect(x.toArray()).toStrictEqual([[6, 7], [0, 1], [6, 7]]);
    expect(y.toArray()).toStrictEqual([3, 0, 3]);
    expect([x.dtype, y.dtype]).toStrictEqual(["float32", "int32"]);
    expect(counting(4).batch([]).x.shape).toStrictEqual([0, 2]);
  });

  test("x and y are the whole, made once per backend", async () => {
    const data = counting(3);
    expect(data.x.shape).toStrictEqual([3, 2]);
    expect(data.y.toArray()).toStrictEqual([0, 1, 2]);
    expect(data.x).toBe(data.x);
    const before = data.x;
    const other = await useBackend(createReferenceBackend());
    expect(data.x).not.toBe(before);
    expect(data.x.backend).toBe(other);
  });

  test("bytes as numbers in 0..1, whichever way they are asked for", () => {
    const y = { dtype: "int32", shape: [2], data: Int32Array.of(0, 1) } as const;
    const bytes = { dtype: "uint8", shape: [2, 2], data: Uint8Array.of(0, 51, 102, 255) } as const;
    const data = new TensorDataset({ x: bytes, y }, { bytesAsUnit: true });
    const [first, second] = [[0, Math.fround(0.2)], [Math.fround(0.4), 1]];
    expect(data.host.x.data).toBe(bytes.data);
    expect(data.x.dtype).toBe("float32");
    expect([data.x.toArray(), data.batch([1]).x.toArray(), data.take(1).x.toArray()]).toStrictEqual([[first, second], [second], [first]]);
    expect([data.subset([1]).x.toArray(), [...data.sample(1).x.data]]).toStrictEqual([[second], second]);
    expect(data.filter(({ x }) => x.data[1] === 1).x.toArray()).toStrictEqual([second]);
    const doubled = data.concat(data);
    expect([doubled.host.x.dtype, doubled.x.toArray()]).toStrictEqual(["uint8", [first, second, first, second]]);
    const numbers = new TensorDataset({ x: { dtype: "float32", shape: [1, 2], data: Float32Array.of(2, 3) }, y: { ...y, shape: [1], data: Int32Array.of(1) } });
    expect(data.concat(numbers).x.toArray()).toStrictEqual([first, second, [2, 3]]);
    expect(new TensorDataset({ x: bytes, y }).x.toArray()).toStrictEqual([[0, 51], [102, 255]]);
    expect(() => new TensorDataset(numbers.host, { bytesAsUnit: true })).toThrow("x is float32. bytesAsUnit is for uint8");
  });

  test("takes tensors", () => {
    const data = new TensorDataset({ x: tensor([[1, 2], [3, 4]]), y: tensor([5, 6], { dtype: "int32" }) });
    expect(data.length).toBe(2);
    expect(data.batch([1]).x.toArray()).toStrictEqual([[3, 4]]);
    expect(data.host.y).toStrictEqual({ dtype: "int32", shape: [2], data: Int32Array.of(5, 6) });
  });

  test("subset and take", () => {
    expect(counting(5).subset([4, 1]).y.toArray()).toStrictEqual([4, 1]);
    expect(counting(5).take(2).x.toArray()).toStrictEqual([[0, 1], [2, 3]]);
    expect(counting(5).take(0).length).toBe(0);
    expectTypeOf(counting(5).subset([0])).toEqualTypeOf<TensorDataset>();
  });

  test("rejects bad input", () => {
    const x = tensor([[1], [2]]);
    expect(() => new TensorDataset({ x, y: tensor([1]) })).toThrow(/x has 2 samples, y has 1/);
    expect(() => new TensorDataset({ x, y: tensor([1]).reshape([]) })).toThrow(ShapeError);
    expect(() => new TensorDataset({ x: { dtype: "float32", shape: [2, 2], data: new Float32Array(3) }, y: x })).toThrow(/3 elements for shape \[2, 2\]/);
    expect(() => counting(3).batch([0, 3])).toThrow(/index 3 at position 1 is not in \[0, 3\)/);
    expect(() => counting(3).subset([-1])).toThrow(ValueError);
    expect(() => counting(3).batch([0.5])).toThrow(ValueError);
    expect(() => counting(3).take(4)).toThrow(/cannot take 4 of 3 samples/);
  });
});

describe("Dataset", () => {
  test("a subset of a data set of one's own maps indices", () => {
    const part = new Squares().subset([9, 2, 3]);
    expect(part.length).toBe(3);
    expect(part.batch([2, 0])).toStrictEqual([9, 81]);
    expect(part.subset([1]).batch([0])).toStrictEqual([4]);
    expect(() => part.batch([3])).toThrow(/not in \[0, 3\)/);
    expect(() => part.subset([3])).toThrow(ValueError);
  });
});

describe("randomSplit", () => {
  const labels = (parts: TensorDataset[]): number[][] => parts.map(({ y }) => Array.from(y.dataSync()));

  test("divides by counts or fractions; every sample comes once", () => {
    for (const sizes of [[7, 2, 1], [0.7, 0.2, 0.1]]) {
      const parts = randomSplit(counting(10), sizes, { seed: 3 });
      expectTypeOf(parts).toEqualTypeOf<TensorDataset[]>();
      expect(parts.map(({ length }) => length)).toStrictEqual([7, 2, 1]);
      expect(labels(parts).flat().sort((a, b) => a - b)).toStrictEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }
  });

  test("fractions that do not come out even still use every sample", () => {
    expect(randomSplit(counting(10), [1 / 3, 1 / 3, 1 / 3]).map(({ length }) => length)).toStrictEqual([3, 4, 3]);
  });

  test("SYS-07 depends on the seed alone", () => {
    const once = labels(randomSplit(counting(50), [0.5, 0.5], { seed: 1 }));
    expect(labels(randomSplit(counting(50), [0.5, 0.5], { seed: 1 }))).toStrictEqual(once);
    expect(labels(randomSplit(counting(50), [0.5, 0.5], { seed: 2 }))).not.toStrictEqual(once);
  });

  test("rejects sizes that do not add up", () => {
    expect(() => randomSplit(counting(10), [5, 4])).toThrow(/sizes \[5, 4\] do not divide 10 samples/);
    expect(() => randomSplit(counting(10), [0.5, 0.4])).toThrow(ValueError);
    expect(() => randomSplit(counting(10), [11, -1])).toThrow(ValueError);
    expect(() => randomSplit(counting(10), [NaN, 10])).toThrow(ValueError);
  });
});
