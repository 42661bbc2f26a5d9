import { TensorDataset } from "@dl/data";
import { expect, test } from "vitest";
import { balancedParts } from "./balanced-parts.js";

/** 60 samples of three classes; x is the number of the sample. */
const data = new TensorDataset({
  x: { dtype: "float32", shape: [60], data: Float32Array.from({ length: 60 }, (_, i) => i) },
  y: { dtype: "int32", shape: [60], data: Int32Array.from({ length: 60 }, (_, i) => i % 3) },
});

const numbers = (part: TensorDataset): number[] => Array.from(part.host.x.data, Number);
const labels = (part: TensorDataset): number[] => Array.from(part.host.y.data, Number);

test("parts have so many of each class, one class after the other, and share no sample", () => {
  const [first, second] = balancedParts(data, [2, 18], { classes: [2, 0], seed: 1 });
  expect(labels(first)).toEqual([2, 0, 2, 0]);
  expect(labels(second)).toEqual(Array.from({ length: 36 }, (_, i) => (i % 2 === 0 ? 2 : 0)));
  expect(new Set([...numbers(first), ...numbers(second)]).size).toBe(40);
});

test("the same seed draws the same samples, another one others, in whatever company", () => {
  const draw = (seed: number, classes = [0, 1]): number[] => numbers(balancedParts(data, [5], { classes, seed })[0]);
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
  expect(draw(1, [0])).toEqual(draw(1).filter((number) => number % 3 === 0));
});

test("a class that has too few samples is named", () => {
  expect(() => balancedParts(data, [10, 11], { classes: [0], seed: 0 })).toThrow("balancedParts: class 0 has 20 samples, 21 are asked for");
});
