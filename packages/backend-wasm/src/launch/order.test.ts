import fc from "fast-check";
import { cumsum, sort, sizeOf, tensor } from "@dl/tensor";
import type { Backend, CumulativeKind, DType, TypedArray, View } from "@dl/tensor";
import { beforeAll, describe, expect, test } from "vitest";
import { arrangements, contestants, differences, mustRead, oddShapes, output, placed, plain, resultsOf } from "../odd-views.js";
import type { Arrangement, Contestants } from "../odd-views.js";

let all: Contestants;
beforeAll(async () => { all = await contestants(); });

const specials = [NaN, Infinity, -Infinity, 0, -0, 1e-42, -1e-42, 3.4e38];

/** Few values over many places, so that ties abound; floats are NaN, infinite or a zero now and then. */
const tied = (dtype: DType, seed: number) => (i: number): number => {
  const k = (i * i + 31 * i + seed) % 23;
  if (dtype === "float32") return k < specials.length ? specials[k] : (k - 15) / 4;
  return dtype === "bool" ? k % 2 : dtype === "uint8" ? 11 * k : k - 11;
};

interface Lines {
  readonly shape: readonly number[];
  readonly dim: number;
  readonly dtype: DType;
  readonly arrangement: Arrangement;
  readonly seed: number;
}

const lines = (dtypes: readonly DType[]): fc.Arbitrary<Lines> =>
  oddShapes(1, 4).filter((shape) => sizeOf(shape) > 0).chain((shape) =>
    fc.record({
      shape: fc.constant(shape),
      dim: fc.nat(shape.length - 1),
      dtype: fc.constantFrom(...dtypes),
      arrangement: arrangements,
      seed: fc.nat(1000),
    }),
  );

const shown = (backend: Backend, { dtype, shape, arrangement, seed }: Lines): View => placed(backend, { dtype, shape, arrangement, value: tied(dtype, seed) });

/** Where the backend has no kernel, the op has the host compute the same from a copy. */
function sorted(backend: Backend, x: View, dim: number, descending: boolean): readonly View[] {
  if (backend.sort === undefined) {
    const { values, indices } = sort(tensor(mustRead(backend, x), { shape: x.shape, dtype: x.dtype, backend }), { dim, descending });
    return [values, indices];
  }
  const outs = [output(backend, x.dtype, x.shape), output(backend, "int32", x.shape)] as const;
  backend.sort(x, dim, descending, ...outs);
  return outs;
}

describe("sort", () => {
  test("orders lines as the host does, whatever lies where", () => {
    fc.assert(
      fc.property(lines(["float32", "int32", "uint8", "int8", "bool"]), fc.boolean(), (problem, descending) => {
        expect(differences(resultsOf(all, (backend) => sorted(backend, shown(backend, problem), problem.dim, descending)))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test.each([1, 2, 39, 40, 41, 42, 255, 256, 257, 5000, 100_003])("orders a line of %i in both directions", (length) => {
    for (const dtype of ["float32", "int32"] as const) {
      for (const descending of [false, true]) {
        const value = (i: number): number => (dtype === "int32" ? Math.imul(i + 1, 2_654_435_761) : Math.sin(i) * 2 ** ((7 * i) % 60));
        const run = (backend: Backend): readonly View[] => sorted(backend, placed(backend, { dtype, shape: [length], arrangement: plain, value }), 0, descending);
        expect(differences(resultsOf(all, run))).toEqual([]);
      }
    }
  });

  test("gives back the room that it worked in", () => {
    for (const backend of all.others) {
      const x = placed(backend, { dtype: "float32", shape: [20_000], arrangement: plain, value: Math.sin });
      const outs = [output(backend, "float32", [20_000]), output(backend, "int32", [20_000])] as const;
      const before = backend.memory?.();
      for (let i = 0; i < 50; i++) backend.sort?.(x, 0, false, ...outs);
      expect(backend.memory?.()).toEqual(before);
    }
  });
});

const running: Readonly<Record<CumulativeKind, { readonly first: number; next(sofar: number, value: number): number }>> = {
  sum: { first: 0, next: (a, b) => a + b },
  max: { first: -Infinity, next: Math.max },
  min: { first: Infinity, next: Math.min },
};

/** In the plainest form: each element with all before it, in float64. */
function scanned(values: TypedArray, shape: readonly number[], dim: number, kind: CumulativeKind): TypedArray {
  const out = values.slice();
  const step = sizeOf(shape.slice(dim + 1));
  const sofar = new Map<number, number>();
  values.forEach((value, i) => {
    const line = Math.floor(i / (step * shape[dim])) * step + (i % step);
    const here = running[kind].next(sofar.get(line) ?? running[kind].first, value);
    sofar.set(line, here);
    out[i] = here;
  });
  return out;
}

describe("cumulative", () => {
  test("folds lines in float64 as the host does, whatever lies where", () => {
    fc.assert(
      fc.property(lines(["float32", "int32", "uint8", "int8"]), fc.constantFrom<CumulativeKind>("sum", "max", "min"), (problem, kind) => {
        const { shape, dim, dtype } = problem;
        const results = resultsOf(all, (backend) => {
          const x = shown(backend, problem);
          if (backend.cumulative === undefined) return [{ ...output(backend, dtype, shape), buffer: scanned(mustRead(backend, x), shape, dim, kind) }];
          const out = output(backend, dtype, shape);
          backend.cumulative(kind, x, dim, out);
          return [out];
        });
        expect(differences(results)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test("sums of a long line keep what float32 would lose", () => {
    for (const backend of all.others) {
      const x = tensor(new Float32Array(1 << 18).fill(0.1), { backend });
      expect(cumsum(x, 0).slice(0, -1).item()).toBe(Math.fround((1 << 18) * Math.fround(0.1)));
    }
  });
});
