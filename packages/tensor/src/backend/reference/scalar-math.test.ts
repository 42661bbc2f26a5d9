import { describe, expect, test } from "vitest";
import { erf, floorMod, roundHalfEven, sigmoid, softplus } from "./scalar-math.js";

/** erf by its series e^(−x²)·Σ 2ⁿx^(2n+1)/(2n+1)!!, whose terms are all positive. */
function erfBySeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < 300; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

describe("scalar functions", () => {
  test("erf equals its series on every interval, is odd and saturates", () => {
    for (let x = 0.001; x < 5.9; x += 0.0137) {
      expect(Math.abs(erf(x) - erfBySeries(x))).toBeLessThan(1e-14);
      expect(erf(-x)).toBe(-erf(x));
    }
    expect(erf(40)).toBe(1);
    expect(erf(-Infinity)).toBe(-1);
    expect(erf(NaN)).toBeNaN();
    expect(erf(0)).toBe(0);
  });

  test("sigmoid and softplus do not overflow", () => {
    expect(sigmoid(-800)).toBe(0);
    expect(sigmoid(800)).toBe(1);
    expect(sigmoid(-89)).toBeCloseTo(2.2273636e-39, 46);
    expect(softplus(1000)).toBe(1000);
    expect(softplus(-50)).toBeCloseTo(Math.exp(-50), 30);
  });

  test("halves round to even", () => {
    expect([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 2.4, 2.6].map(roundHalfEven)).toEqual([-2, -2, -0, 0, 2, 2, 2, 3]);
  });

  test("remainders have the divisor's sign, infinite divisors included", () => {
    expect(floorMod(7, 3)).toBe(1);
    expect(floorMod(-7, 3)).toBe(2);
    expect(floorMod(7, -3)).toBe(-2);
    expect(floorMod(-3, Infinity)).toBe(Infinity);
    expect(floorMod(3, Infinity)).toBe(3);
    expect(floorMod(1, 0)).toBeNaN();
  });
});
