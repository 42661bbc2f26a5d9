import { dtypes, reshaped, showShape, sizeOf } from "@dl/tensor";
import type { ReduceKind } from "@dl/tensor";
import { indices, input, output, picker, program, stridedLayouts, values } from "./kernel-case.js";
import type { KernelCase } from "./kernel-case.js";

/** Around the widths of vectors, tiles and workgroups, and the two that formulas forget. */
const oddSizes = [0, 1, 3, 17, 65];

/** All shapes of so many dims whose sizes are odd ones. */
function oddShapes(numDims: number, sizes: readonly number[] = oddSizes): number[][] {
  if (numDims === 0) return [[]];
  return oddShapes(numDims - 1, sizes).flatMap((shape) => sizes.map((size) => [...shape, size]));
}

const group = "odd shapes";

/** Shapes of up to three dims: those with fewer hold every combination of two. */
const shapesUpTo3 = (sizes?: readonly number[]): number[][] => [1, 2, 3].flatMap((numDims) => oddShapes(numDims, sizes));

function mapCases(): KernelCase[] {
  const pick = picker(1);
  return shapesUpTo3().flatMap((shape) => {
    const layout = pick(stridedLayouts);
    const stretched = pick(shape.map((_, d) => d));
    const row = shape.with(stretched, 1);
    const common = { kernel: "map", group, name: `${showShape(shape)}, one input ${layout}, the other stretched along dim ${stretched}` };
    return [
      {
        ...common,
        tolerance: 1e-6,
        run: (backend) => {
          const out = output(backend, shape);
          backend.map(program(2, (a, b) => a.mul(b).add(a)), [input(backend, shape, { layout }), input(backend, row).expand(shape)], [out], []);
          return out;
        },
      },
      {
        ...common,
        name: `${common.name}, compared`,
        dtypes: ["bool"],
        run: (backend) => {
          const out = output(backend, shape, "bool");
          backend.map(program(2, (a, b) => a.lt(b)), [input(backend, shape, { layout }), input(backend, row).expand(shape)], [out], []);
          return out;
        },
      },
    ];
  });
}

const kinds: readonly ReduceKind[] = ["sum", "max", "min", "argmax", "argmin"];
const dimSets: Readonly<Record<number, readonly (readonly number[])[]>> = { 1: [[0]], 2: [[0], [1], [0, 1]], 3: [[0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]] };

function reduction(kind: ReduceKind, shape: readonly number[], dims: readonly number[], layout: (typeof stridedLayouts)[number]): KernelCase {
  const dtype = kind.startsWith("arg") ? "int32" : "float32";
  return {
    kernel: "reduce",
    group,
    name: `${kind} of a ${layout} ${showShape(shape)} over ${showShape(dims)}`,
    dtypes: [dtype],
    tolerance: kind === "sum" ? 1e-5 : 0,
    run: (backend) => {
      const out = output(backend, shape.filter((_, d) => !dims.includes(d)), dtype);
      backend.reduce(kind, null, [input(backend, shape, { layout })], [], dims, out);
      return out;
    },
  };
}

/** Every kind over every set of dims of one and two; in three dims one of each, in turn. Only a sum of nothing has a value. */
function reduceCases(): KernelCase[] {
  const pick = picker(2);
  const exists = (kind: ReduceKind, shape: readonly number[], dims: readonly number[]): boolean => kind === "sum" || dims.every((d) => shape[d] > 0);
  const small = [1, 2].flatMap((numDims) => oddShapes(numDims)).flatMap((shape) => kinds.flatMap((kind) => dimSets[shape.length].map((dims) => ({ kind, shape, dims }))));
  const large = oddShapes(3).flatMap((shape) => [1, 2].map(() => ({ kind: pick(kinds), shape, dims: pick(dimSets[3]) })));
  return [...small, ...large].filter(({ kind, shape, dims }) => exists(kind, shape, dims)).map(({ kind, shape, dims }) => reduction(kind, shape, dims, pick(stridedLayouts)));
}

function matmulCases(): KernelCase[] {
  const pick = picker(3);
  return oddShapes(3).map(([m, k, n]) => {
    const batch = pick([[], [], [1], [3]]);
    const [layoutA, layoutB] = [pick(stridedLayouts), pick(stridedLayouts)];
    const [a, b] = [[...batch, m, k], [...batch, k, n]];
    const hasOffset = pick([false, true]);
    return {
      kernel: "matmul",
      group,
      name: `a ${layoutA} ${showShape(a)} times a ${layoutB} ${showShape(b)}${hasOffset ? " plus a row" : ""}`,
      tolerance: 1e-4,
      run: (backend) => {
        const out = output(backend, [...batch, m, n]);
        const offset = hasOffset ? reshaped(input(backend, [n]), out.shape, [...out.shape.slice(1).map(() => 0), 1]) : undefined;
        backend.matmul(input(backend, a, { layout: layoutA }), input(backend, b, { layout: layoutB, data: values(sizeOf(b), 500) }), out, offset);
        return out;
      },
    };
  });
}

/** Rows or columns of a matrix, by an index of as many as a third size says. */
function indexCases(): KernelCase[] {
  const pick = picker(4);
  return oddShapes(3).flatMap(([length, across, count]) =>
    [0, 1].flatMap((dim): KernelCase[] => {
      if (length === 0 && count * across > 0) return [];
      const oriented = (size: number): number[] => (dim === 0 ? [size, across] : [across, size]);
      const shape = oriented(count);
      const index = Array.from({ length: sizeOf(shape) }, (_, i) => (i * i + 3 * i) % length);
      const layout = pick(stridedLayouts);
      const where = `dim ${dim} of ${showShape(oriented(length))}, ${count} of a ${layout} input`;
      return [
        {
          kernel: "gather",
          group,
          name: `from ${where}`,
          dtypes: ["int32"],
          run: (backend) => {
            const out = output(backend, shape);
            backend.gather(input(backend, oriented(length), { layout }), indices(backend, index, shape), dim, out);
            return out;
          },
        },
        {
          kernel: "scatterAdd",
          group,
          name: `to ${where}`,
          dtypes: ["int32"],
          tolerance: 1e-5,
          run: (backend) => {
            const out = input(backend, oriented(length));
            backend.scatterAdd(indices(backend, index, shape), input(backend, shape, { layout }), dim, out);
            return out;
          },
        },
      ];
    }),
  );
}

/** Of every dtype: those of one byte end between words. */
function copyCases(): KernelCase[] {
  const pick = picker(5);
  return dtypes.flatMap((dtype) =>
    [...oddShapes(2), ...oddShapes(3, [1, 3, 17])].map((shape): KernelCase => {
      const layout = pick(stridedLayouts);
      const scattered = pick([false, true]);
      return {
        kernel: "copy",
        group: `${group} of ${dtype}`,
        name: `a ${layout} ${showShape(shape)}${scattered ? " into every other column of another" : ""}`,
        dtypes: [dtype],
        run: (backend) => {
          const data = Int8Array.from({ length: sizeOf(shape) }, (_, i) => (dtype === "bool" ? i % 2 : (7 * i) % 100));
          const last = shape.length - 1;
          const out = output(backend, scattered ? shape.with(last, 2 * shape[last]) : shape, dtype);
          backend.copy(input(backend, shape, { layout, dtype, data }), scattered ? out.slice(last, 0, 2 * shape[last], 2) : out);
          return out;
        },
      };
    }),
  );
}

/** An input of a kernel that works along a dim; optional ones never get an empty one. */
export interface OddLine {
  readonly shape: readonly number[];
  readonly dim: number;
  readonly layout: (typeof stridedLayouts)[number];
}

/** A case for each odd shape with one of its dims, for kernels that work along a dim. */
export function oddLineCases(seed: number, kernel: string, make: (line: OddLine) => Omit<KernelCase, "kernel" | "group" | "name">): KernelCase[] {
  const pick = picker(seed);
  return shapesUpTo3(oddSizes.slice(1)).map((shape) => {
    const oddLine = { shape, dim: pick(shape.map((_, d) => d)), layout: pick(stridedLayouts) };
    return { kernel, group, name: `a ${oddLine.layout} ${showShape(shape)} along dim ${oddLine.dim}`, ...make(oddLine) };
  });
}

/** 0, 1, 3, 17 and 65 in every dim of every kernel that all backends have. */
export const oddCases = (): KernelCase[] => [...mapCases(), ...reduceCases(), ...matmulCases(), ...indexCases(), ...copyCases()];
