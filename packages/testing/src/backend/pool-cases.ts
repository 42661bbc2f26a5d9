import { showShape, sizeOf } from "@dl/tensor";
import type { Lattice } from "@dl/tensor";
import { input, output, picker, values } from "./kernel-case.js";
import type { KernelCase } from "./kernel-case.js";

interface Setting {
  readonly name: string;
  readonly group?: string;
  readonly shape: readonly number[];
  readonly lattice: Pick<Lattice, "kernel"> & Partial<Lattice>;
  readonly data?: ArrayLike<number>;
}

/** Both outputs, a case each. */
function cases({ name, group, shape, lattice: { kernel, stride = kernel, dilation = kernel.map(() => 1) }, data = values(sizeOf(shape)) }: Setting): KernelCase[] {
  const fitting = shape.slice(2).map((size, d) => Math.floor((size - dilation[d] * (kernel[d] - 1) - 1) / stride[d]) + 1);
  const out = [...shape.slice(0, 2), ...fitting];
  return (["values", "positions"] as const).map((result) => ({
    kernel: "maxPool",
    name: `${result} of ${name}`,
    ...(group !== undefined && { group }),
    dtypes: ["int32"],
    run: (backend) => {
      const outs = { values: output(backend, out), positions: output(backend, out, "int32") };
      backend.maxPool?.(input(backend, shape, { data }), { kernel, stride, dilation }, outs.values, outs.positions);
      return outs[result];
    },
  }));
}

const plane = [2, 3, 9, 10];
const numbers = (count: number, value: (i: number) => number): Float64Array => Float64Array.from({ length: count }, (_, i) => value(i));

const settings: readonly Setting[] = [
  { name: "lines", shape: [2, 3, 17], lattice: { kernel: [3] } },
  { name: "images", shape: plane, lattice: { kernel: [2, 2] } },
  { name: "volumes", shape: [1, 2, 5, 6, 4], lattice: { kernel: [2, 3, 2], stride: [1, 2, 2] } },
  { name: "windows that overlap", shape: plane, lattice: { kernel: [3, 3], stride: [2, 1] } },
  { name: "windows apart from each other", shape: plane, lattice: { kernel: [2, 2], stride: [3, 4] } },
  { name: "spread taps", shape: plane, lattice: { kernel: [3, 2], stride: [1, 1], dilation: [2, 3] } },
  { name: "a window as large as the image", shape: plane, lattice: { kernel: [9, 10] } },
  { name: "windows of one element", shape: plane, lattice: { kernel: [1, 1], stride: [1, 2] } },
  { name: "equal elements, of which the first wins", shape: plane, lattice: { kernel: [3, 3], stride: [1, 2] }, data: numbers(540, (i) => (i * i) % 3) },
  { name: "NaN at many places, which wins", shape: plane, lattice: { kernel: [3, 3], stride: [1, 2] }, data: numbers(540, (i) => (i % 7 === 0 ? NaN : (5 * i) % 11)) },
  { name: "infinities", shape: plane, lattice: { kernel: [2, 2], stride: [1, 1] }, data: numbers(540, (i) => [-Infinity, -Infinity, 3, Infinity, -3.4e38][(i * i) % 5]) },
  { name: "lines of nothing but −∞", shape: [1, 1, 6], lattice: { kernel: [3] }, data: numbers(6, () => -Infinity) },
];

/** Sizes of 1, 3, 17 and 65 with windows that fit. */
function oddSettings(): Setting[] {
  const pick = picker(9);
  return Array.from({ length: 60 }, (_, i): Setting => {
    const numDims = 1 + (i % 3);
    const sizes = Array.from({ length: numDims }, () => pick(numDims === 3 ? [1, 3, 17] : [1, 3, 17, 65]));
    const kernel = sizes.map((size) => pick([1, 2, 3].filter((k) => k <= size)));
    const dilation = sizes.map((size, d) => pick([1, 2].filter((step) => step * (kernel[d] - 1) < size)));
    const stride = sizes.map(() => pick([1, 2, 3]));
    const shape = [pick([1, 3]), pick([1, 3]), ...sizes];
    const name = `${showShape(shape)}, windows ${showShape(kernel)}, steps ${showShape(stride)}, taps ${showShape(dilation)} apart`;
    return { name, group: "odd shapes", shape, lattice: { kernel, stride, dilation } };
  });
}

export const poolCases = (): KernelCase[] => [...settings, ...oddSettings()].flatMap(cases);
