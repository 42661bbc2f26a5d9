import { describe, expect, test } from "vitest";
import { asBfloat16, asFloat16, fromBfloat16, fromFloat16 } from "./half.js";

const all = Uint16Array.from({ length: 2 ** 16 }, (_, i) => i);

/** Non-negative finite patterns in ascending order of their values, without the last. */
const below = (largest: number): number[] => Array.from({ length: largest }, (_, i) => i);

const next = (value: number, step: 1 | -1): number => {
  const floats = new Float32Array([value]);
  new Int32Array(floats.buffer)[0] += step;
  return floats[0];
};

describe("FT-05 float16", () => {
  test.each([
    [0x0000, 0],
    [0x3c00, 1],
    [0xc100, -2.5],
    [0x3555, 0.333251953125],
    [0x7bff, 65504],
    [0x0001, 2 ** -24],
    [0x03ff, 2 ** -14 - 2 ** -24],
    [0x0400, 2 ** -14],
    [0x7c00, Infinity],
    [0xfc00, -Infinity],
    [0x8000, -0],
    [0x7e00, NaN],
  ])("0x%s is %s", (bits, value) => {
    expect(fromFloat16(Uint16Array.of(bits))[0]).toBe(value);
    expect(asFloat16(Float32Array.of(value))[0]).toBe(bits);
  });

  test("all 65,536 patterns survive the way through float32, NaN payloads included", () => {
    expect(asFloat16(fromFloat16(all))).toEqual(all);
  });

  test("rounds to the nearest, ties to even, between all neighbours", () => {
    for (const bits of below(0x7bff)) {
      const [low, high] = fromFloat16(Uint16Array.of(bits, bits + 1));
      const middle = (low + high) / 2;
      const even = bits % 2 === 0 ? bits : bits + 1;
      expect([...asFloat16(Float32Array.of(next(middle, -1), middle, next(middle, 1)))]).toEqual([bits, even, bits + 1]);
    }
  });

  test("overflows to infinity from 65,520 on, underflows below half the smallest number", () => {
    expect([...asFloat16(Float32Array.of(next(65520, -1), 65520, -1e30))]).toEqual([0x7bff, 0x7c00, 0xfc00]);
    expect([...asFloat16(Float32Array.of(2 ** -25, next(2 ** -25, 1), -1e-30))]).toEqual([0, 1, 0x8000]);
  });
});

describe("FT-05 bfloat16", () => {
  test.each([
    [0x3f80, 1],
    [0xc020, -2.5],
    [0x3e20, 0.15625],
    [0x7f80, Infinity],
    [0x8000, -0],
  ])("0x%s is %s", (bits, value) => {
    expect(fromBfloat16(Uint16Array.of(bits))[0]).toBe(value);
    expect(asBfloat16(Float32Array.of(value))[0]).toBe(bits);
  });

  test("all 65,536 patterns survive the way through float32, NaN payloads included", () => {
    expect(asBfloat16(fromBfloat16(all))).toEqual(all);
  });

  test("rounds to the nearest, ties to even, between all neighbours", () => {
    for (const bits of below(0x7f7f)) {
      const [low, high] = fromBfloat16(Uint16Array.of(bits, bits + 1));
      const middle = (low + high) / 2;
      const even = bits % 2 === 0 ? bits : bits + 1;
      expect([...asBfloat16(Float32Array.of(next(middle, -1), middle, next(middle, 1)))]).toEqual([bits, even, bits + 1]);
    }
  });

  test("a NaN whose payload sits in the lower half stays a NaN", () => {
    const floats = new Float32Array(1);
    new Int32Array(floats.buffer)[0] = 0x7f800001;
    expect(asBfloat16(floats)[0]).toBe(0x7fc0);
    expect(asFloat16(floats)[0]).toBe(0x7e00);
  });
});
