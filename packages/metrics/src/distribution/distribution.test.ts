import { ShapeError, StateError, ValueError } from "@dl/registry";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { frechetDistance, mmd } from "../index.js";
import { product, symmetricEigen, symmetricSquareRoot } from "./symmetric-eigen.js";

const largest = (values: Float64Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
const transposed = (matrix: Float64Array, n: number): Float64Array => matrix.map((_, i) => matrix[(i % n) * n + Math.floor(i / n)]);
const difference = (a: Float64Array, b: Float64Array): number => largest(a.map((value, i) => value - b[i]));

const matrices = fc.integer({ min: 1, max: 7 }).chain((n) =>
  fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: n * n, maxLength: n * n }).map((values) => ({ n, matrix: Float64Array.from(values) })));

describe("symmetric matrices", () => {
  test("eigenvectors are orthonormal and put the matrix together again", () => {
    fc.assert(
      fc.property(matrices, ({ n, matrix }) => {
        const symmetric = matrix.map((value, i) => value + transposed(matrix, n)[i]);
        const { values, vectors } = symmetricEigen(symmetric, n);
        const unit = Float64Array.from({ length: n * n }, (_, i) => Number(i % n === Math.floor(i / n)));
        expect(difference(product(transposed(vectors, n), vectors, n), unit)).toBeLessThan(1e-12);
        const again = product(vectors.map((value, i) => value * values[i % n]), transposed(vectors, n), n);
        expect(difference(again, symmetric)).toBeLessThan(1e-12 * (1 + largest(symmetric)) * n);
      }),
    );
  });

  test("the square root of A·Aᵀ, squared, is A·Aᵀ", () => {
    fc.assert(
      fc.property(matrices, ({ n, matrix }) => {
        const square = product(matrix, transposed(matrix, n), n);
        const root = symmetricSquareRoot(square, n);
        expect(difference(product(root, root, n), square)).toBeLessThan(1e-11 * (1 + largest(square)) * n);
      }),
    );
  });

  test("[[2, 1], [1, 2]] has eigenvalues 1 and 3", () => {
    expect([...symmetricEigen(Float64Array.of(2, 1, 1, 2), 2).values].sort()).toStrictEqual([1, 3].map((value) => expect.closeTo(value, 12) as number));
  });
});

describe("distances of samples", () => {
  test("Fréchet: of one feature, (μ₁ − μ₂)² + (σ₁ − σ₂)²", () => {
    expect(frechetDistance([1, 3], [10, 14], { features: 1 })).toBeCloseTo((2 - 12) ** 2 + (Math.SQRT2 - 2 * Math.SQRT2) ** 2, 12);
  });

  test("Fréchet: 0 of the same sample, the square of a shift, and no NaN of fewer samples than features", () => {
    const x = [1, 2, 3, 0, 5, 1, 4, 4, 2];
    expect(frechetDistance(x, x, { features: 3 })).toBeCloseTo(0, 12);
    expect(frechetDistance(x, x.map((value) => value + 2), { features: 3 })).toBeCloseTo(12, 10);
    expect(frechetDistance(x.slice(0, 6), x.slice(3), { features: 3 })).toBeGreaterThan(0);
  });

  test("MMD² by hand: one sample at 0, one at distance σ", () => {
    expect(mmd([0], [2], { features: 1, bandwidth: 2, estimator: "biased" })).toBeCloseTo(2 - 2 * Math.exp(-0.5), 12);
    expect(mmd([0, 0], [2, 2], { features: 1, bandwidth: 2 })).toBeCloseTo(2 - 2 * Math.exp(-0.5), 12);
  });

  test("MMD² is 0 of the same sample when biased, at most 0 when not, and grows with a shift", () => {
    const x = [0, 1, 2, 3, 4, 5];
    expect(mmd(x, x, { features: 2, estimator: "biased" })).toBeCloseTo(0, 12);
    expect(mmd(x, x, { features: 2 })).toBeLessThanOrEqual(0);
    expect(mmd(x, x.map((value) => value + 9), { features: 2 })).toBeGreaterThan(mmd(x, x.map((value) => value + 1), { features: 2 }));
    expect(mmd([1, 1], [1, 1], { features: 1 })).toBe(0);
  });

  test("rejects bad input", () => {
    for (const distance of [mmd, frechetDistance]) {
      expect(() => distance([1, 2, 3], [1, 2], { features: 2 })).toThrow(ShapeError);
      expect(() => distance([1, NaN], [1, 2], { features: 2 })).toThrow(/value of x NaN at position 1/);
      expect(() => distance([1, 2], [1, 2], { features: 2 })).toThrow(StateError);
      expect(() => distance([], [], { features: 2 })).toThrow(StateError);
      expect(() => distance([1], [1], { features: 0 })).toThrow(ValueError);
    }
    expect(() => mmd([1], [1], { features: 1, bandwidth: 0 })).toThrow(/bandwidth is 0/);
  });
});
