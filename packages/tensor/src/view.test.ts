import { describe, expect, test } from "vitest";
import { collapse, forEachRow } from "./backend/reference/geometry.js";
import { broadcastShapes, contiguousStrides, isContiguous } from "./shape.js";
import { contiguousView, reshapeStrides } from "./view.js";

describe("geometry", () => {
  test("strides of a reshape, and null where only a copy helps", () => {
    expect(reshapeStrides([2, 3], [3, 1], [6])).toEqual([1]);
    expect(reshapeStrides([2, 3], [1, 2], [6])).toBeNull();
    expect(reshapeStrides([2, 3], [1, 2], [2, 1, 3])).toEqual([1, expect.any(Number), 2]);
    expect(reshapeStrides([4, 2], [4, 1], [2, 2, 2])).toEqual([8, 4, 1]);
    expect(reshapeStrides([3, 1], [0, 0], [3])).toEqual([0]);
    expect(reshapeStrides([0, 3], [3, 1], [3, 0])).toEqual([0, 1]);
    expect(reshapeStrides([1], [7], [])).toEqual([]);
  });

  test("contiguity ignores dims of size 1", () => {
    expect(isContiguous([2, 1, 3], [3, 99, 1])).toBe(true);
    expect(isContiguous([2, 3], [1, 2])).toBe(false);
    expect(isContiguous([0, 3], [9, 9])).toBe(true);
    expect(contiguousStrides([2, 3, 4])).toEqual([12, 4, 1]);
  });

  test("broadcasting is symmetric and names the dim that differs", () => {
    expect(broadcastShapes("op", [2, 1], [3])).toEqual([2, 3]);
    expect(broadcastShapes("op", [], [4, 1])).toEqual([4, 1]);
    expect(broadcastShapes("op", [1], [0])).toEqual([0]);
    expect(() => broadcastShapes("op", [2, 3], [2])).toThrow(/3 against 2 in dimension -1/);
  });

  test("walks merge dims that all views cross evenly", () => {
    const a = contiguousView({}, "float32", [2, 3, 4]);
    const row = { ...a, strides: [0, 0, 1] };
    expect(collapse(a.shape, [a]).shape).toEqual([24]);
    expect(collapse(a.shape, [a, row]).shape).toEqual([6, 4]);
    expect(collapse([1, 1], [{ ...a, shape: [1, 1], strides: [5, 5] }]).shape).toEqual([1]);
    const seen: number[][] = [];
    const offsets = [0, 100];
    forEachRow({ shape: [2, 2, 9], strides: [[10, 1, 0], [0, -1, 0]] }, offsets, () => { seen.push([...offsets]); });
    expect(seen).toEqual([[0, 100], [1, 99], [10, 100], [11, 99]]);
  });
});
