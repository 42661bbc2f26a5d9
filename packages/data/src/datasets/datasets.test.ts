import { DTypeError, ShapeError, StateError, ValueError } from "@dl/registry";
import { tensor } from "@dl/tensor";
import fc from "fast-check";
import { describe, expect, expectTypeOf, test } from "vitest";
import { ArrayDataset, collate, createCollate, IterableDataset, MapDataset, TensorDataset, type Collated, type Dataset } from "../index.js";

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const list = async <T>(source: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const item of source) all.push(item);
  return all;
};

class Squares extends MapDataset<{ x: number; name: string }> {
  readonly length = 6;
  sample(index: number): { x: number; name: string } {
    return { x: index ** 2, name: `#${index}` };
  }
}

const xs = async (data: Dataset<{ x: { toArray(): unknown } }>, indices = range(data.length)): Promise<unknown> => (await data.batch(indices)).x.toArray();

describe("collate", () => {
  test("joins numbers, truth values, arrays, tensors, strings, objects and lists", () => {
    const sample = (i: number) => ({ n: i, b: i > 1, t: Int32Array.of(i, i), v: [i, 2 * i], h: { dtype: "uint8" as const, shape: [2, 1], data: Uint8Array.of(i, i) }, w: tensor([i]), s: `s${i}`, pair: [i, "p"] as const });
    const batch = collate([sample(1), sample(2)]);
    expectTypeOf(batch.s).toEqualTypeOf<string[]>();
    expectTypeOf<Collated<{ a: number; b: string }>>().toEqualTypeOf<{ a: ReturnType<typeof tensor>; b: string[] }>();
    expect([batch.n.toArray(), batch.n.dtype]).toStrictEqual([[1, 2], "float32"]);
    expect([batch.b.toArray(), batch.b.dtype]).toStrictEqual([[false, true], "bool"]);
    expect([batch.t.toArray(), batch.t.dtype]).toStrictEqual([[[1, 1], [2, 2]], "int32"]);
    expect(batch.v.toArray()).toStrictEqual([[1, 2], [2, 4]]);
    expect([batch.h.shape, batch.h.dtype]).toStrictEqual([[2, 2, 1], "uint8"]);
    expect(batch.w.toArray()).toStrictEqual([[1], [2]]);
    expect(batch.s).toStrictEqual(["s1", "s2"]);
    expect([batch.pair[0].toArray(), batch.pair[1]]).toStrictEqual([[1, 2], ["p", "p"]]);
  });

  test("dtypes by field, inside of others as well", () => {
    const batch = createCollate({ dtypes: { label: "int32", "box.area": "float64", t: "int32" } })([{ label: 3, box: { area: 2 }, t: tensor([1]) }]);
    expect([batch.label.dtype, batch.box.area.dtype, batch.t.dtype]).toStrictEqual(["int32", "float64", "int32"]);
  });

  test("names the sample that does not fit", () => {
    const arrays = [Float32Array.of(1, 2), Float32Array.of(1, 2), Float32Array.of(1)];
    expect(() => collate(arrays)).toThrow(ShapeError);
    expect(() => collate(arrays)).toThrow(/sample 2 has shape \[1\], sample 0 has \[2\]/);
    expect(() => collate([{ x: tensor([1]) }, { x: tensor([[1]]) }])).toThrow(/"x" of sample 1 has shape \[1, 1\]/);
    expect(() => collate<unknown>([Float32Array.of(1), Int32Array.of(1)])).toThrow(DTypeError);
    expect(() => collate<unknown>([1, "a"])).toThrow(/sample 1 is of type string, sample 0 is of type number/);
    expect(() => collate<unknown>([{ a: 1 }, { b: 1 }])).toThrow(/sample 1 has the fields b, sample 0 has a/);
    expect(() => collate<unknown>([{ a: 1 }, { a: null }])).toThrow(/"a" of sample 1 is of type null/);
    expect(() => collate([["a", "b"], ["c"]])).toThrow(/sample 1 has shape \[1\], sample 0 has \[2\]/);
    expect(() => collate([() => 1])).toThrow(/sample 0 is of type function/);
    expect(() => collate([])).toThrow(/there are no samples/);
  });
});

describe("MapDataset", () => {
  test("makes batches of samples; map, filter, take, concat, subset and mapBatches", async () => {
    const data = new Squares();
    const batch = await data.batch([3, 1]);
    expectTypeOf(batch.name).toEqualTypeOf<string[]>();
    expect([batch.x.toArray(), batch.name]).toStrictEqual([[9, 1], ["#3", "#1"]]);
    expect(await xs(data.map(({ x }, i) => ({ x: x + i })))).toStrictEqual([0, 2, 6, 12, 20, 30]);
    expect(await xs(data.filter(({ x }) => x % 2 === 1))).toStrictEqual([1, 9, 25]);
    expect(await xs(await data.filterAsync(async ({ x }) => Promise.resolve(x > 10)))).toStrictEqual([16, 25]);
    expect(await xs(data.take(2))).toStrictEqual([0, 1]);
    expect(await xs(data.take(2).concat(new Squares().subset([5]), data))).toStrictEqual([0, 1, 25, 0, 1, 4, 9, 16, 25]);
    expect(await xs(data.mapBatches(({ x }) => ({ x: x.neg() })), [2])).toStrictEqual([-4]);
    expect(await data.withCollate((samples) => samples.map(({ name }) => name)).take(2).batch([1, 0])).toStrictEqual(["#1", "#0"]);
  });

  test("waits for samples that are promises", async () => {
    const slow = new Squares().map(async ({ x }) => Promise.resolve({ x: x + 0.5 }));
    expect((await slow.batch([2, 1])).x.toArray()).toStrictEqual([4.5, 1.5]);
    expect(() => slow.filter(() => true)).toThrow(StateError);
    expect(() => slow.filter(() => true)).toThrow(/await filterAsync/);
    await expect(new Squares().map(() => Promise.reject(new Error("no disk"))).batch([0])).rejects.toThrow("no disk");
  });

  test("rejects indices and counts out of range", () => {
    const data = new Squares();
    expect(() => data.batch([6])).toThrow(/index 6 at position 0 is not in \[0, 6\)/);
    expect(() => data.take(7)).toThrow(ValueError);
    expect(() => data.subset([-1])).toThrow(ValueError);
    expect(() => data.take(3).sample(3)).toThrow(ValueError);
  });
});

describe("ArrayDataset", () => {
  test("takes any samples, and a collate function", async () => {
    const words = new ArrayDataset([{ text: "good", label: 1 }, { text: "bad", label: 0 }], { collate: createCollate({ dtypes: { label: "int32" } }) });
    const { text, label } = await words.batch([1, 0]);
    expect([text, label.toArray(), label.dtype]).toStrictEqual([["bad", "good"], [0, 1], "int32"]);
    expect(await new ArrayDataset([1, 2], { collate: (samples) => samples.length }).batch([0, 1])).toBe(2);
    expect(() => words.sample(2)).toThrow(ValueError);
    const typo: object = { colate: 1 };
    expect(() => new ArrayDataset([1], typo)).toThrow(/unknown option "colate"/);
  });
});

describe("TensorDataset", () => {
  const data = new TensorDataset({ x: tensor([[1, 2], [3, 4], [5, 6]]), y: tensor([0, 1, 0], { dtype: "int32" }) });

  test("samples are rows; filter and concat give tensor data sets", () => {
    expect(data.sample(1)).toStrictEqual({ x: { dtype: "float32", shape: [2], data: Float32Array.of(3, 4) }, y: { dtype: "int32", shape: [], data: Int32Array.of(1) } });
    const zeros = data.filter(({ y }) => y.data[0] === 0);
    expectTypeOf(zeros).toEqualTypeOf<TensorDataset>();
    expect(zeros.x.toArray()).toStrictEqual([[1, 2], [5, 6]]);
    expect(data.take(1).concat(zeros, data).y.toArray()).toStrictEqual([0, 0, 0, 0, 1, 0]);
    expect(() => data.concat(new TensorDataset({ x: tensor([[1]]), y: tensor([1], { dtype: "int32" }) }))).toThrow(/samples of x are float32 \[2\] here and float32 \[1\] in data set 1/);
  });

  test("map changes samples and joins them again", async () => {
    const { x, y } = await data.map((sample) => ({ x: { ...sample.x, data: sample.x.data.map((value) => 2 * value) }, y: sample.y })).batch([2, 0]);
    expect([x.toArray(), y.toArray(), y.dtype]).toStrictEqual([[[10, 12], [2, 4]], [0, 0], "int32"]);
  });
});

describe("IterableDataset", () => {
  const counting = (n: number): IterableDataset<number> => new IterableDataset(() => range(n));

  test("map, filter, take, skip, concat, batch", async () => {
    expect(await list(counting(5).map(async (i) => Promise.resolve(i * 2)))).toStrictEqual([0, 2, 4, 6, 8]);
    expect(await list(counting(5).filter((i) => i % 2 === 0))).toStrictEqual([0, 2, 4]);
    expect(await list(counting(5).skip(1).take(2).concat(counting(1)))).toStrictEqual([1, 2, 0]);
    expect((await list(counting(5).batch(2))).map((batch) => batch.toArray())).toStrictEqual([[0, 1], [2, 3], [4]]);
    expect(await list(counting(5).batch(2, { dropLast: true }))).toHaveLength(2);
    expect(await list(counting(5).take(0))).toStrictEqual([]);
  });

  test("reads no more than is needed, and closes what it read from", async () => {
    let [read, closed] = [0, false];
    const source = new IterableDataset(function* () {
      try {
        for (;;) yield read++;
      } finally {
        closed = true;
      }
    });
    expect(await list(source.map((i) => i + 1).take(3))).toStrictEqual([1, 2, 3]);
    expect([read, closed]).toStrictEqual([3, true]);
  });

  test("SYS-07 shuffle gives every sample once, by seed and epoch", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(40), fc.integer({ min: 1, max: 50 }), fc.nat(1000), async (n, size, seed) => {
        const shuffled = counting(n).shuffle(size, { seed });
        const order = await list(shuffled);
        expect([...order].sort((a, b) => a - b)).toStrictEqual(range(n));
        expect(await list(shuffled)).toStrictEqual(order);
        for (const [at, sample] of order.entries()) expect(at).toBeGreaterThanOrEqual(sample - size);
      }),
    );
    const shuffled = counting(50).shuffle(20, { seed: 1 });
    const epochs = await Promise.all([{ epoch: 0, seed: 0 }, { epoch: 1, seed: 0 }, { epoch: 0, seed: 1 }].map((pass) => list(shuffled.pass(pass))));
    expect(new Set([range(50), ...epochs, await list(counting(50).shuffle(20, { seed: 2 }))].map(String)).size).toBe(5);
  });

  test("rejects bad arguments", () => {
    expect(() => counting(1).take(-1)).toThrow(/count is -1/);
    expect(() => counting(1).shuffle(0)).toThrow(/size is 0/);
    expect(() => counting(1).batch(0)).toThrow(ValueError);
    expect(() => new IterableDataset(JSON.parse("[]") as () => number[])).toThrow(/open is of type object/);
  });
});
