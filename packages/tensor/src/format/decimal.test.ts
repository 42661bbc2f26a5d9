import { describe, expect, test } from "vitest";
import { fixed, scientific } from "./decimal.js";

// Printed by Python's f"{value:.{digits}f}" and f"{value:.{digits}e}".
describe("SYS-01 decimals as C and Python write them", () => {
  test.each([
    [0.5, 0, "0"],
    [1.5, 0, "2"],
    [2.5, 0, "2"],
    [-2.5, 0, "-2"],
    [0.03125, 4, "0.0312"],
    [0.09375, 4, "0.0938"],
    [-0.03125, 4, "-0.0312"],
    [0.00005, 4, "0.0001"],
    [1.00005, 4, "1.0001"],
    [1.005, 2, "1.00"],
    [-0, 2, "-0.00"],
    [-0.00001, 4, "-0.0000"],
    [1e21, 2, "1000000000000000000000.00"],
    [9.995, 2, "9.99"],
    [99.99999, 4, "100.0000"],
    [NaN, 2, "nan"],
    [-Infinity, 2, "-inf"],
  ])("fixed(%d, %d)", (value, digits, expected) => {
    expect(fixed(value, digits)).toBe(expected);
  });

  test.each([
    [0, 4, "0.0000e+00"],
    [-0, 4, "-0.0000e+00"],
    [2.5, 0, "2e+00"],
    [3.5, 0, "4e+00"],
    [9.5, 0, "1e+01"],
    [1.03125, 4, "1.0312e+00"],
    [-1.09375, 4, "-1.0938e+00"],
    [1e100, 1, "1.0e+100"],
    [9.99999e-5, 4, "1.0000e-04"],
    [5e-324, 4, "4.9407e-324"],
    [Infinity, 4, "inf"],
  ])("scientific(%d, %d)", (value, digits, expected) => {
    expect(scientific(value, digits)).toBe(expected);
  });
});
