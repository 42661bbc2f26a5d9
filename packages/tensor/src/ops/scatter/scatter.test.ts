import { describe, expect, test } from "vitest";
import { createReferenceBackend } from "../../backend/reference/backend.js";
import type { Backend } from "../../backend/contract.js";
import { tensor } from "../../create.js";
import { Generator } from "../../random/generator.js";
import { scatter } from "./scatter.js";
import type { ScatterReduction } from "./scatter.js";
import { segmentMax, segmentMean, segmentMin, segmentProd, segmentSum } from "./segment.js";

const folds: Readonly<Record<Exclude<ScatterReduction, "none">, (values: readonly number[]) => number>> = {
  sum: (values) => values.reduce((a, b) => a + b, 0),
  mean: (values) => values.reduce((a, b) => a + b, 0) / values.length,
  prod: (values) => values.reduce((a, b) => a * b, 1),
  amax: (values) => Math.max(...values),
  amin: (values) => Math.min(...values),
};

/** What each place of x gets, in the order of the sources. */
function collected(rows: number, columns: number, index: Int32Array, src: Float64Array): number[][] {
  const places = Array.from({ length: rows * columns }, (): number[] => []);
  index.forEach((row, i) => places[row * columns + (i % columns)].push(src[i]));
  return places;
}

function expected(x: Float64Array, places: readonly number[][], reduce: ScatterReduction, includeSelf: boolean): number[] {
  return places.map((values, place) => {
    if (values.length === 0) return x[place];
    if (reduce === "none") return values[values.length - 1];
    return folds[reduce](includeSelf ? [x[place], ...values] : values);
  });
}

/** The reference backend, and one that can neither be read at once nor has optional kernels. */
const reference = createReferenceBackend();
const bare: Backend = { ...reference, name: "bare" };
delete bare.sort;
delete bare.cumulative;
delete bare.readSync;

const [rows, columns, count] = [5, 3, 11];
const generator = new Generator(3);
const [x, src] = [new Float64Array(rows * columns), new Float64Array(count * columns)];
generator.fillUniform(x, -1, 1);
generator.fillUniform(src, -1, 1);
const index = Int32Array.from(src, (_, i) => (i * i + 3 * i) % (rows - 1));

describe.each([["the reference backend", reference], ["a backend with required kernels only, read later", bare]])("on %s", (_, backend) => {
  const place = (data: Float64Array | Int32Array, shape: readonly number[]) => tensor(data, { shape, backend });

  test.each(["none", "sum", "mean", "prod", "amax", "amin"] as const)("scatter with %s meets every value once, in order", async (reduce) => {
    for (const includeSelf of [true, false]) {
      const found = scatter(place(x, [rows, columns]), 0, place(index, [count, columns]), place(src, [count, columns]), { reduce, includeSelf });
      const wanted = expected(x, collected(rows, columns, index, src), reduce, includeSelf);
      (await found.data()).forEach((value, i) => { expect(value).toBeCloseTo(wanted[i], 12); });
    }
  });

  test.each([
    ["sum", segmentSum, folds.sum],
    ["mean", segmentMean, folds.mean],
    ["prod", segmentProd, folds.prod],
    ["max", segmentMax, folds.amax],
    ["min", segmentMin, folds.amin],
  ] as const)("segment %s gives 0 for empty segments", async (_, op, fold) => {
    const ids = Int32Array.from({ length: count }, (_, i) => (i * i) % 7);
    const byRow = Int32Array.from(src, (_, i) => ids[Math.floor(i / columns)]);
    const found = await op(place(src, [count, columns]), place(ids, [count]), 8).data();
    collected(8, columns, byRow, src).forEach((values, i) => { expect(found[i]).toBeCloseTo(values.length === 0 ? 0 : fold(values), 12); });
  });
});

test("an unknown reduction names the known ones", () => {
  const call = (): unknown => scatter(tensor([1]), 0, tensor([0], { dtype: "int32" }), 1, { ...{ reduce: "max" as ScatterReduction } });
  expect(call).toThrow('scatter: unknown reduction "max". Use none, sum, mean, prod, amax, amin.');
});
