import { sizeOf } from "@dl/tensor";
import type { Backend, View } from "@dl/tensor";
import { indices, input, output, stridedLayouts } from "./kernel-case.js";
import type { KernelCase } from "./kernel-case.js";
import { oddLineCases } from "./odd-cases.js";

type Layout = (typeof stridedLayouts)[number];

interface Sorting {
  readonly shape: readonly number[];
  readonly dim?: number;
  readonly data?: ArrayLike<number>;
  readonly layout?: Layout;
}

const results = ["values", "indices"] as const;
const directions = [false, true] as const;

/** Both outputs of `sort` in both directions, a case each. */
const bothDirections = (name: string, { shape, dim = shape.length - 1, data, layout }: Sorting): KernelCase[] =>
  directions.flatMap((descending) =>
    results.map((result) => ({
      kernel: "sort",
      name: `${result} ${name}, ${descending ? "descending" : "ascending"}`,
      dtypes: ["float32", "int32"],
      run: (backend) => {
        const outs = { values: output(backend, shape), indices: output(backend, shape, "int32") };
        backend.sort?.(input(backend, shape, { ...(data && { data }), ...(layout && { layout }) }), dim, descending, outs.values, outs.indices);
        return outs[result];
      },
    })),
  );

const rows = [1, NaN, 3, NaN, Infinity, -Infinity, 0, -0, 5, 5, -1, 5];
/** Few values over many places, so that nearly every one is tied. */
const repeats = Float64Array.from({ length: 300 }, (_, i) => (7 * i * i) % 5);

export const sortCases = (): KernelCase[] => [
  ...[0, 1, 2].flatMap((dim) => stridedLayouts.flatMap((layout) => bothDirections(`along dim ${dim} of a ${layout} input`, { shape: [3, 4, 5], dim, layout }))),
  ...bothDirections("of rows with NaN, infinities, zeros and ties", { shape: [3, 4], data: rows }),
  ...bothDirections("of 300 elements of 5 values keep their order", { shape: [300], data: repeats }),
  ...[1, 2, 31, 32, 33, 1000].flatMap((length) => bothDirections(`of lines of ${length}`, { shape: [2, length] })),
  {
    kernel: "sort",
    name: "int32 is told apart above 2^24",
    dtypes: ["int32"],
    run: (backend) => {
      const out = output(backend, [4], "int32");
      backend.sort?.(indices(backend, [16777218, 16777217, -16777217, 16777216]), 0, false, out, output(backend, [4], "int32"));
      return out;
    },
  },
  ...oddLineCases(6, "sort", ({ shape, dim, layout }) => ({
    dtypes: ["int32"],
    run: (backend) => {
      const outs = { values: output(backend, shape), indices: output(backend, shape, "int32") };
      backend.sort?.(input(backend, shape, { layout }), dim, sizeOf(shape) % 4 === 3, outs.values, outs.indices);
      return outs.indices;
    },
  })),
];

const kinds = ["sum", "max", "min"] as const;

const scan = (backend: Backend, kind: (typeof kinds)[number], x: View, dim: number): View => {
  const out = output(backend, x.shape, x.dtype);
  backend.cumulative?.(kind, x, dim, out);
  return out;
};

export const cumulativeCases = (): KernelCase[] => [
  ...kinds.flatMap((kind) => {
    const common = { kernel: "cumulative", tolerance: kind === "sum" ? 1e-5 : 0 };
    return [
      ...[0, 1, 2].flatMap((dim) =>
        stridedLayouts.map((layout): KernelCase => ({
          ...common,
          name: `${kind} along dim ${dim} of a ${layout} input`,
          run: (backend) => scan(backend, kind, input(backend, [3, 4, 5], { layout }), dim),
        })),
      ),
      { ...common, name: `${kind} of rows with NaN, infinities and zeros`, run: (backend: Backend) => scan(backend, kind, input(backend, [3, 4], { data: rows }), 1) },
      { ...common, name: `${kind} of a line of 1000`, run: (backend: Backend) => scan(backend, kind, input(backend, [1000]), 0) },
      {
        ...common,
        name: `${kind} of int32 keeps every bit`,
        dtypes: ["int32" as const],
        run: (backend: Backend) => scan(backend, kind, indices(backend, [16777217, 2, -16777219, 2147483647]), 0),
      },
    ];
  }),
  ...oddLineCases(7, "cumulative", ({ shape, dim, layout }) => ({
    tolerance: 1e-5,
    run: (backend) => scan(backend, kinds[shape.length - 1], input(backend, shape, { layout }), dim),
  })),
];
