import { BackendError } from "@dl/registry";
import { sizeOf } from "@dl/tensor";
import type { Backend, DType, DeviceBuffer, ReduceKind, TypedArray, View } from "@dl/tensor";
import { naiveAttention } from "./naive-attention.js";
import { naiveConvolutions } from "./naive-conv.js";
import { evaluator, exactPrimitives } from "./naive-formula.js";
import type { Primitives } from "./naive-formula.js";
import { naiveOrder } from "./naive-order.js";
import { naivePool } from "./naive-pool.js";
import { naiveRows } from "./naive-rows.js";

type Index = readonly number[];

const arrays: Readonly<Record<DType, (size: number) => TypedArray>> = {
  float32: (size) => new Float32Array(size),
  float64: (size) => new Float64Array(size),
  int32: (size) => new Int32Array(size),
  bool: (size) => new Uint8Array(size),
  uint8: (size) => new Uint8Array(size),
  int8: (size) => new Int8Array(size),
};

const isArray = (buffer: DeviceBuffer): buffer is TypedArray => ArrayBuffer.isView(buffer) && !(buffer instanceof DataView);

function arrayOf({ buffer }: View): TypedArray {
  if (!isArray(buffer)) throw new BackendError("naive backend", "got a buffer of another backend", "Move the tensor first");
  return buffer;
}

function* indicesOf(shape: readonly number[]): Generator<Index> {
  const size = sizeOf(shape);
  for (let position = 0; position < size; position++) {
    let rest = position;
    yield shape.toReversed().map((length) => {
      const at = rest % length;
      rest = Math.floor(rest / length);
      return at;
    }).reverse();
  }
}

/** How the address of an element is found; the tests plant a wrong one. */
export type Address = (view: View, index: Index) => number;

const strided: Address = ({ strides, offset }, index) => index.reduce((at, i, d) => at + i * strides[d], offset);

/** How a sum is taken; the tests plant a wrong one. */
export type Sum = (values: readonly number[]) => number;

const exactSum: Sum = (values) => values.reduce((a, b) => a + b, 0);

function pick(values: readonly number[], beats: (a: number, b: number) => boolean): number {
  const missing = values.findIndex(Number.isNaN);
  if (missing !== -1) return missing;
  return values.reduce((best, value, i) => (beats(value, values[best]) ? i : best), 0);
}

const folds = (sum: Sum): Readonly<Record<ReduceKind, (values: readonly number[]) => number>> => ({
  sum,
  max: (values) => values.reduce((a, b) => Math.max(a, b), -Infinity),
  min: (values) => values.reduce((a, b) => Math.min(a, b), Infinity),
  argmax: (values) => pick(values, (a, b) => a > b),
  argmin: (values) => pick(values, (a, b) => a < b),
});

export interface Faults {
  readonly address?: Address;
  readonly sum?: Sum;
  readonly primitives?: Partial<Primitives>;
}

/**
 * The contract in its plainest form, an index at a time: what the reference backend itself is compared with,
 * and the body into which the tests plant faults.
 */
export function naiveBackend({ address = strided, sum = exactSum, primitives }: Faults = {}): Backend {
  const formulas = { ...exactPrimitives, ...primitives };
  const get = (view: View, index: Index): number => arrayOf(view)[address(view, index)];
  const set = (view: View, index: Index, value: number): void => { arrayOf(view)[strided(view, index)] = value; };
  const fold = folds(sum);
  const readSync = (view: View): TypedArray => {
    const result = arrays[view.dtype](sizeOf(view.shape));
    let at = 0;
    for (const index of indicesOf(view.shape)) result[at++] = get(view, index);
    return result;
  };
  return {
    name: "naive",
    capabilities: { dtypes: ["float32", "float64", "int32", "bool", "uint8", "int8"], readSync: true, maxOutputs: 16 },
    alloc: (dtype, size) => arrays[dtype](size),
    write: (dtype, data) => {
      const buffer = arrays[dtype](data.length);
      buffer.set(data);
      return buffer;
    },
    read: async (view) => readSync(view),
    readSync,
    free: () => undefined,
    map: (program, inputs, outs, scalars) => {
      const evaluate = evaluator(program, inputs.map(({ dtype }) => dtype), scalars, formulas);
      for (const index of indicesOf(outs[0].shape)) {
        const results = evaluate(inputs.map((input) => get(input, index)));
        outs.forEach((out, k) => { set(out, index, results[k]); });
      }
    },
    reduce: (kind, program, inputs, scalars, dims, out) => {
      const { shape } = inputs[0];
      const evaluate = program === null ? null : evaluator(program, inputs.map(({ dtype }) => dtype), scalars, formulas);
      for (const kept of indicesOf(out.shape)) {
        const values: number[] = [];
        for (const reduced of indicesOf(dims.map((d) => shape[d]))) {
          let next = 0;
          const index = shape.map((_, d) => (dims.includes(d) ? reduced[dims.indexOf(d)] : kept[next++]));
          const elements = inputs.map((input) => get(input, index));
          values.push(evaluate === null ? elements[0] : evaluate(elements)[0]);
        }
        set(out, kept, fold[kind](values));
      }
    },
    matmul: (a, b, out, offset) => {
      const inner = a.shape[a.shape.length - 1];
      for (const index of indicesOf(out.shape)) {
        const batch = index.slice(0, -2);
        const [i, j] = index.slice(-2);
        const product = sum(Array.from({ length: inner }, (_, k) => get(a, [...batch, i, k]) * get(b, [...batch, k, j])));
        set(out, index, product + (offset === undefined ? 0 : get(offset, index)));
      }
    },
    gather: (x, index, dim, out) => {
      for (const at of indicesOf(index.shape)) set(out, at, get(x, at.with(dim, get(index, at))));
    },
    scatterAdd: (index, src, dim, out) => {
      for (const at of indicesOf(index.shape)) {
        const target = at.with(dim, get(index, at));
        set(out, target, get(out, target) + get(src, at));
      }
    },
    copy: (source, target) => {
      for (const index of indicesOf(source.shape)) set(target, index, get(source, index));
    },
    ...naiveOrder({ get, set, indicesOf }),
    ...naiveConvolutions({ get, set, indicesOf }),
    ...naivePool({ get, set, indicesOf }),
    ...naiveAttention({ get, set, indicesOf }),
    ...naiveRows({ get, set, indicesOf }),
  };
}
