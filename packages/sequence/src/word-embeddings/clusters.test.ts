import { ShapeError, ValueError } from "@dl/registry";
import { eye, Generator, ones, randn, tensor, type Nested, type Tensor } from "@dl/tensor";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { kMeans, pca } from "./index.js";
import { symmetricEigen } from "./symmetric-eigen.js";

const wide = (values: Nested): Tensor => tensor(values, { dtype: "float64" });

describe("TXT-07 kMeans", () => {
  const places = [[0, 0], [10, 0], [0, 10], [10, 10]];
  const blobs = (): Tensor => {
    const noise = randn([80, 2], { generator: new Generator(4), dtype: "float64" });
    return noise.add(wide(Array.from({ length: 80 }, (_, n) => places[n % 4])));
  };

  test("TXT-07 recovers blobs", () => {
    const { labels, centers, inertia } = kMeans(blobs(), { clusters: 4, generator: new Generator(1) });
    for (let n = 4; n < 80; n++) expect(labels[n]).toBe(labels[n % 4]);
    expect(new Set(labels).size).toBe(4);
    places.forEach((place, k) => {
      const center = centers.select(0, labels[k]).dataSync();
      place.forEach((value, d) => { expect(Math.abs(center[d] - value)).toBeLessThan(0.8); });
    });
    // Two dims of variance 1 for each of 80 points.
    expect(inertia).toBeGreaterThan(100);
    expect(inertia).toBeLessThan(220);
  });

  test("TXT-07 the same seed gives the same clusters, and one cluster is the mean", () => {
    const run = (): unknown => kMeans(blobs(), { clusters: 3, restarts: 1, generator: new Generator(2) }).labels;
    expect(run()).toStrictEqual(run());
    const { centers, inertia } = kMeans(wide([[0], [1], [5]]), { clusters: 1 });
    expect([centers.item(), inertia]).toStrictEqual([2, 14]);
  });

  test("TXT-07 equal points leave clusters empty, and a cluster per point leaves no distance", () => {
    expect(kMeans(wide([[1], [1], [1]]), { clusters: 2, generator: new Generator(1) }).inertia).toBe(0);
    fc.assert(fc.property(fc.uniqueArray(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 6 }), fc.nat(100), (values, seed) => {
      const points = wide(values.map((value) => [value]));
      expect(kMeans(points, { clusters: values.length, generator: new Generator(seed) }).inertia).toBe(0);
    }));
  });

  test.each<[string, () => unknown, new (...args: never[]) => Error, string]>([
    ["more clusters than vectors", () => kMeans(ones([2, 2]), { clusters: 3 }), ValueError, "2 vectors make no 3 clusters"],
    ["a vector", () => kMeans(ones([2]), { clusters: 1 }), ShapeError, "the vectors have shape [2]"],
    ["what is no number", () => kMeans(tensor([[NaN]]), { clusters: 1 }), ValueError, "row 0 holds NaN"],
    ["no clusters", () => kMeans(ones([2, 2]), { clusters: 0 }), ValueError, "clusters is 0"],
    ["more components than numbers", () => pca(ones([3, 2]), 3), ValueError, "vectors of 2 numbers have no 3 components"],
    ["components of one vector", () => pca(ones([1, 2])), ValueError, "there is one vector"],
  ])("refuses %s", (_, call, error, message) => {
    expect(call).toThrow(error);
    expect(call).toThrow(message);
  });
});

describe("TXT-07 principal components", () => {
  test("TXT-07 of points by a line: [3, 4]/5, with all of the variance", () => {
    const { points, components, mean, variances, shares } = pca(wide([[1, 1], [4, 5], [-2, -3]]), 2);
    const close = (x: Tensor, expected: readonly number[]): void => { x.dataSync().forEach((value, i) => { expect(value).toBeCloseTo(expected[i], 9); }); };
    close(mean, [1, 1]);
    close(components.select(0, 0), [0.6, 0.8]);
    close(points.select(1, 0), [0, 5, -5]);
    expect(variances[0]).toBeCloseTo(25, 9);
    expect([shares[0], shares[1]].map((share) => Math.abs(Number(share.toFixed(9))))).toStrictEqual([1, 0]);
  });

  test("TXT-07 points that do not vary have no shares", () => {
    expect(pca(ones([3, 2]), 1).shares).toStrictEqual([0]);
    expect(pca(eye(3), 2).shares[0]).toBeCloseTo(0.5, 9);
  });

  test("TXT-07 V·Λ·Vᵀ is the matrix again, and eigenvectors are orthonormal with a fixed sign", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 7 }), fc.nat(1000), (n, seed) => {
      const drawn = randn([n, n], { dtype: "float64", generator: new Generator(seed) });
      const symmetric = drawn.add(drawn.transpose());
      const rows = Array.from({ length: n }, (_, i) => Float64Array.from(symmetric.select(0, i).dataSync()));
      const pairs = symmetricEigen(rows);
      rows.forEach((row, i) => {
        row.forEach((value, j) => {
          expect(pairs.reduce((sum, pair) => sum + pair.value * pair.vector[i] * pair.vector[j], 0)).toBeCloseTo(value, 9);
          expect(pairs[i].vector.reduce((sum, x, k) => sum + x * pairs[j].vector[k], 0)).toBeCloseTo(Number(i === j), 9);
        });
      });
      for (const { vector } of pairs) expect(Math.max(...vector)).toBeGreaterThanOrEqual(-Math.min(...vector) - 1e-9);
      pairs.slice(1).forEach(({ value }, i) => { expect(value).toBeLessThanOrEqual(pairs[i].value); });
    }), { numRuns: 40 });
  });
});
