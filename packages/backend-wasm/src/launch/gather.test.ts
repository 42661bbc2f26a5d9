import fc from "fast-check";
import { sizeOf } from "@dl/tensor";
import type { DType } from "@dl/tensor";
import { beforeAll, describe, expect, test } from "vitest";
import { arrangements, contestants, differences, oddShapes, output, placed, plain, resultsOf } from "../odd-views.js";
import type { Arrangement, Contestants } from "../odd-views.js";

let all: Contestants;
beforeAll(async () => { all = await contestants(); });

interface Problem {
  readonly shape: readonly number[];
  readonly dim: number;
  readonly length: number;
  readonly dtype: DType;
  readonly indexDType: DType;
  /** Whether one index counts for all elements of a slice. */
  readonly isList: boolean;
  readonly index: Arrangement;
  readonly other: Arrangement;
  readonly seed: number;
}

const problems: fc.Arbitrary<Problem> = oddShapes(1, 4).chain((shape) =>
  fc.record({
    shape: fc.constant(shape),
    dim: fc.nat(shape.length - 1),
    length: fc.constantFrom(1, 3, 17, 65),
    dtype: fc.constantFrom<DType>("float32", "int32", "uint8", "int8", "bool"),
    indexDType: fc.constantFrom<DType>("int32", "uint8"),
    isList: fc.boolean(),
    index: arrangements,
    other: arrangements,
    seed: fc.nat(1000),
  }).filter((problem) => sizeOf(problem.shape.with(problem.dim, problem.length)) <= 50_000),
);

const indexOf = ({ shape, dim, length, indexDType, isList, index, seed }: Problem) => ({
  dtype: indexDType,
  shape,
  arrangement: isList ? { ...index, stretched: 15 & ~(1 << dim) } : index,
  value: (i: number) => (i * i + 7 * i + seed) % length,
});

/** Irregular, and of every size: sums in another order differ in their last bits. */
const valueOf = (dtype: DType) => (i: number): number => {
  const x = Math.sin(1.7 * i + 0.3) * 2 ** (i % 9);
  if (dtype === "float32") return x;
  if (dtype === "int32") return Math.round(x * 2 ** 22);
  return dtype === "bool" ? i % 2 : Math.round(x) & 127;
};

describe("gather and scatterAdd", () => {
  test("gather gives what the reference backend gives, whatever lies where", () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const { shape, dim, length, dtype, other } = problem;
        const results = resultsOf(all, (backend) => {
          const x = placed(backend, { dtype, shape: shape.with(dim, length), arrangement: other, value: valueOf(dtype) });
          const out = output(backend, dtype, shape);
          backend.gather(x, placed(backend, indexOf(problem)), dim, out);
          return [out];
        });
        expect(differences(results)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test("scatterAdd adds in the same order as the reference backend, with any number of threads", () => {
    fc.assert(
      fc.property(problems, fc.constantFrom([0, 0, 0, 0], [1, 0, 2, 0], [0, 2, 0, 1]), (problem, wider) => {
        const { shape, dim, length, dtype, other } = problem;
        const results = resultsOf(all, (backend) => {
          const outShape = shape.map((size, d) => (d === dim ? length : size === 0 ? 0 : size + wider[d]));
          const out = placed(backend, { dtype, shape: outShape, arrangement: plain, value: valueOf(dtype) });
          backend.scatterAdd(placed(backend, indexOf(problem)), placed(backend, { dtype, shape, arrangement: other, value: valueOf(dtype) }), dim, out);
          return [out];
        });
        expect(differences(results)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test("a table too large for one piece of work is looked up, and its gradient added up, in parts", () => {
    const [rows, width, count] = [300, 96, 2000];
    const index = { dtype: "int32", shape: [count, width], arrangement: { ...plain, stretched: 2 }, value: (i: number) => (i * 37) % rows } as const;
    const results = resultsOf(all, (backend) => {
      const table = placed(backend, { dtype: "float32", shape: [rows, width], arrangement: plain, value: valueOf("float32") });
      const [out, sums] = [output(backend, "float32", [count, width]), output(backend, "float32", [rows, width])];
      backend.gather(table, placed(backend, index), 0, out);
      backend.scatterAdd(placed(backend, index), out, 0, sums);
      return [out, sums];
    });
    expect(differences(results)).toEqual([]);
    expect(results[0].map(({ length }) => length)).toEqual([sizeOf([count, width]), sizeOf([rows, width])]);
  });

  test("int32 wraps around", () => {
    const found = resultsOf(all, (backend) => {
      const out = placed(backend, { dtype: "int32", shape: [2], arrangement: plain, value: () => 2 ** 31 - 1 });
      const src = placed(backend, { dtype: "int32", shape: [3], arrangement: plain, value: (i) => i + 1 });
      backend.scatterAdd(placed(backend, { dtype: "int32", shape: [3], arrangement: plain, value: (i) => i % 2 }), src, 0, out);
      return [out];
    });
    for (const [sums] of found) expect([...sums]).toEqual([-(2 ** 31) + 3, -(2 ** 31) + 1]);
  });
});
