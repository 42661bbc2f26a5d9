import fc from "fast-check";
import { avgPool1d, avgPool2d, avgPool3d, contiguousView, maxPool1dWithIndices, maxPool2dWithIndices, maxPool3dWithIndices, sizeOf, tensor } from "@dl/tensor";
import type { Backend, Pool, Tensor, View } from "@dl/tensor";
import { beforeAll, describe, expect, test } from "vitest";
import { WasmBackend } from "../backend.js";
import { contestants, differences, resultsOf } from "../odd-views.js";
import type { Contestants } from "../odd-views.js";

let all: Contestants;
beforeAll(async () => { all = await contestants(); });

/** Bytes that the heap has grown to. */
function heapOf(backend: Backend): number {
  if (!(backend instanceof WasmBackend)) throw new TypeError("the backend has no heap");
  return backend.info.heap.heapBytes;
}

interface Problem {
  readonly shape: readonly number[];
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  readonly padding: readonly number[];
  readonly ceilMode: boolean;
  readonly seed: number;
}

const sizesOf = (numDims: number): fc.Arbitrary<number> => fc.constantFrom(...(numDims === 3 ? [1, 3, 17] : [1, 3, 17, 65]));

const problems: fc.Arbitrary<Problem> = fc.integer({ min: 1, max: 3 }).chain((numDims) => {
  const perDim = (arbitrary: fc.Arbitrary<number>): fc.Arbitrary<number[]> => fc.array(arbitrary, { minLength: numDims, maxLength: numDims });
  return fc
    .record({
      lead: fc.tuple(fc.constantFrom(0, 1, 3), fc.constantFrom(1, 3, 17)),
      sizes: perDim(sizesOf(numDims)),
      kernel: perDim(fc.integer({ min: 1, max: 4 })),
      stride: perDim(fc.integer({ min: 1, max: 3 })),
      dilation: perDim(fc.integer({ min: 1, max: 3 })),
      padding: perDim(fc.nat(4)),
      ceilMode: fc.boolean(),
      seed: fc.nat(1000),
    })
    .map(({ lead, sizes, ...rest }) => ({ shape: [...lead, ...sizes], ...rest }))
    .filter(({ shape, kernel, dilation, padding }) => {
      const extents = kernel.map((size, d) => dilation[d] * (size - 1) + 1);
      return sizeOf(shape) <= 20_000 && extents.every((extent, d) => padding[d] <= extent / 2 && extent <= shape[2 + d] + 2 * padding[d]);
    });
});

const specials = [NaN, -Infinity, -Infinity, -Infinity, Infinity, 0, -0];
const withTies = (seed: number) => (i: number): number => {
  const k = (i * i + 17 * i + seed) % 29;
  return k < specials.length ? specials[k] : Math.trunc(k / 3);
};
const plainNumber = (seed: number) => (i: number): number => 2 * Math.sin(1.7 * i + seed);

/** With steps of two between neighbours where the seed is odd. */
function inputOn(backend: Backend, { shape, seed }: Problem, value: (seed: number) => (i: number) => number): Tensor {
  const data = Float64Array.from({ length: 2 * sizeOf(shape) }, (_, i) => value(seed)(i));
  const wide = tensor(data, { shape: [...shape, 2], backend, dtype: "float32" });
  return seed % 2 === 1 ? wide.select(-1, 1) : wide.select(-1, 0).contiguous();
}

const maxima = { 1: maxPool1dWithIndices, 2: maxPool2dWithIndices, 3: maxPool3dWithIndices } as const;
const means = { 1: avgPool1d, 2: avgPool2d, 3: avgPool3d } as const;

type NumDims = keyof typeof maxima;
const numDimsOf = ({ kernel }: Problem): NumDims => (kernel.length === 1 ? 1 : kernel.length === 2 ? 2 : 3);

describe("pools", () => {
  test("maxima are those that windows and an argmax give", () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const { kernel, seed: _, shape: __, ...options } = problem;
        const results = resultsOf(all, (backend) => {
          const { values, indices } = maxima[numDimsOf(problem)](inputOn(backend, problem, withTies), kernel, options);
          return [values, indices];
        });
        expect(differences(results)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test("means are those that windows and a sum give", () => {
    fc.assert(
      fc.property(problems, fc.boolean(), (problem, countIncludePad) => {
        const { kernel, stride, padding, ceilMode } = problem;
        fc.pre(padding.every((width, d) => width <= kernel[d] / 2 && kernel[d] <= problem.shape[2 + d] + 2 * width));
        const results = resultsOf(all, (backend) => [means[numDimsOf(problem)](inputOn(backend, problem, plainNumber), kernel, { stride, padding, ceilMode, countIncludePad })]);
        expect(differences(results, 1e-6)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test("a large batch is shared out between threads without a difference", () => {
    const problem: Problem = { shape: [16, 16, 28, 28], kernel: [3, 3], stride: [2, 2], dilation: [1, 1], padding: [1, 1], ceilMode: false, seed: 0 };
    const results = resultsOf(all, (backend) => {
      const x = inputOn(backend, problem, withTies);
      const { values, indices } = maxPool2dWithIndices(x, 3, { stride: 2, padding: 1 });
      return [values, indices];
    });
    expect(differences(results)).toEqual([]);
  });

  test("images of many sizes leave no tables behind", () => {
    const pool: Pool = { kernel: [2, 2], stride: [2, 2], dilation: [1, 1], padding: [[0, 0], [1, 1]] };
    for (const backend of all.others) {
      const [image, values, positions] = (["float32", "float32", "int32"] as const).map((dtype) => ({ buffer: backend.write(dtype, new Float32Array(1 << 16)), dtype }));
      const begin = ({ buffer, dtype }: Pick<View, "buffer" | "dtype">, shape: readonly number[]): View => contiguousView(buffer, dtype, shape);
      const images = (from: number, to: number): void => {
        for (let height = from; height < to; height++) {
          const out = [1, 1, height >> 1, 51];
          backend.maxPool?.(begin(image, [1, 1, height, 100]), pool, begin(values, out), begin(positions, out));
        }
      };
      // The largest first: what is kept of them makes room for what comes.
      images(536, 600);
      const held = heapOf(backend);
      images(200, 536);
      expect(heapOf(backend)).toBe(held);
    }
  });

  test("windows that see nothing but padding are −∞, as without a kernel", () => {
    const results = resultsOf(all, (backend) => {
      const { values, indices } = maxPool1dWithIndices(tensor([[[5]]], { backend }), 2, { stride: 1, dilation: 3, padding: 2 });
      return [values, indices];
    });
    expect(differences(results)).toEqual([]);
    expect([...results[0][0]]).toEqual([-Infinity, -Infinity]);
  });
});
