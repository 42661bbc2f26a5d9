import { reshaped } from "@dl/tensor";
import { input, output, stridedLayouts, values } from "./kernel-case.js";
import type { KernelCase } from "./kernel-case.js";

type Layout = (typeof stridedLayouts)[number];

interface Product {
  readonly batch?: readonly number[];
  readonly sizes: readonly [rows: number, inner: number, columns: number];
  readonly layouts?: readonly [a: Layout, b: Layout];
}

const product = (name: string, { batch = [], sizes: [m, k, n], layouts = ["contiguous", "contiguous"] }: Product): KernelCase => ({
  kernel: "matmul",
  name,
  tolerance: 1e-4,
  run: (backend) => {
    const [aShape, bShape] = [[...batch, m, k], [...batch, k, n]];
    const a = input(backend, aShape, { layout: layouts[0] });
    const b = input(backend, bShape, { layout: layouts[1], data: values(bShape.reduce((x, y) => x * y, 1), 500) });
    const out = output(backend, [...batch, m, n]);
    backend.matmul(a, b, out);
    return out;
  },
});

const layoutCases = (): KernelCase[] =>
  stridedLayouts.flatMap((a) =>
    stridedLayouts.flatMap((b) => [
      product(`a ${a} matrix times a ${b} one`, { sizes: [5, 7, 6], layouts: [a, b] }),
      product(`a batch of ${a} matrices times ${b} ones`, { batch: [2, 3], sizes: [4, 3, 5], layouts: [a, b] }),
    ]),
  );

/** Around the edges of tiles of 4, 8, 16, 32 and 64. */
const sizeCases = (): KernelCase[] =>
  ([[1, 1, 1], [1, 9, 1], [9, 1, 9], [17, 33, 15], [65, 63, 66], [128, 129, 127], [3, 0, 4], [0, 3, 4]] as const).map((sizes) =>
    product(`[${sizes[0]}, ${sizes[1]}] times [${sizes[1]}, ${sizes[2]}]`, { sizes }),
  );

/** A row that is added to every row of the product, as a layer's bias is. */
const offsetCases = (): KernelCase[] =>
  ([["a bias", [0, 1]], ["a column", [1, 0]], ["a whole matrix", [9, 1]]] as const).map(([name, strides]) => ({
    kernel: "matmul",
    name: `plus ${name}`,
    tolerance: 1e-4,
    run: (backend) => {
      const out = output(backend, [2, 5, 9]);
      const offset = reshaped(input(backend, [5, 9], { data: values(45, 900) }), [2, 5, 9], [0, ...strides]);
      backend.matmul(input(backend, [2, 5, 7]), input(backend, [2, 7, 9], { data: values(126, 500) }), out, offset);
      return out;
    },
  }));

export const matmulCases = (): KernelCase[] => [
  ...offsetCases(),
  ...layoutCases(),
  ...sizeCases(),
  {
    kernel: "matmul",
    name: "NaN and infinities come through",
    run: (backend) => {
      const out = output(backend, [2, 2]);
      backend.matmul(input(backend, [2, 2], { data: [NaN, 1, Infinity, 1] }), input(backend, [2, 2], { data: [1, 0, 1, 1] }), out);
      return out;
    },
  },
];
