// For tests: views of every arrangement over the same memory on several backends.
import fc from "fast-check";
import { contiguousView, createReferenceBackend, newArray, sizeOf } from "@dl/tensor";
import type { Backend, DType, TypedArray, View } from "@dl/tensor";
import { wasm } from "./wasm.js";

/** How a view of a shape lies in memory. */
export interface Arrangement {
  /** Sorts dims into the order in which they lie, outermost first. */
  readonly order: readonly number[];
  /** Bits of dims that run backwards, that repeat their first element, and that leave every other place out. */
  readonly backwards: number;
  readonly stretched: number;
  readonly apart: number;
}

export const plain: Arrangement = { order: [0, 0, 0, 0], backwards: 0, stretched: 0, apart: 0 };

export const arrangements = fc.record({
  order: fc.array(fc.nat(9), { minLength: 4, maxLength: 4 }),
  backwards: fc.nat(15),
  stretched: fc.oneof(fc.constant(0), fc.nat(15)),
  apart: fc.oneof(fc.constant(0), fc.nat(15)),
});

/** Around the widths of vectors and pieces, and the two that formulas forget. */
const oddSize = fc.constantFrom(0, 1, 3, 17, 65);
const most = 20_000;

export const oddShapes = (minLength: number, maxLength: number): fc.Arbitrary<number[]> =>
  fc.array(oddSize, { minLength, maxLength }).filter((shape) => sizeOf(shape) <= most);

const has = (bits: number, d: number): boolean => ((bits >> d) & 1) === 1;

export interface Placed {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly arrangement: Arrangement;
  /** The element of memory number i. */
  readonly value: (i: number) => number;
}

/** A view over memory of its own. */
export function placed(backend: Backend, { dtype, shape, arrangement, value }: Placed): View {
  const { order, backwards, stretched, apart } = arrangement;
  const strides = shape.map(() => 0);
  let [size, offset] = [1, 0];
  const inwards = shape.map((_, d) => d).sort((a, b) => order[b] - order[a] || b - a);
  for (const d of inwards) {
    if (has(stretched, d)) continue;
    const step = size * (has(apart, d) ? 2 : 1);
    size = step * Math.max(1, shape[d]);
    strides[d] = has(backwards, d) ? -step : step;
    if (has(backwards, d)) offset += step * Math.max(0, shape[d] - 1);
  }
  const memory = newArray(dtype, size);
  for (let i = 0; i < size; i++) memory[i] = value(i);
  return { buffer: backend.write(dtype, memory), dtype, shape, strides, offset };
}

/** A contiguous output, full of what must be overwritten. */
export const output = (backend: Backend, dtype: DType, shape: readonly number[]): View => contiguousView(backend.write(dtype, newArray(dtype, sizeOf(shape)).fill(77)), dtype, shape);

export function mustRead(backend: Backend, view: View): TypedArray {
  if (backend.readSync === undefined) throw new TypeError("the backend cannot be read at once");
  return backend.readSync(view);
}

export interface Contestants {
  readonly reference: Backend;
  readonly others: readonly Backend[];
}

/** The reference backend, and the one under test with one thread and with two. */
export const contestants = async (): Promise<Contestants> => ({
  reference: createReferenceBackend(),
  others: await Promise.all([1, 2].map((threads) => wasm({ threads }).create())),
});

/** What a kernel writes on each backend; the reference's first. */
export const resultsOf = ({ reference, others }: Contestants, run: (backend: Backend) => readonly View[]): TypedArray[][] =>
  [reference, ...others].map((backend) => run(backend).map((view) => mustRead(backend, view)));

/** Where results differ from the first ones: which backend's, which output's, and the first place. Bits of NaN do not matter. */
export function differences([expected, ...found]: readonly (readonly TypedArray[])[], tolerance = 0): string[] {
  const differs = (a: number, b: number): boolean => !Object.is(a, b) && !(Math.abs(a - b) <= tolerance * (1 + Math.abs(b)) && tolerance > 0);
  return found.flatMap((outputs, b) =>
    outputs.flatMap((values, k) => {
      const place = values.length === expected[k].length ? values.findIndex((value, i) => differs(value, expected[k][i])) : values.length;
      return place === -1 ? [] : [`with ${b + 1} threads, output ${k} at ${place}: ${values[place]}, not ${expected[k][place]}`];
    }),
  );
}
