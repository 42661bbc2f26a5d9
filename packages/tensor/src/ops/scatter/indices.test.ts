import { expect, test } from "vitest";
import type { Backend } from "../../backend/contract.js";
import { createReferenceBackend } from "../../backend/reference/backend.js";
import { tensor } from "../../create.js";
import { checkIndices } from "./indices.js";

const required = createReferenceBackend();

/** More than are looked at one by one. */
const many = 5000;
const listed = (value: (i: number) => number, dtype: "int32" | "uint8" = "int32", backend: Backend = required) =>
  tensor(Float64Array.from({ length: many }, (_, i) => value(i)), { dtype, backend });

test("the first bad index among many is named, whether it is too small or too large", () => {
  expect(() => { checkIndices("look", listed((i) => (i === 4321 ? -1 : i % 7)), 7); }).toThrow("look: index -1 at position 4321 is not in [0, 7)");
  expect(() => { checkIndices("look", listed((i) => (i >= 4000 ? 7 : i % 7)), 7); }).toThrow("look: index 7 at position 4000 is not in [0, 7)");
  expect(() => { checkIndices("look", listed((i) => i % 256, "uint8"), 255); }).toThrow("look: index 255 at position 255 is not in [0, 255)");
});

test("many good indices are not moved to the host", () => {
  const moved: number[] = [];
  const counting: Backend = { ...required, readSync: (view) => {
    const values = required.readSync?.(view) ?? new Int32Array();
    moved.push(values.length);
    return values;
  } };
  checkIndices("look", listed((i) => i % 7, "int32", counting), 7);
  checkIndices("look", listed((i) => i % 7, "uint8", counting), 7);
  expect(Math.max(...moved)).toBe(1);
});

test("no indices are all right", () => {
  checkIndices("look", tensor(new Int32Array(), { shape: [0] }), 0);
});
