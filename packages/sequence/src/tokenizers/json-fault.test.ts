import fc from "fast-check";
import { expect, test } from "vitest";
import { faultLine } from "./json-fault.js";

test.each<[string, number]>([
  ["", 1],
  ["\n\n", 3],
  ['{\n"a": 1,\n}', 3],
  ['{\n"a" 1}', 2],
  ['{\n"a": b\n}', 2],
  ["[1,\n2\n3]", 3],
  ['["a\\q",\n1]', 1],
  ['["a\nb"]', 1],
  ["[1]\n[2]", 2],
  ["[01]", 1],
  ["[\n[1, [2, {}]],\n{", 3],
  ["[1}", 1],
])("%j is no JSON on line %d", (text, line) => {
  expect(faultLine(text)).toBe(line);
});

test("JSON with a wrong character behind a line's end has its fault there", () => {
  fc.assert(fc.property(fc.json(), fc.constantFrom("?", "}", "]", ",", "x"), (json, wrong) => {
    const pretty = JSON.stringify([JSON.parse(json)], null, 1);
    expect(faultLine(`${pretty}\n${wrong}`)).toBe(pretty.split("\n").length + 1);
  }));
});
