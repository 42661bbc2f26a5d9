import { StateError, ValueError } from "@dl/registry";
import { isTensor, type Tensor } from "@dl/tensor";
import { describe, expect, test } from "vitest";
import { DataLoader, type BatchSource, type DataLoaderOptions } from "../../index.js";

interface Numbers {
  readonly x: Float32Array;
  readonly y: number[];
  readonly first: Float32Array;
  readonly thread: number;
}

const module = new URL("../fixtures/numbers.mjs", import.meta.url);

/** Says how many samples there are; the threads have them. */
const remote = (length: number): BatchSource<Numbers> => ({ length, batch: () => Promise.reject(new Error("read here")) });

const loaderOf = (options: object = {}, loading: DataLoaderOptions = {}): DataLoader<Numbers> =>
  new DataLoader(remote(10), { batchSize: 3, ...loading, workers: { count: 2, module, options } });

async function epoch<T>(loader: AsyncIterable<T>): Promise<T[]> {
  const batches: T[] = [];
  for await (const batch of loader) batches.push(batch);
  return batches;
}

/** The threads of this process that are alive, as Node counts them. */
const threads = (): number => process.getActiveResourcesInfo().filter((name) => name === "MessagePort" || name === "Worker").length;

describe("DataLoader with workers", () => {
  test("gives the batches of the data set in order, read by both threads", async () => {
    const batches = await epoch(loaderOf());
    expect(batches.map(({ y }) => y)).toStrictEqual([[0, 1, 2], [3, 4, 5], [6, 7, 8], [9]]);
    expect(batches[1].x).toStrictEqual(Float32Array.of(3, 6, 4, 8, 5, 10));
    const ids = batches.map(({ thread }) => thread);
    expect([ids[2], ids[3]]).toStrictEqual([ids[0], ids[1]]);
    expect(ids[0]).not.toBe(ids[1]);
    expect(ids).not.toContain(0);
  });

  test("SYS-07 the order is that of a loader without workers; it resumes in the middle of an epoch", async () => {
    const options = { shuffle: true, seed: 3 };
    const here: BatchSource<number[]> = { length: 10, batch: (indices) => Array.from(indices) };
    const wanted = await epoch(new DataLoader(here, { batchSize: 3, ...options }));
    expect((await epoch(loaderOf({}, options))).map(({ y }) => y)).toStrictEqual(wanted);
    const resumed = loaderOf({}, options);
    resumed.loadStateDict({ seed: 3, epoch: 0, position: 6 });
    expect((await epoch(resumed)).map(({ y }) => y)).toStrictEqual(wanted.slice(2));
  });

  test("hands memory over, and leaves the data set its own", async () => {
    const twice = loaderOf({}, { batchSize: 10, sampler: { length: 20, indices: () => Int32Array.from({ length: 20 }, (_, i) => i % 10) }, prefetch: 4 });
    const batches = await epoch(twice);
    for (const { x, first } of batches) {
      expect(x.buffer.byteLength).toBe(80);
      expect(first).toStrictEqual(Float32Array.of(0, 0));
      expect(first.buffer.byteLength).toBe(8);
    }
    expect(batches).toHaveLength(2);
  });

  test("tensors arrive as tensors", async () => {
    const source: BatchSource<{ x: Tensor; names: string[] }> = { length: 3, batch: () => Promise.reject(new Error("read here")) };
    const [{ x, names }] = await epoch(new DataLoader(source, { batchSize: 3, workers: { count: 1, module: new URL("../fixtures/tensors.mjs", import.meta.url) } }));
    expect(isTensor(x)).toBe(true);
    expect([x.toArray(), x.dtype, names]).toStrictEqual([[[0], [1], [2]], "int32", ["#0", "#1", "#2"]]);
  });

  test("an error in a worker reaches the loop at its place, with its message", async () => {
    const loader = loaderOf({ failAt: 4 });
    const seen: number[][] = [];
    const failing = (async () => {
      for await (const { y } of loader) seen.push(y);
    })();
    await expect(failing).rejects.toThrow(/batch 1 failed in worker 1: sample 4 is torn/);
    await expect(failing).rejects.toThrow(StateError);
    await expect(failing).rejects.toMatchObject({ details: { name: "RangeError", worker: 1 } });
    expect(seen).toStrictEqual([[0, 1, 2]]);
  });

  test("a thread that dies, a module that is missing or makes no data set, and another length are errors, too", async () => {
    await expect(epoch(loaderOf({ exitAt: 4 }))).rejects.toThrow(/worker 1 ended: it exited with code 3/);
    await expect(epoch(loaderOf({ length: 9 }))).rejects.toThrow(/the data set of worker 0 has 9 samples, the loader's has 10/);
    const from = (file: string): Promise<unknown> => epoch(new DataLoader(remote(10), { workers: { count: 1, module: new URL(file, module) } }));
    await expect(from("missing.mjs")).rejects.toThrow(/worker 0 has no data set: .*missing\.mjs/);
    await expect(from("no-default.mjs")).rejects.toThrow(/no-default\.mjs has no function as its default export/);
  });

  test("the threads end with the loop, also when it is left early or fails", async () => {
    const before = threads();
    await epoch(loaderOf());
    expect(threads()).toBe(before);
    for await (const { y } of loaderOf()) {
      expect(y).toStrictEqual([0, 1, 2]);
      expect(threads()).toBeGreaterThan(before);
      break;
    }
    expect(threads()).toBe(before);
    await expect(epoch(loaderOf({ failAt: 0 }))).rejects.toThrow("torn");
    expect(threads()).toBe(before);
  });

  test("rejects bad options", () => {
    expect(() => new DataLoader(remote(3), { workers: { count: 0, module } })).toThrow(/count is 0/);
    expect(() => new DataLoader(remote(3), { workers: { count: 1, module: "./numbers.mjs" } })).toThrow(/module is \.\/numbers\.mjs\. Give an absolute address/);
    expect(() => new DataLoader({ length: 3, sample: (i: number) => i }, { workers: { count: 1, module }, collate: (samples) => samples })).toThrow(ValueError);
  });
});
