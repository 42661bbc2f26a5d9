import { ValueError } from "@dl/registry";
import fc from "fast-check";
import { describe, expect, expectTypeOf, test } from "vitest";
import { ArrayDataset, kFold, randomSplit, stratifiedKFold, stratifiedSplit, TensorDataset, trainValTestSplit, type Fold, type MapDataset } from "../index.js";

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const sorted = (indices: Iterable<number>): number[] => [...indices].sort((a, b) => a - b);
const samplesOf = (part: MapDataset<number, unknown>): number[] => range(part.length).map((i) => part.sample(i) as number);
const countIn = (samples: readonly number[], labels: readonly number[], label: number): number => samples.filter((sample) => labels[sample] === label).length;

/** Labels of several classes in random order, each with at least `least` samples. */
const labelled = (least: number): fc.Arbitrary<number[]> =>
  fc
    .array(fc.integer({ min: least, max: least + 12 }), { minLength: 1, maxLength: 5 })
    .chain((sizes) => fc.shuffledSubarray(sizes.flatMap((size, label) => new Array<number>(size).fill(label)), { minLength: sizes.reduce((a, b) => a + b) }));

const fractions = fc.constantFrom([0.8, 0.2], [0.5, 0.25, 0.25], [0.7, 0.2, 0.1], [1], [0.9, 0, 0.1], [1 / 3, 1 / 3, 1 / 3]);
const seeds = fc.nat(1000);

describe("randomSplit", () => {
  test("MLP-03 parts are disjoint, cover all and repeat by seed", () => {
    fc.assert(
      fc.property(fc.nat(60), fractions, seeds, (n, sizes, seed) => {
        const split = (): number[][] => randomSplit(new ArrayDataset(range(n)), sizes, { seed }).map(samplesOf);
        expect(sorted(split().flat())).toStrictEqual(range(n));
        expect(split()).toStrictEqual(split());
      }),
    );
  });
});

describe("stratifiedSplit", () => {
  test("MLP-03 parts are disjoint, cover all, have every class within one sample of its share, and repeat by seed", () => {
    fc.assert(
      fc.property(labelled(3), fractions, seeds, (labels, sizes, seed) => {
        const split = (): number[][] => stratifiedSplit(new ArrayDataset(range(labels.length)), labels, sizes, { seed }).map(samplesOf);
        const parts = split();
        expect(sorted(parts.flat())).toStrictEqual(range(labels.length));
        expect(split()).toStrictEqual(parts);
        for (const label of new Set(labels)) {
          const all = labels.filter((other) => other === label).length;
          for (const [i, part] of parts.entries()) {
            const count = countIn(part, labels, label);
            expect(Math.abs(count - sizes[i] * all)).toBeLessThan(1);
          }
        }
      }),
    );
  });

  test("MLP-03 the parts as a whole keep their share, too, when classes are small", () => {
    const labels = range(60).map((i) => i % 12);
    const parts = stratifiedSplit(new ArrayDataset(labels), labels, [0.7, 0.3]);
    expect(parts.map(({ length }) => length)).toStrictEqual([42, 18]);
  });

  test("another seed gives other parts; tensor data sets stay such", () => {
    const labels = Int32Array.from({ length: 40 }, (_, i) => i % 2);
    const data = new TensorDataset({ x: { dtype: "float32", shape: [40], data: Float32Array.from(range(40)) }, y: { dtype: "int32", shape: [40], data: labels } });
    const split = (seed: number): TensorDataset[] => stratifiedSplit(data, labels, [0.5, 0.5], { seed });
    expectTypeOf(split(1)).toEqualTypeOf<TensorDataset[]>();
    expect(split(1)[0].host.x.data).not.toStrictEqual(split(2)[0].host.x.data);
    expect(stratifiedSplit(data, range(40).map((i) => (i < 20 ? "cat" : "dog")), [0.5, 0.5])[1].length).toBe(20);
  });

  test("names the class that is too small, and refuses bad fractions and labels", () => {
    const data = new ArrayDataset(range(5));
    expect(() => stratifiedSplit(data, ["a", "a", "a", "b", "b"], [0.8, 0.1, 0.1])).toThrow(/class b has 2 samples for 3 parts/);
    expect(() => stratifiedSplit(data, range(5), [0.5, 0.4])).toThrow(/fractions \[0\.5, 0\.4\] do not sum to 1/);
    expect(() => stratifiedSplit(data, range(4), [1])).toThrow(/4 labels for 5 samples/);
    expect(() => stratifiedSplit(data, range(5), [3, 2])).toThrow(ValueError);
  });
});

describe("trainValTestSplit", () => {
  test("MLP-03 three disjoint sets that cover all, stratified when labels are given", () => {
    const labels = range(100).map((i) => Number(i % 10 === 0));
    const { train, validation, test: held } = trainValTestSplit(new ArrayDataset(range(100)), { validation: 0.1, test: 0.2, labels, seed: 4 });
    expect([train, validation, held].map(({ length }) => length)).toStrictEqual([70, 10, 20]);
    expect(sorted([train, validation, held].flatMap(samplesOf))).toStrictEqual(range(100));
    expect([train, validation, held].map((part) => countIn(samplesOf(part), labels, 1))).toStrictEqual([7, 1, 2]);
    expect(trainValTestSplit(new ArrayDataset(range(10))).train.length).toBe(8);
    expect(() => trainValTestSplit(new ArrayDataset(range(10)), { validation: 0.9, test: 0.3 })).toThrow(ValueError);
    expect(() => trainValTestSplit(new ArrayDataset(range(10)), { test: -0.1 })).toThrow(ValueError);
  });
});

describe("k folds", () => {
  const checkFolds = (folds: readonly Fold[], n: number, k: number): void => {
    expect(folds).toHaveLength(k);
    expect(sorted(folds.flatMap(({ test: held }) => [...held]))).toStrictEqual(range(n));
    for (const { train, test: held } of folds) {
      expect(sorted([...train, ...held])).toStrictEqual(range(n));
      expect(Math.abs(held.length - n / k)).toBeLessThan(1);
    }
  };

  test("MLP-03 every sample is tested once and trained on in all other folds; folds repeat by seed", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 6 }), fc.nat(40), fc.boolean(), seeds, (k, more, shuffle, seed) => {
        const n = k + more;
        const folds = [...kFold(n, { folds: k, shuffle, seed })];
        checkFolds(folds, n, k);
        expect([...kFold(n, { folds: k, shuffle, seed })]).toStrictEqual(folds);
      }),
    );
    expect([...kFold(5, { folds: 2 })].map(({ test: held }) => [...held])).toStrictEqual([[0, 1, 2], [3, 4]]);
    expect([...kFold(30, { shuffle: true, seed: 1 })]).not.toStrictEqual([...kFold(30, { shuffle: true, seed: 2 })]);
  });

  test("MLP-03 stratified folds have every class within one sample of its share", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 4 }), labelled(4), fc.boolean(), seeds, (k, labels, shuffle, seed) => {
        const folds = [...stratifiedKFold(labels, { folds: k, shuffle, seed })];
        checkFolds(folds, labels.length, k);
        for (const label of new Set(labels)) {
          const share = labels.filter((other) => other === label).length / k;
          for (const { test: held } of folds) expect(Math.abs(countIn([...held], labels, label) - share)).toBeLessThan(1);
        }
      }),
    );
  });

  test("refuses more folds than there are samples", () => {
    expect(() => kFold(3, { folds: 4 })).toThrow(/3 samples for 4 folds/);
    expect(() => kFold(3, { folds: 1 })).toThrow(/folds is 1/);
    expect(() => stratifiedKFold(["a", "a", "b"], { folds: 2 })).toThrow(/class b has 1 samples for 2 folds/);
  });
});
