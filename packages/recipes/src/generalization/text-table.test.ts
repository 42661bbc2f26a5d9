import { expect, test } from "vitest";
import { median, percent, textTable } from "./text-table.js";

test("columns are as wide as their widest cell, numbers to the right", () => {
  expect(textTable(["model", "right"], [["a", percent(0.5)], ["longer", percent(1)]])).toEqual([
    "model     right",
    "---------------",
    "a        50.0 %",
    "longer  100.0 %",
  ]);
});

test("the median is the middle value", () => {
  expect(median([3, 1, 10])).toBe(3);
  expect(median([0.2])).toBe(0.2);
});
