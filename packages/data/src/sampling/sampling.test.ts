import { ValueError } from "@dl/registry";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BatchSampler, BucketBatchSampler, RandomSampler, SequentialSampler, SubsetRandomSampler, WeightedRandomSampler, type Sampler } from "../index.js";

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const sorted = (indices: Iterable<number>): number[] => [...indices].sort((a, b) => a - b);
const pass = fc.record({ seed: fc.nat(100), epoch: fc.nat(100) });
const first = { seed: 0, epoch: 0 };

describe("samplers", () => {
  test("MLP-04 every sample is visited once per epoch, in an order that the pass alone decides", () => {
    fc.assert(
      fc.property(fc.nat(50), pass, (n, at) => {
        for (const sampler of [new SequentialSampler(n), new RandomSampler(n), new SubsetRandomSampler(range(n))] satisfies Sampler[]) {
          expect(sampler.length).toBe(n);
          expect(sorted(sampler.indices(at))).toStrictEqual(range(n));
          expect(sampler.indices(at)).toStrictEqual(sampler.indices(at));
        }
      }),
    );
    expect([...new SequentialSampler(3).indices()]).toStrictEqual([0, 1, 2]);
    const random = new RandomSampler(30);
    const orders = [first, { seed: 1, epoch: 0 }, { seed: 0, epoch: 1 }].map((at) => random.indices(at).join());
    expect(new Set(orders).size).toBe(3);
  });

  test("RandomSampler draws with replacement, fewer, or several permutations", () => {
    expect(new Set(new RandomSampler(4, { numSamples: 3 }).indices(first)).size).toBe(3);
    const twice = new RandomSampler(4, { numSamples: 10 }).indices(first);
    expect([sorted(twice.slice(0, 4)), sorted(twice.slice(4, 8)), twice.length]).toStrictEqual([range(4), range(4), 10]);
    const counts = [0, 0, 0, 0];
    for (const index of new RandomSampler(4, { replacement: true, numSamples: 4000 }).indices(first)) counts[index]++;
    // Five standard deviations of a binomial count: √(4000 · ¼ · ¾) ≈ 27.
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(140);
    expect(() => new RandomSampler(0, { numSamples: 1 })).toThrow(/cannot draw 1 samples of none/);
  });

  test("WeightedRandomSampler follows the weights, by the pass alone", () => {
    const drawn = new WeightedRandomSampler([1, 0, 3], 8000).indices(first);
    const counts = [0, 0, 0];
    for (const index of drawn) counts[index]++;
    expect(counts[1]).toBe(0);
    expect(Math.abs(counts[0] - 2000)).toBeLessThan(200);
    expect(new WeightedRandomSampler([1, 0, 3], 8000).indices(first)).toStrictEqual(drawn);
    expect(sorted(new WeightedRandomSampler([1, 0, 3], 2, { replacement: false }).indices(first))).toStrictEqual([0, 2]);
    expect(new WeightedRandomSampler([0], 0).indices(first)).toHaveLength(0);
  });

  test("WeightedRandomSampler rejects weights that cannot be drawn from", () => {
    expect(() => new WeightedRandomSampler([1, -1], 2)).toThrow(/weight 1 is -1/);
    expect(() => new WeightedRandomSampler([1, NaN], 2)).toThrow(ValueError);
    expect(() => new WeightedRandomSampler([0, 0], 2)).toThrow(/no weight among 2 is above 0/);
    expect(() => new WeightedRandomSampler([1, 0], 2, { replacement: false })).toThrow(/cannot draw 2 different samples, only 1/);
  });

  test("BatchSampler cuts the order of a sampler", () => {
    const sampler = new BatchSampler(new SequentialSampler(5), 2);
    expect(Array.from(sampler.batches(first), (batch) => [...batch])).toStrictEqual([[0, 1], [2, 3], [4]]);
    const full = new BatchSampler(new SequentialSampler(5), 2, { dropLast: true });
    expect([sampler.length, full.length, [...full.batches(first)].length]).toStrictEqual([3, 2, 2]);
  });

  test("MLP-04 BucketBatchSampler takes every sample once, by the pass alone, whatever the sizes", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(30), { maxLength: 60 }), fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 4 }), fc.boolean(), pass, (lengths, batchSize, bucket, shuffle, at) => {
        const sampler = new BucketBatchSampler(lengths, { batchSize, bucket, shuffle });
        const batches = sampler.batches(at);
        expect(batches).toHaveLength(sampler.length);
        expect(sorted(batches.flatMap((batch) => [...batch]))).toStrictEqual(range(lengths.length));
        expect(sampler.batches(at)).toStrictEqual(batches);
        const full = new BucketBatchSampler(lengths, { batchSize, bucket, shuffle, dropLast: true });
        expect(full.batches(at).map(({ length }) => length)).toStrictEqual(new Array(full.length).fill(batchSize));
      }),
    );
  });

  test("BucketBatchSampler needs much less padding than a random order", () => {
    const lengths = Array.from(new RandomSampler(100, { replacement: true, numSamples: 1000 }).indices(first), (n) => n + 1);
    const padding = (batches: Iterable<ArrayLike<number>>): number => {
      let sum = 0;
      for (const batch of batches) {
        const inside = Array.from(batch, (index) => lengths[index]);
        sum += inside.reduce((gap, length) => gap + Math.max(...inside) - length, 0);
      }
      return sum;
    };
    const bucketed = new BucketBatchSampler(lengths, { batchSize: 10 });
    expect(padding(bucketed.batches(first))).toBeLessThan(0.05 * padding(new BatchSampler(new RandomSampler(1000), 10).batches(first)));
    expect(bucketed.batches({ seed: 0, epoch: 1 })).not.toStrictEqual(bucketed.batches(first));
  });
});
