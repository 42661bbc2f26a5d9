import type { ReduceKind } from "@dl/tensor";
import { indices, input, output, program, stridedLayouts, values } from "./kernel-case.js";
import type { KernelCase } from "./kernel-case.js";

const kinds: readonly ReduceKind[] = ["sum", "max", "min", "argmax", "argmin"];
const picks = (kind: ReduceKind): boolean => kind === "argmax" || kind === "argmin";

interface Reduction {
  readonly kind: ReduceKind;
  readonly shape: readonly number[];
  readonly dims: readonly number[];
  readonly data?: ArrayLike<number>;
  readonly layout?: (typeof stridedLayouts)[number];
}

const reduction = (name: string, { kind, shape, dims, data, layout }: Reduction): KernelCase => ({
  kernel: "reduce",
  name: `${kind} ${name}`,
  dtypes: picks(kind) ? ["float32", "int32"] : ["float32"],
  tolerance: kind === "sum" ? 1e-5 : 0,
  run: (backend) => {
    const out = output(backend, shape.filter((_, d) => !dims.includes(d)), picks(kind) ? "int32" : "float32");
    backend.reduce(kind, null, [input(backend, shape, { ...(data && { data }), ...(layout && { layout }) })], [], dims, out);
    return out;
  },
});

const dimCases = (): KernelCase[] =>
  kinds.flatMap((kind) =>
    [[0], [1], [2], [0, 2], [1, 2], [0, 1, 2]].flatMap((dims) =>
      stridedLayouts.map((layout) => reduction(`over dims [${dims.join(", ")}] of a ${layout} input`, { kind, dims, layout, shape: [3, 4, 5] })),
    ),
  );

/** Longer than any vector, so that each lane and the rest of a line meet NaN. */
const length = 37;
const diagonalNaN = Float64Array.from({ length: length * length }, (_, i) => (i % (length + 1) === 0 ? NaN : (7 * i) % 11));

const specialCases = (): KernelCase[] => {
  const rows = [1, NaN, 3, NaN, Infinity, -Infinity, 0, 2, 5, 5, -1, 5];
  return [
    ...kinds.map((kind) => reduction("of rows with NaN, infinities and ties", { kind, shape: [3, 4], dims: [1], data: rows })),
    ...kinds.flatMap((kind) => [0, 1].map((dim) => reduction(`of lines along dim ${dim}, each with a NaN at another place`, { kind, shape: [length, length], dims: [dim], data: diagonalNaN }))),
    ...kinds.map((kind) => reduction("of lines of infinities", { kind, shape: [2, 9], dims: [1], data: Float64Array.from({ length: 18 }, (_, i) => (i < 9 ? Infinity : -Infinity)) })),
  ];
};

/** Whole numbers that floats cannot tell apart, the lowest one of all among them. */
const integerCases = (): KernelCase[] =>
  kinds.map((kind) => ({
    kernel: "reduce",
    group: "int32 keeps every bit",
    name: `${kind} of int32`,
    dtypes: ["int32"],
    run: (backend) => {
      const out = output(backend, [2], "int32");
      const data = [16777217, 16777219, -2147483648, 16777216, 0, -5, -16777217, -16777219, -16777218, -16777216, -7, -16777220];
      backend.reduce(kind, null, [indices(backend, data, [2, 6])], [], [1], out);
      return out;
    },
  }));

const count = 1_000_000;

/** 0.1 is no sum of few powers of two: adding up one by one in float32 drifts by 1e-3. */
const largeSum = (name: string, shape: readonly number[], dims: readonly number[]): KernelCase => ({
  kernel: "reduce",
  name: `sum of ${name} keeps 1e-6 relative`,
  tolerance: 1e-6,
  run: (backend) => {
    const out = output(backend, shape.filter((_, d) => !dims.includes(d)));
    backend.reduce("sum", null, [input(backend, shape, { data: new Float64Array(count).fill(0.1) })], [], dims, out);
    return out;
  },
});

export const reduceCases = (): KernelCase[] => [
  ...dimCases(),
  ...specialCases(),
  ...integerCases(),
  reduction("of no elements is 0", { kind: "sum", shape: [2, 0], dims: [1] }),
  reduction("into no elements", { kind: "max", shape: [0, 3], dims: [1] }),
  reduction("of one element", { kind: "sum", shape: [1], dims: [0] }),
  largeSum("1 M floats in a line", [count], [0]),
  largeSum("1 M floats in columns", [count / 4, 4], [0]),
  {
    kernel: "reduce",
    name: "sum of a formula",
    tolerance: 1e-5,
    run: (backend) => {
      const out = output(backend, [3]);
      const inputs = [input(backend, [3, 7], { layout: "transposed" }), input(backend, [3, 7], { data: values(21, 50) })];
      backend.reduce("sum", program(2, (a, b) => a.mul(b).exp()), inputs, [], [1], out);
      return out;
    },
  },
];
