import { showShape, sizeOf } from "@dl/tensor";
import type { Backend, Pool, View } from "@dl/tensor";
import { input, output, picker, values } from "./kernel-case.js";
import type { KernelCase } from "./kernel-case.js";

interface Setting {
  readonly name: string;
  readonly group?: string;
  readonly shape: readonly number[];
  readonly pool: Pick<Pool, "kernel"> & Partial<Pool>;
  readonly data?: ArrayLike<number>;
}

type PoolKernel = "maxPool" | "maxPoolGradient" | "sumPool" | "sumPoolGradient";

/** What a kernel is run on: planes, and the shape of what their windows give. */
interface Problem {
  readonly backend: Backend;
  readonly pool: Pool;
  readonly data: ArrayLike<number>;
  readonly planes: readonly number[];
  readonly windows: readonly number[];
}

const results: Readonly<Record<PoolKernel, Readonly<Record<string, (problem: Problem) => View>>>> = {
  maxPool: {
    values: (problem) => maxima(problem).values,
    positions: (problem) => maxima(problem).positions,
  },
  maxPoolGradient: {
    sums: (problem) => {
      const { backend, pool, planes, windows } = problem;
      const out = output(backend, planes);
      backend.maxPoolGradient?.(input(backend, windows), maxima(problem).positions, pool, out);
      return out;
    },
  },
  sumPool: {
    sums: ({ backend, pool, data, planes, windows }) => {
      const out = output(backend, windows);
      backend.sumPool?.(input(backend, planes, { data }), pool, out);
      return out;
    },
  },
  sumPoolGradient: {
    sums: ({ backend, pool, planes, windows }) => {
      const out = output(backend, planes);
      backend.sumPoolGradient?.(input(backend, windows), pool, out);
      return out;
    },
  },
};

function maxima({ backend, pool, data, planes, windows }: Problem): { readonly values: View; readonly positions: View } {
  const outs = { values: output(backend, windows), positions: output(backend, windows, "int32") };
  backend.maxPool?.(input(backend, planes, { data }), pool, outs.values, outs.positions);
  return outs;
}

/** Windows touch, without spread taps or padding, where nothing else is said. */
const spelledOut = ({ kernel, stride, dilation, padding }: Setting["pool"]): Pool => ({
  kernel,
  stride: stride ?? kernel,
  dilation: dilation ?? kernel.map(() => 1),
  padding: padding ?? kernel.map(() => [0, 0]),
});

/** Each output of a kernel, a case each. */
function cases(kernel: PoolKernel, { name, group, shape: planes, pool: given, data = values(sizeOf(planes)) }: Setting): KernelCase[] {
  const pool = spelledOut(given);
  const room = planes.slice(2).map((size, d) => pool.padding[d][0] + size + pool.padding[d][1] - pool.dilation[d] * (pool.kernel[d] - 1) - 1);
  const windows = [...planes.slice(0, 2), ...room.map((size, d) => Math.floor(size / pool.stride[d]) + 1)];
  return Object.entries(results[kernel]).map(([result, run]) => ({
    kernel,
    name: `${result} of ${name}`,
    ...(group !== undefined && { group }),
    dtypes: kernel.startsWith("maxPool") ? ["int32"] : ["float32"],
    tolerance: kernel === "maxPool" ? 0 : 1e-5,
    run: (backend) => run({ backend, pool, data, planes, windows }),
  }));
}

const plane = [2, 3, 9, 10];
const numbers = (count: number, value: (i: number) => number): Float64Array => Float64Array.from({ length: count }, (_, i) => value(i));

const settings: readonly Setting[] = [
  { name: "lines", shape: [2, 3, 17], pool: { kernel: [3] } },
  { name: "images", shape: plane, pool: { kernel: [2, 2] } },
  { name: "volumes", shape: [1, 2, 5, 6, 4], pool: { kernel: [2, 3, 2], stride: [1, 2, 2] } },
  { name: "windows that overlap", shape: plane, pool: { kernel: [3, 3], stride: [2, 1] } },
  { name: "windows apart from each other", shape: plane, pool: { kernel: [2, 2], stride: [3, 4] } },
  { name: "spread taps", shape: plane, pool: { kernel: [3, 2], stride: [1, 1], dilation: [2, 3] } },
  { name: "windows over the borders", shape: plane, pool: { kernel: [3, 3], stride: [2, 2], padding: [[1, 1], [1, 1]] } },
  { name: "windows over one corner", shape: plane, pool: { kernel: [4, 3], stride: [3, 1], padding: [[0, 2], [1, 0]] } },
  { name: "spread taps over the borders", shape: plane, pool: { kernel: [3, 2], stride: [1, 2], dilation: [2, 3], padding: [[2, 1], [2, 2]] } },
  { name: "volumes with a border", shape: [1, 2, 5, 6, 4], pool: { kernel: [2, 3, 2], stride: [1, 2, 2], padding: [[1, 1], [1, 0], [0, 1]] } },
  { name: "a window as large as the image", shape: plane, pool: { kernel: [9, 10] } },
  { name: "windows of one element", shape: plane, pool: { kernel: [1, 1], stride: [1, 2] } },
  { name: "equal elements, of which the first wins", shape: plane, pool: { kernel: [3, 3], stride: [1, 2] }, data: numbers(540, (i) => (i * i) % 3) },
  { name: "NaN at many places, which wins", shape: plane, pool: { kernel: [3, 3], stride: [1, 2] }, data: numbers(540, (i) => (i % 7 === 0 ? NaN : (5 * i) % 11)) },
  { name: "infinities", shape: plane, pool: { kernel: [2, 2], stride: [1, 1] }, data: numbers(540, (i) => [-Infinity, -Infinity, 3, Infinity, -3.4e38][(i * i) % 5]) },
  { name: "lines of nothing but −∞", shape: [1, 1, 6], pool: { kernel: [3] }, data: numbers(6, () => -Infinity) },
  { name: "nothing but −∞ and padding", shape: [1, 1, 6], pool: { kernel: [3], padding: [[1, 1]] }, data: numbers(6, () => -Infinity) },
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
    return { name, group: "odd shapes", shape, pool: { kernel, stride, dilation } };
  });
}

export const poolCases = (kernel: PoolKernel): KernelCase[] => [...settings, ...oddSettings()].flatMap((setting) => cases(kernel, setting));
