import { expect, test } from "vitest";
import { checkChoice, checkNumber, checkPositive, checkWhole, ValueError } from "./index.js";

test.each<[string, () => void, string]>([
  ["a fraction", () => { checkWhole("op", "k", 1.5); }, "op: k is 1.5. Give a whole number of at least 0."],
  ["too small a number", () => { checkWhole("op", "k", 0, 1); }, "op: k is 0. Give a whole number of at least 1."],
  ["text", () => { checkWhole("op", "k", "3"); }, "op: k is 3. Give a whole number of at least 0."],
  ["no finite number", () => { checkNumber("op", "x", NaN); }, "op: x is NaN. Give a finite number."],
  ["a number below", () => { checkNumber("op", "x", -1, 0); }, "op: x is -1. Give a finite number of at least 0."],
  ["a number outside", () => { checkNumber("op", "x", 2, 0, 1); }, "op: x is 2. Give a finite number from 0 to 1."],
  ["zero", () => { checkPositive("op", "x", 0); }, "op: x is 0. Give a finite number above 0."],
  ["infinity", () => { checkPositive("op", "x", Infinity); }, "op: x is Infinity. Give a finite number above 0."],
  ["another word", () => { checkChoice<string>("op", "mode", "max", ["min", "sum"]); }, 'op: mode is "max". Use one of min, sum.'],
])("%s is refused in words", (_, check, message) => {
  expect(check).toThrow(ValueError);
  expect(check).toThrow(message);
});

test("what fits passes", () => {
  expect(() => {
    checkWhole("op", "k", 0);
    checkWhole("op", "k", 2 ** 53 - 1, 1);
    checkNumber("op", "x", 1, 0, 1);
    checkPositive("op", "x", 1e-300);
    checkChoice("op", "mode", "min", ["min", "sum"]);
  }).not.toThrow();
});
