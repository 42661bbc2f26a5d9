import { UnknownNameError, ValueError } from "@dl/registry";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ArrayDataset, BucketBatchSampler, DataLoader, IterableDataset, RandomSampler, WeightedRandomSampler, type BatchSource, type DataLoaderOptions, type DataLoaderState } from "../index.js";

/** Samples that are their own index. */
const numbers = (length: number): BatchSource<number[]> => ({ length, batch: (indices) => Array.from(indices) });

async function epoch<T>(loader: AsyncIterable<T>): Promise<T[]> {
  const batches: T[] = [];
  for await (const batch of loader) batches.push(batch);
  return batches;
}

describe("DataLoader", () => {
  test("goes through the samples in order, the last batch as small as it is", async () => {
    const loader = new DataLoader(numbers(5), { batchSize: 2 });
    expect(loader.length).toBe(3);
    expect(await epoch(loader)).toStrictEqual([[0, 1], [2, 3], [4]]);
    expect(await epoch(loader)).toStrictEqual([[0, 1], [2, 3], [4]]);
  });

  test("dropLast leaves the small one out", async () => {
    const loader = new DataLoader(numbers(5), { batchSize: 2, dropLast: true });
    expect(loader.length).toBe(2);
    expect(await epoch(loader)).toStrictEqual([[0, 1], [2, 3]]);
    expect(await epoch(new DataLoader(numbers(1), { batchSize: 2, dropLast: true }))).toStrictEqual([]);
    expect(await epoch(new DataLoader(numbers(0)))).toStrictEqual([]);
  });

  test("SYS-07 shuffles anew each epoch, by the seed alone", async () => {
    const make = (seed: number): DataLoader<number[]> => new DataLoader(numbers(30), { batchSize: 7, shuffle: true, seed });
    const loader = make(1);
    const [first, second] = [await epoch(loader), await epoch(loader)];
    expect(first.flat()).not.toStrictEqual(second.flat());
    expect(first.flat().sort((a, b) => a - b)).toStrictEqual(Array.from({ length: 30 }, (_, i) => i));
    const again = make(1);
    expect([await epoch(again), await epoch(again)]).toStrictEqual([first, second]);
    expect(await epoch(make(2))).not.toStrictEqual(first);
  });

  test("SYS-07 a run resumed at any batch continues as an uninterrupted one", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({ n: fc.integer({ min: 1, max: 20 }), batchSize: fc.integer({ min: 1, max: 7 }), dropLast: fc.boolean(), prefetch: fc.nat(3), stop: fc.nat(12) }),
        async ({ n, batchSize, dropLast, prefetch, stop }) => {
          const make = (seed: number): DataLoader<number[]> => new DataLoader(numbers(n), { batchSize, dropLast, prefetch, shuffle: true, seed });
          const seen: number[][] = [];
          const states: DataLoaderState[] = [];
          const run = make(5);
          for (let e = 0; e < 3; e++) {
            states.push(run.stateDict());
            for await (const batch of run) {
              seen.push(batch);
              states.push(run.stateDict());
            }
          }
          const state = JSON.parse(JSON.stringify(states[stop % states.length])) as DataLoaderState;
          const resumed = make(9);
          resumed.loadStateDict(state);
          const rest: number[][] = [];
          for (let e = state.epoch; e < 3; e++) rest.push(...(await epoch(resumed)));
          expect(seen.slice(seen.length - rest.length)).toStrictEqual(rest);
          expect(rest).toHaveLength(run.length * (3 - state.epoch) - Math.ceil(state.position / batchSize));
          expect(resumed.stateDict()).toStrictEqual(run.stateDict());
        },
      ),
    );
  });

  test("a loop that was left early is over: the next one is the next epoch", async () => {
    const loader = new DataLoader(numbers(9), { batchSize: 2, shuffle: true, seed: 4 });
    const whole = new DataLoader(numbers(9), { batchSize: 2, shuffle: true, seed: 4 });
    const first = await epoch(whole);
    for await (const batch of loader) {
      expect(batch).toStrictEqual(first[0]);
      expect(loader.stateDict()).toStrictEqual({ seed: 4, epoch: 0, position: 2 });
      break;
    }
    expect(await epoch(loader)).toStrictEqual(await epoch(whole));
    expect(loader.stateDict()).toStrictEqual({ seed: 4, epoch: 2, position: 0 });
  });

  test("two loops at once do not disturb each other", async () => {
    const loader = new DataLoader(numbers(4), { batchSize: 2 });
    const outer: number[][] = [];
    for await (const batch of loader) {
      outer.push(batch);
      expect(await epoch(loader)).toStrictEqual([[0, 1], [2, 3]]);
    }
    expect(outer).toStrictEqual([[0, 1], [2, 3]]);
  });

  test("asks for `prefetch` batches ahead, no more, and keeps their order", async () => {
    for (const prefetch of [0, 1, 3]) {
      let asked = 0;
      const slow: BatchSource<number> = {
        length: 8,
        batch: async (indices) => {
          asked++;
          await new Promise((resolve) => setTimeout(resolve, (8 - indices[0]) % 3));
          return indices[0];
        },
      };
      const taken: number[] = [];
      for await (const batch of new DataLoader(slow, { prefetch })) {
        taken.push(batch);
        expect(asked).toBeLessThanOrEqual(taken.length + prefetch);
      }
      expect(taken).toStrictEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    }
  });

  test("a batch that fails ends the loop at its place, and only if it is taken", async () => {
    const failing: BatchSource<number> = {
      length: 4,
      batch: ([index]: ArrayLike<number> & Iterable<number>) => (index === 2 ? Promise.reject(new Error("no sample 2")) : index),
    };
    const loader = new DataLoader(failing, { prefetch: 3 });
    const taken: number[] = [];
    await expect(async () => {
      for await (const batch of loader) taken.push(batch);
    }).rejects.toThrow("no sample 2");
    expect(taken).toStrictEqual([0, 1]);
    for await (const batch of loader) {
      expect(batch).toBe(0);
      break;
    }
  });

  test("MLP-04 every sample is visited once per epoch; the same seed gives the same order", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(40), fc.integer({ min: 1, max: 9 }), fc.nat(1000), fc.nat(3), async (n, batchSize, seed, prefetch) => {
        const make = (): DataLoader<number[]> => new DataLoader(numbers(n), { batchSize, shuffle: true, seed, prefetch });
        const [one, other] = [make(), make()];
        for (let e = 0; e < 2; e++) {
          const order = (await epoch(one)).flat();
          expect([...order].sort((a, b) => a - b)).toStrictEqual(Array.from({ length: n }, (_, i) => i));
          expect((await epoch(other)).flat()).toStrictEqual(order);
        }
      }),
    );
  });

  const stream = (n: number): IterableDataset<number, number[]> =>
    new IterableDataset(() => Array.from({ length: n }, (_, i) => i)).withCollate((samples) => [...samples]);

  test("SYS-07 resumes after any batch with samplers, batch samplers and streams, through JSON", async () => {
    const lengths = Array.from({ length: 23 }, (_, i) => (i * 7) % 11);
    const makers: ((seed: number) => DataLoader<number[]>)[] = [
      (seed) => new DataLoader(numbers(23), { batchSize: 4, sampler: new WeightedRandomSampler(lengths, 30), seed }),
      (seed) => new DataLoader(numbers(23), { batchSize: 5, sampler: new RandomSampler(23, { numSamples: 40 }), seed, dropLast: true }),
      (seed) => new DataLoader(numbers(23), { batchSampler: new BucketBatchSampler(lengths, { batchSize: 4, bucket: 2 }), seed }),
      (seed) => new DataLoader(stream(23).shuffle(8), { batchSize: 4, seed, prefetch: 3 }),
      (seed) => new DataLoader(stream(23).shuffle(8), { batchSize: 4, seed, dropLast: true }),
    ];
    for (const make of makers) {
      const whole = make(6);
      const [seen, states]: [number[][], DataLoaderState[]] = [[], [whole.stateDict()]];
      for (let e = 0; e < 2; e++) {
        for await (const batch of whole) {
          seen.push(batch);
          states.push(whole.stateDict());
        }
      }
      expect(new Set(seen.map(String)).size).toBeGreaterThan(8);
      for (const [done, state] of states.entries()) {
        const resumed = make(1);
        resumed.loadStateDict(JSON.parse(JSON.stringify(state)) as DataLoaderState);
        const rest: number[][] = [];
        for (let e = state.epoch; e < 2; e++) rest.push(...(await epoch(resumed)));
        expect(rest).toStrictEqual(seen.slice(done));
        expect(resumed.stateDict()).toStrictEqual(whole.stateDict());
      }
    }
  });

  test("reads streams in batches, a new order each epoch, and closes them", async () => {
    const loader = new DataLoader(stream(7).shuffle(5), { batchSize: 3 });
    const [first, second] = [await epoch(loader), await epoch(loader)];
    expect(first.map(({ length }) => length)).toStrictEqual([3, 3, 1]);
    expect(first).not.toStrictEqual(second);
    expect(second.flat().sort()).toStrictEqual([0, 1, 2, 3, 4, 5, 6]);
    const samples = new IterableDataset(() => [{ x: 1 }, { x: 2 }]);
    const tensors = await epoch(new DataLoader(samples, { batchSize: 2 }));
    expect(tensors[0].x.toArray()).toStrictEqual([1, 2]);
    let closed = false;
    const endless = new IterableDataset(function* () {
      try {
        for (let i = 0; ; i++) yield i;
      } finally {
        closed = true;
      }
    });
    for await (const batch of new DataLoader(endless, { batchSize: 2, prefetch: 3 })) {
      expect(batch.toArray()).toStrictEqual([0, 1]);
      break;
    }
    expect(closed).toBe(true);
    expect(() => loader.length).toThrow(/an IterableDataset does not know its length/);
  });

  test("collate makes the batches of samples and streams", async () => {
    const words = new ArrayDataset(["a", "bc", "d"]);
    expect(await epoch(new DataLoader(words, { batchSize: 2, collate: (samples) => samples.join("+") }))).toStrictEqual(["a+bc", "d"]);
    expect(await epoch(new DataLoader(stream(3), { batchSize: 2, collate: (samples) => samples.length }))).toStrictEqual([2, 1]);
  });

  test("loading goes on while a step waits", async () => {
    const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
    const events: string[] = [];
    const slow: BatchSource<number> = {
      length: 3,
      batch: async ([index]: ArrayLike<number> & Iterable<number>) => {
        await pause(5);
        events.push(`loaded ${index}`);
        return index;
      },
    };
    for await (const batch of new DataLoader(slow, { prefetch: 1 })) {
      await pause(60);
      events.push(`step ${batch}`);
    }
    expect(events).toStrictEqual(["loaded 0", "loaded 1", "step 0", "loaded 2", "step 1", "step 2"]);
  });

  test("refuses options that exclude each other", async () => {
    const sampler = new RandomSampler(3);
    const batchSampler = new BucketBatchSampler([1, 2, 3], { batchSize: 2 });
    const make = (options: DataLoaderOptions) => () => new DataLoader(numbers(3), options);
    expect(make({ sampler, shuffle: true })).toThrow(/both sampler and shuffle are given/);
    expect(make({ batchSampler, batchSize: 2 })).toThrow(/both batchSampler and batchSize are given/);
    expect(make({ batchSampler, sampler })).toThrow(ValueError);
    expect(make({ batchSampler, dropLast: false })).not.toThrow();
    expect(() => new DataLoader(stream(3), { shuffle: true })).toThrow(/Use dataset\.shuffle\(size\) for a shuffle buffer/);
    expect(() => new DataLoader(stream(3), { sampler })).toThrow(/sampler is given, but an IterableDataset has no indices/);
    const collate: object = { collate: () => 0 };
    expect(() => new DataLoader(numbers(3), collate)).toThrow(/the data set has no single samples/);
    await expect(epoch(new DataLoader(numbers(2), { sampler }))).rejects.toThrow(/index 2 at position 0 is not in \[0, 2\)/);
    const resumed = new DataLoader(numbers(3), { batchSampler });
    resumed.loadStateDict({ seed: 0, epoch: 0, position: 1 });
    await expect(epoch(resumed)).rejects.toThrow(/position 1 lies inside of a batch/);
  });

  test("rejects bad options and states", () => {
    expect(() => new DataLoader(numbers(3), { batchSize: 0 })).toThrow(/batchSize is 0\. Give a whole number of at least 1/);
    expect(() => new DataLoader(numbers(3), { batchSize: 1.5 })).toThrow(ValueError);
    expect(() => new DataLoader(numbers(3), { seed: NaN })).toThrow(ValueError);
    const typo: object = { batchsize: 3 };
    expect(() => new DataLoader(numbers(3), typo)).toThrow(UnknownNameError);
    const loader = new DataLoader(numbers(3), { seed: 7 });
    expect(() => loader.loadStateDict({ seed: 0, epoch: 1, position: 4 })).toThrow(/position is 4, the data set has 3 samples/);
    expect(() => loader.loadStateDict({ seed: 0, epoch: -1, position: 0 })).toThrow(/epoch is -1/);
    expect(() => loader.loadStateDict(JSON.parse("{}") as DataLoaderState)).toThrow(/seed is undefined/);
    expect(loader.stateDict()).toStrictEqual({ seed: 7, epoch: 0, position: 0 });
  });
});
