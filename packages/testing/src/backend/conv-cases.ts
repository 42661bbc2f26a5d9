import { showShape, sizeOf } from "@dl/tensor";
import type { Backend, Convolution } from "@dl/tensor";
import { input, output, picker, stridedLayouts, values } from "./kernel-case.js";
import type { KernelCase } from "./kernel-case.js";

type Layout = (typeof stridedLayouts)[number];

/** Kernels of convolution and its two gradients: one geometry is a case of each. */
const kernels = ["convolve", "convolveInput", "convolveWeight"] as const;

interface Setting {
  readonly name: string;
  readonly group?: string;
  readonly samples?: number;
  readonly channels: number;
  readonly outputs: number;
  readonly sizes: readonly number[];
  readonly kernel: readonly number[];
  readonly geometry?: Partial<Convolution>;
  /** Of the two operands, whichever they are. */
  readonly layouts?: readonly [Layout, Layout];
}

/** Windows that fit. */
const fitting = (sizes: readonly number[], { kernel, stride, padding, dilation }: Omit<Convolution, "out">): number[] =>
  sizes.map((size, d) => Math.floor((padding[d][0] + size + padding[d][1] - dilation[d] * (kernel[d] - 1) - 1) / stride[d]) + 1);

function complete(sizes: readonly number[], kernel: readonly number[], own: Partial<Convolution> = {}): Convolution {
  const every = (value: number): number[] => sizes.map(() => value);
  const rest = { kernel, stride: every(1), padding: sizes.map(() => [0, 0] as const), dilation: every(1), groups: 1, ...own };
  return { ...rest, out: own.out ?? fitting(sizes, rest) };
}

function cases({ name, group, samples = 2, channels, outputs, sizes, kernel, geometry: own, layouts = ["contiguous", "contiguous"] }: Setting): KernelCase[] {
  const geometry = complete(sizes, kernel, own);
  const shapes = {
    x: [samples, channels, ...sizes],
    w: [outputs, channels / geometry.groups, ...kernel],
    y: [samples, outputs, ...geometry.out],
  };
  const operand = (backend: Backend, which: "x" | "w" | "y", k: 0 | 1): ReturnType<typeof input> =>
    input(backend, shapes[which], { layout: layouts[k], data: values(sizeOf(shapes[which]), 700 * k) });
  const run: Readonly<Record<(typeof kernels)[number], KernelCase["run"]>> = {
    convolve: (backend) => {
      const out = output(backend, shapes.y);
      backend.convolve?.(operand(backend, "x", 0), operand(backend, "w", 1), out, geometry);
      return out;
    },
    convolveInput: (backend) => {
      const out = output(backend, shapes.x);
      backend.convolveInput?.(operand(backend, "y", 0), operand(backend, "w", 1), out, geometry);
      return out;
    },
    convolveWeight: (backend) => {
      const out = output(backend, shapes.w);
      backend.convolveWeight?.(operand(backend, "x", 0), operand(backend, "y", 1), out, geometry);
      return out;
    },
  };
  return kernels.map((which) => ({ kernel: which, name, ...(group !== undefined && { group }), tolerance: 1e-4, run: run[which] }));
}

const square = (size: number): readonly number[] => [size, size];

const settings: readonly Setting[] = [
  { name: "lines", channels: 3, outputs: 5, sizes: [17], kernel: [3] },
  { name: "images", channels: 3, outputs: 5, sizes: [9, 7], kernel: [3, 2] },
  { name: "volumes", channels: 2, outputs: 3, sizes: [5, 4, 6], kernel: [2, 3, 2] },
  { name: "images with a border of zeros", channels: 3, outputs: 4, sizes: [6, 8], kernel: square(3), geometry: { padding: [[1, 1], [1, 1]] } },
  { name: "another border on each side", channels: 2, outputs: 4, sizes: [5, 6], kernel: square(3), geometry: { padding: [[0, 2], [3, 1]] } },
  { name: "steps of 2 and 3", channels: 3, outputs: 4, sizes: [11, 10], kernel: square(3), geometry: { stride: [2, 3] } },
  { name: "steps that leave the last elements out", channels: 2, outputs: 3, sizes: [10, 12], kernel: square(3), geometry: { stride: [4, 5] } },
  { name: "spread taps", channels: 3, outputs: 2, sizes: [9, 12], kernel: square(3), geometry: { dilation: [2, 3] } },
  { name: "two groups", channels: 6, outputs: 4, sizes: [7, 6], kernel: square(3), geometry: { groups: 2, padding: [[1, 1], [1, 1]] } },
  { name: "a group per channel", channels: 5, outputs: 5, sizes: [8, 9], kernel: square(3), geometry: { groups: 5, padding: [[1, 1], [1, 1]], stride: [1, 2] } },
  { name: "a group per channel, two outputs of each", channels: 4, outputs: 8, sizes: [6, 6], kernel: square(2), geometry: { groups: 4 } },
  { name: "windows of one element", channels: 17, outputs: 19, sizes: [5, 3], kernel: square(1) },
  { name: "windows of one element in steps", channels: 3, outputs: 4, sizes: [6, 7], kernel: square(1), geometry: { stride: [2, 2] } },
  { name: "a window as large as the image", channels: 3, outputs: 4, sizes: [5, 6], kernel: [5, 6] },
  { name: "a window larger than the image", channels: 2, outputs: 3, sizes: [2, 3], kernel: square(5), geometry: { padding: [[2, 2], [2, 2]] } },
  { name: "windows that see nothing but zeros", channels: 2, outputs: 2, sizes: [3, 3], kernel: square(2), geometry: { padding: [[4, 4], [4, 4]] } },
  { name: "fewer windows than fit", channels: 2, outputs: 3, sizes: [9, 9], kernel: square(3), geometry: { stride: [2, 2], out: [3, 2] } },
  { name: "many channels", samples: 1, channels: 65, outputs: 33, sizes: [5, 4], kernel: square(3), geometry: { padding: [[1, 1], [1, 1]] } },
  { name: "all of it together", samples: 3, channels: 6, outputs: 9, sizes: [13, 11], kernel: [3, 2], geometry: { stride: [2, 1], dilation: [2, 3], padding: [[2, 1], [0, 2]], groups: 3 } },
];

const layoutSettings = (): Setting[] =>
  stridedLayouts.flatMap((first) =>
    stridedLayouts.map((second) => ({ name: `${first} with ${second} operands`, channels: 4, outputs: 6, sizes: [5, 6], kernel: square(3), geometry: { groups: 2, padding: [[1, 1], [0, 1]] }, layouts: [first, second] })),
  );

/** Sizes of 1, 3, 17 and 65 meet windows, steps, borders and groups in a fixed, irregular order. */
function oddSettings(): Setting[] {
  const pick = picker(8);
  const small = [1, 3, 17];
  return Array.from({ length: 60 }, (_, i): Setting => {
    const numDims = 1 + (i % 3);
    const draw = <T>(list: readonly T[]): T[] => Array.from({ length: numDims }, () => pick(list));
    const sizes = draw(numDims === 1 ? [...small, 65] : numDims === 2 ? small : [1, 3]);
    const groups = pick([1, 1, 3]);
    const own = { stride: draw([1, 2, 3]), dilation: draw([1, 1, 2]), groups };
    const kernel = draw([1, 2, 3]);
    // So much border that a window fits.
    const padding = sizes.map((size, d) => {
      const missing = Math.max(0, own.dilation[d] * (kernel[d] - 1) + 1 - size);
      return [pick([0, 1]) + Math.ceil(missing / 2), pick([0, 1, 2]) + Math.floor(missing / 2)] as const;
    });
    const [samples, channels, outputs] = [pick([1, 3]), groups * pick([1, 3]), groups * pick([1, 3, 17])];
    const name = `${showShape([samples, channels, ...sizes])} → ${outputs} channels, ${groups} groups, windows ${showShape(kernel)}, steps ${showShape(own.stride)}, taps ${showShape(own.dilation)} apart`;
    return { name, group: "odd shapes", samples, channels, outputs, sizes, kernel, geometry: { ...own, padding }, layouts: [pick(stridedLayouts), pick(stridedLayouts)] };
  });
}

/** Cases of one of the three kernels. */
export const convCases = (kernel: (typeof kernels)[number]): KernelCase[] =>
  [...settings, ...layoutSettings(), ...oddSettings()].flatMap(cases).filter((item) => item.kernel === kernel);
