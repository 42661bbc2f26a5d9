import { DTypeError } from "@dl/registry";

/**
 * Element types. `float32` is the default; `float64` lives on the reference backend;
 * `uint8` and `int8` are for storage: arithmetic on them gives int32.
 */
export type DType = "float32" | "float64" | "int32" | "bool" | "uint8" | "int8";

export type TypedArray = Float32Array | Float64Array | Int32Array | Uint8Array | Int8Array;

interface DTypeInfo {
  readonly bytes: number;
  readonly array: new (size: number) => TypedArray;
  /** Position in the promotion order: the wider of two operands wins. */
  readonly rank: number;
}

const table: Readonly<Record<DType, DTypeInfo>> = {
  bool: { bytes: 1, array: Uint8Array, rank: 0 },
  uint8: { bytes: 1, array: Uint8Array, rank: 1 },
  int8: { bytes: 1, array: Int8Array, rank: 2 },
  int32: { bytes: 4, array: Int32Array, rank: 3 },
  float32: { bytes: 4, array: Float32Array, rank: 4 },
  float64: { bytes: 8, array: Float64Array, rank: 5 },
};

export const dtypes = Object.keys(table) as readonly DType[];

export const bytesOf = (dtype: DType): number => table[dtype].bytes;

export const rankOf = (dtype: DType): number => table[dtype].rank;

export const newArray = (dtype: DType, size: number): TypedArray => {
  // The two that every training allocates, spelled out so that V8 inlines them.
  if (dtype === "float32") return new Float32Array(size);
  if (dtype === "int32") return new Int32Array(size);
  return new table[dtype].array(size);
};

export const isFloat = (dtype: DType): boolean => dtype === "float32" || dtype === "float64";

/** The dtype a typed array has by itself; a `Uint8Array` is uint8 unless the caller says bool. */
export function dtypeOfArray(data: TypedArray): DType {
  if (data instanceof Float32Array) return "float32";
  if (data instanceof Float64Array) return "float64";
  if (data instanceof Int32Array) return "int32";
  return data instanceof Int8Array ? "int8" : "uint8";
}

/** The dtype that holds values of both: bool < uint8 < int8 < int32 < float32 < float64; uint8 with int8 gives int32. */
export function promote(a: DType, b: DType): DType {
  if (a === b) return a;
  if ((a === "uint8" && b === "int8") || (a === "int8" && b === "uint8")) return "int32";
  return rankOf(a) >= rankOf(b) ? a : b;
}

/** @throws DTypeError when `dtype` is not one of ours */
export function checkDType(where: string, dtype: string): asserts dtype is DType {
  if (!Object.hasOwn(table, dtype)) {
    throw new DTypeError(where, `unknown dtype "${dtype}"`, `Use one of ${dtypes.join(", ")}`, { dtype });
  }
}
