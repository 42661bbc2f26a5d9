import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { arrangements, contestants, differences, output, placed, plain, resultsOf } from "../odd-views.js";
import type { Arrangement, Contestants } from "../odd-views.js";

let all: Contestants;
beforeAll(async () => { all = await contestants(); });

interface Problem {
  readonly rows: number;
  readonly steps: number;
  readonly columns: number;
  readonly a: Arrangement;
  readonly b: Arrangement;
  /** Of what is added, if anything. */
  readonly offset: Arrangement | null;
}

/** Around the few rows, or the one column, that are multiplied without packing, and around widths of vectors. */
const problems: fc.Arbitrary<Problem> = fc.record({
  rows: fc.constantFrom(1, 2, 3, 4, 5, 17),
  steps: fc.constantFrom(1, 3, 4, 15, 16, 17, 65, 300),
  columns: fc.constantFrom(1, 2, 3, 7, 8, 15, 16, 17, 33, 65),
  a: arrangements,
  b: arrangements,
  offset: fc.option(arrangements),
});

const wave = (i: number): number => Math.sin(1.7 * i + 0.3);

describe("products", () => {
  test("few rows, one column and others give what the reference backend gives, whatever lies where", () => {
    fc.assert(
      fc.property(problems, ({ rows, steps, columns, a, b, offset }) => {
        const results = resultsOf(all, (backend) => {
          const view = (shape: readonly number[], arrangement: Arrangement) => placed(backend, { dtype: "float32", shape, arrangement, value: wave });
          const out = output(backend, "float32", [rows, columns]);
          backend.matmul(view([rows, steps], a), view([steps, columns], b), out, offset === null ? undefined : view([rows, columns], offset));
          return [out];
        });
        expect(differences(results, 1e-5)).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  test("of int8 all are exact", () => {
    const whole = (i: number): number => ((i * 97 + 31) % 256) - 128;
    fc.assert(
      fc.property(problems, ({ rows, steps, columns, a, b, offset }) => {
        const results = resultsOf(all, (backend) => {
          const view = (shape: readonly number[], arrangement: Arrangement, dtype: "int8" | "int32" = "int8") => placed(backend, { dtype, shape, arrangement, value: whole });
          const out = output(backend, "int32", [rows, columns]);
          backend.matmul(view([rows, steps], a), view([steps, columns], b), out, offset === null ? undefined : view([rows, columns], offset, "int32"));
          return [out];
        });
        expect(differences(results, 0)).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  test("the number of threads changes no bit", () => {
    for (const [rows, columns] of [[1, 1000], [3, 1000], [1000, 1], [70, 90]]) {
      const [, one, two] = resultsOf(all, (backend) => {
        const view = (shape: readonly number[]) => placed(backend, { dtype: "float32", shape, arrangement: plain, value: wave });
        const out = output(backend, "float32", [rows, columns]);
        backend.matmul(view([rows, 500]), view([500, columns]), out);
        return [out];
      });
      expect(two).toEqual(one);
    }
  });
});
