import { expect, test } from "vitest";
import { toDigit } from "./handwriting.js";

/** A bar of ink on an empty sheet. */
function bar(side: number, left: number, top: number, width: number, height: number) {
  const pixels = new Float32Array(side * side);
  for (let y = top; y < top + height; y++) pixels.fill(1, y * side + left, y * side + left + width);
  return { pixels, side };
}

const rowsWithInk = (digit: Float32Array): number[] => Array.from({ length: 28 }, (_, y) => y).filter((y) => digit.subarray(28 * y, 28 * y + 28).some((ink) => ink > 0.5));
const columnsWithInk = (digit: Float32Array): number[] => Array.from({ length: 28 }, (_, x) => x).filter((x) => digit.some((ink, i) => i % 28 === x && ink > 0.5));

test("the ink is 20 pixels high and in the middle, wherever and however large it was drawn", () => {
  for (const drawing of [bar(280, 10, 15, 20, 200), bar(280, 200, 100, 10, 100)]) {
    const digit = toDigit(drawing, 28);
    expect(rowsWithInk(digit)).toStrictEqual(Array.from({ length: 20 }, (_, i) => 4 + i));
    expect(columnsWithInk(digit)).toStrictEqual([13, 14]);
    expect(Math.max(...digit)).toBeLessThanOrEqual(1);
  }
});

test("an empty sheet stays empty", () => {
  expect(toDigit({ pixels: new Float32Array(100), side: 10 }, 28)).toStrictEqual(new Float32Array(784));
});
