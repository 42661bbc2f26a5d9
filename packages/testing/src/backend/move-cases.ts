import { zeros } from "@dl/tensor";
import type { Backend, Tensor, View } from "@dl/tensor";
import { indices, input, output, stridedLayouts, values } from "./kernel-case.js";
import type { KernelCase } from "./kernel-case.js";

/** Read from the last element to the first, as `flip` does. */
const backwards = (x: Tensor): View => ({
  buffer: x.buffer,
  dtype: x.dtype,
  shape: x.shape,
  strides: x.strides.map((stride) => -stride),
  offset: x.offset + x.shape.reduce((at, size, d) => at + (size - 1) * x.strides[d], 0),
});

const copyCase = (name: string, source: (backend: Backend) => View): KernelCase => ({
  kernel: "copy",
  name,
  run: (backend) => {
    const from = source(backend);
    const out = output(backend, from.shape);
    backend.copy(from, out);
    return out;
  },
});

const copyCases = (): KernelCase[] => [
  ...stridedLayouts.flatMap((layout) => [
    copyCase(`a ${layout} source`, (backend) => input(backend, [3, 4, 5], { layout })),
    copyCase(`a ${layout} source with negative strides`, (backend) => backwards(input(backend, [3, 4, 5], { layout }))),
  ]),
  copyCase("an empty source", (backend) => input(backend, [0, 3])),
  copyCase("NaN, infinities and the sign of zero", (backend) => input(backend, [5], { data: [NaN, Infinity, -Infinity, -0, 0] })),
  {
    kernel: "copy",
    name: "into a strided target, leaving the rest alone",
    run: (backend) => {
      const target = input(backend, [4, 6], { data: values(24, 100) });
      backend.copy(input(backend, [3, 2], { layout: "transposed" }), target.slice(0, 1).slice(1, 1, 5, 2).transpose().transpose());
      return target;
    },
  },
];

const gatherCase = (name: string, dim: number, index: readonly number[], layout: (typeof stridedLayouts)[number]): KernelCase => ({
  kernel: "gather",
  name: `along dim ${dim} of a ${layout} input${name}`,
  dtypes: ["float32", "int32"],
  run: (backend) => {
    const shape = dim === 0 ? [index.length / 4, 4] : [3, index.length / 3];
    const out = output(backend, shape);
    backend.gather(input(backend, [3, 4], { layout }), indices(backend, index, shape), dim, out);
    return out;
  },
});

const scatterCase = (dim: number, index: readonly number[], layout: (typeof stridedLayouts)[number]): KernelCase => ({
  kernel: "scatterAdd",
  name: `repeated indices along dim ${dim}, from a ${layout} source`,
  dtypes: ["float32", "int32"],
  tolerance: 1e-5,
  run: (backend) => {
    const shape = dim === 0 ? [index.length / 4, 4] : [3, index.length / 3];
    const out = input(backend, [3, 4], { data: values(12, 30) });
    backend.scatterAdd(indices(backend, index, shape), input(backend, shape, { layout }), dim, out);
    return out;
  },
});

const byRows = [0, 2, 1, 0, 2, 2, 1, 1, 0, 0, 1, 2, 2, 2, 2, 2];
const byColumns = [3, 3, 0, 1, 1, 1, 2, 0, 0];

export const moveCases = (): KernelCase[] => [
  ...copyCases(),
  ...stridedLayouts.flatMap((layout) => [
    gatherCase("", 0, byRows, layout),
    gatherCase("", 1, byColumns, layout),
    scatterCase(0, byRows, layout),
    scatterCase(1, byColumns, layout),
  ]),
  gatherCase(", no indices", 0, [], "contiguous"),
  {
    kernel: "gather",
    name: "with an index of strides 0, as indexSelect stretches it",
    dtypes: ["float32", "int32"],
    run: (backend) => {
      const out = output(backend, [4, 5]);
      backend.gather(input(backend, [3, 5]), indices(backend, [2, 0, 2, 1], [4, 1]).expand([4, 5]), 0, out);
      return out;
    },
  },
  {
    kernel: "scatterAdd",
    name: "10,000 values into one element",
    dtypes: ["float32", "int32"],
    tolerance: 1e-4,
    run: (backend) => {
      const out = zeros([2], { backend });
      backend.scatterAdd(indices(backend, new Array<number>(10_000).fill(1)), input(backend, [10_000]), 0, out);
      return out;
    },
  },
];
