import { tensor } from "@dl/tensor";
import type { DType, Tensor } from "@dl/tensor";
import type { StoredTensor } from "./cases.js";

const ours: Readonly<Record<string, DType>> = {
  float32: "float32", float64: "float64", int32: "int32", int64: "int32", uint8: "uint8", int8: "int8", bool: "bool",
};

const fitsInt32 = (value: number): boolean => value === (value | 0);

/** Whether we have the dtype; int64 is int32 here, so its values must fit. */
export const isOurs = ({ dtype, data }: StoredTensor): boolean =>
  Object.hasOwn(ours, dtype) && (dtype !== "int64" || data.every((value) => fitsInt32(Number(value))));

export const toTensor = ({ dtype, shape, data }: StoredTensor): Tensor => tensor(data.map(Number), { dtype: ours[dtype], shape });

export interface Tolerance {
  readonly rtol: number;
  readonly atol: number;
}

/** Values that are not finite must be the same. */
const isClose = (actual: number, expected: number, { rtol, atol }: Tolerance): boolean =>
  Number.isFinite(expected) ? Math.abs(actual - expected) <= atol + rtol * Math.abs(expected) : Object.is(actual, expected);

/** What is wrong with `actual`: dtype, shape or the first value that is too far off. `undefined` when nothing is. */
export function difference(actual: Tensor, expected: StoredTensor, tolerance: Tolerance): string | undefined {
  const dtype = ours[expected.dtype];
  if (actual.dtype !== dtype) return `dtype ${actual.dtype} instead of ${dtype}`;
  if (actual.shape.join() !== expected.shape.join()) return `shape [${actual.shape.join()}] instead of [${expected.shape.join()}]`;
  const values = actual.dataSync();
  const wrong = expected.data.findIndex((value, i) => !isClose(values[i], Number(value), tolerance));
  return wrong === -1 ? undefined : `${values[wrong]} instead of ${String(expected.data[wrong])} at position ${wrong}`;
}
