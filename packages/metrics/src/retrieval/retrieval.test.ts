import { ShapeError, ValueError } from "@dl/registry";
import { expect, test } from "vitest";
import { PrecisionAtK, precisionAtK } from "../index.js";

test("precision at k: the share of relevant items among the first k, ties in the order given", () => {
  expect(precisionAtK([0.2, 0.9, 0.5, 0.7], [1, 1, 0, 1], { k: 2 })).toBe(1);
  expect(precisionAtK([0.2, 0.9, 0.5, 0.7], [1, 1, 0, 1], { k: 3 })).toBe(2 / 3);
  expect(precisionAtK([1, 1, 1], [0, 1, 1], { k: 1 })).toBe(0);
  expect(precisionAtK([-Infinity, -1], [0, 1], { k: 1 })).toBe(1);
});

test("the class takes the mean over queries", () => {
  expect(new PrecisionAtK({ k: 1 }).update([1, 0], [1, 0]).update([1, 0], [0, 1]).compute()).toBe(0.5);
});

test("rejects bad input", () => {
  expect(() => precisionAtK([1], [1], { k: 2 })).toThrow(/1 items, and k is 2/);
  expect(() => precisionAtK([1, 2], [1], { k: 1 })).toThrow(ShapeError);
  expect(() => precisionAtK([NaN], [1], { k: 1 })).toThrow(ValueError);
  expect(() => precisionAtK([1], [2], { k: 1 })).toThrow(/relevance 2 at row 0/);
});
