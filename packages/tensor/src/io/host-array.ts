import { DTypeError, ShapeError } from "@dl/registry";
import { dtypeOfArray } from "../dtype.js";
import type { DType, TypedArray } from "../dtype.js";
import { checkShape, showShape, sizeOf } from "../shape.js";
import type { Shape } from "../shape.js";

/** What a file decodes to, and is written from: numbers on the host, in row-major order, tied to no backend. */
export interface HostArray {
  readonly dtype: DType;
  readonly shape: Shape;
  /** Of the type that `dtype` says; bool is a Uint8Array of 0 and 1. */
  readonly data: TypedArray;
  /** The file's own name of the type, where it is not the plain one of `dtype`: an "I64" of PyTorch enters as int32, and is written as I64. */
  readonly fileDtype?: string;
}

/**
 * @throws DTypeError when `data` is not the array of `dtype`
 * @throws ShapeError when its length is not the product of `shape`
 */
export function checkHostArray(where: string, name: string, { dtype, shape, data }: HostArray): void {
  checkShape(where, shape);
  const stored = dtypeOfArray(data);
  if (stored !== (dtype === "bool" ? "uint8" : dtype)) {
    throw new DTypeError(where, `"${name}" is ${dtype}, but its data is ${stored}`, "Give the typed array that belongs to the dtype", { name });
  }
  if (data.length !== sizeOf(shape)) {
    throw new ShapeError(
      where,
      `"${name}" has ${data.length} numbers for shape ${showShape(shape)}, which takes ${sizeOf(shape)}`,
      "Give the shape of the data",
      { name, shape, length: data.length },
    );
  }
}
