import { ShapeError, StateError, ValueError } from "@dl/registry";
import { expect, test } from "vitest";
import { meanAbsoluteError, meanSquaredError, r2Score, rootMeanSquaredError } from "../index.js";

const [predicted, target] = [[2.5, 0, 2, 8], [3, -0.5, 2, 7]];

test("errors by hand", () => {
  expect(meanAbsoluteError(predicted, target)).toBe(0.5);
  expect(meanSquaredError(predicted, target)).toBe(0.375);
  expect(rootMeanSquaredError(predicted, target)).toBe(Math.sqrt(0.375));
  expect(r2Score(predicted, target)).toBeCloseTo(0.9486081370449679, 12);
});

test("R² does not lose its digits to a large mean, and knows constant targets", () => {
  const shift = (values: readonly number[]): number[] => values.map((value) => value + 2 ** 30);
  expect(r2Score(shift(predicted), shift(target))).toBeCloseTo(r2Score(predicted, target), 12);
  expect(r2Score([1, 1], [1, 1])).toBe(1);
  expect(r2Score([1, 2], [1, 1])).toBe(0);
});

test("rejects bad input", () => {
  expect(() => meanSquaredError([1, Infinity], [1, 2])).toThrow(/prediction Infinity at position 1 is not a finite number/);
  expect(() => meanAbsoluteError([1], [NaN])).toThrow(ValueError);
  expect(() => r2Score([1], [1, 2])).toThrow(ShapeError);
  expect(() => r2Score([1], [1])).toThrow(/one value has no spread/);
  expect(() => rootMeanSquaredError([], [])).toThrow(StateError);
});
