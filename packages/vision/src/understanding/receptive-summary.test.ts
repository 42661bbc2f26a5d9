import { Conv2d, Flatten, Linear, MaxPool2d, ReLU, Sequential, summary } from "@dl/nn";
import { ShapeError } from "@dl/registry";
import { expect, test } from "vitest";
import { receptiveSummary } from "./index.js";

test("CNN-13 the summary says what units see, and all that nn's says", () => {
  const model = new Sequential(new Conv2d(1, 2, [3, 5]), new ReLU(), new MaxPool2d(2), new Flatten(), new Linear(2 * 3 * 2, 4));
  const shown = receptiveSummary(model, [2, 1, 8, 8]);
  const plain = summary(model, [2, 1, 8, 8]);
  expect([shown.rows, shown.parameters, shown.flops, shown.memory]).toStrictEqual([plain.rows, plain.parameters, plain.flops, plain.memory]);
  expect(shown.fields.map(({ path, field, jump }) => [path, field, jump])).toStrictEqual([["0", [3, 5], [1, 1]], ["1", [3, 5], [1, 1]], ["2", [4, 6], [2, 2]]]);
  const lines = String(shown).split("\n");
  expect(lines[0]).toMatch(/^layer +type +output +parameters +FLOPs +memory +field +jump$/);
  expect(lines[3]).toMatch(/^0 +nn\/Conv2d .* 3 × 5 +1$/);
  expect(lines[5]).toMatch(/^2 +nn\/MaxPool2d .* 4 × 6 +2$/);
  expect(lines[7]).toMatch(/^4 +nn\/Linear .* B$/);
  expect(lines.at(-1)).toBe(String(plain).split("\n").at(-1));
  expect(() => receptiveSummary(model, [1, 8, 8])).toThrow(ShapeError);
});
