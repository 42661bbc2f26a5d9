import { describe, expect, test } from "vitest";
import { cumulative as byHost } from "../../backend/host/cumulative.js";
import { createReferenceBackend } from "../../backend/reference/backend.js";
import type { Backend, View } from "../../backend/contract.js";
import { tensor } from "../../create.js";
import { sizeOf } from "../../shape.js";
import { contiguousView } from "../../view.js";
import { cumulativeByDoubling } from "./doubling.js";

const required = createReferenceBackend();

function result(run: NonNullable<Backend["cumulative"]>, kind: "sum" | "max" | "min", x: View, dim: number): number[] {
  const out = contiguousView(required.alloc(x.dtype, sizeOf(x.shape)), x.dtype, x.shape);
  run(kind, x, dim, out);
  return Array.from(required.readSync?.(out) ?? []);
}

const byDoubling: NonNullable<Backend["cumulative"]> = (...args) => { cumulativeByDoubling(required, ...args); };

describe.each(["sum", "max", "min"] as const)("the doubling scan of %s", (kind) => {
  test.each([[[1], 0], [[2], 0], [[13], 0], [[3, 5, 2], 1], [[9, 4], 0], [[2, 32], 1]] as const)("agrees with the host on shape %j along dim %i", (shape, dim) => {
    // Whole numbers, whose sums are exact in any order.
    const values = Float64Array.from({ length: sizeOf(shape) }, (_, i) => ((i * 37) % 19) - 9);
    for (const dtype of ["float32", "float64", "int32"] as const) {
      const x = tensor(values, { shape, dtype, backend: required });
      expect(result(byDoubling, kind, x, dim)).toEqual(result(byHost, kind, x, dim));
      const strided = tensor(values, { shape: shape.toReversed(), dtype, backend: required }).permute(shape.map((_, d) => shape.length - 1 - d));
      expect(result(byDoubling, kind, strided, dim)).toEqual(result(byHost, kind, strided, dim));
    }
  });

  test("carries NaN on", () => {
    const x = tensor([2, NaN, 1, 3, 0], { backend: required });
    expect(result(byDoubling, kind, x, 0)).toEqual([2, NaN, NaN, NaN, NaN]);
    expect(result(byHost, kind, x, 0)).toEqual([2, NaN, NaN, NaN, NaN]);
  });
});
