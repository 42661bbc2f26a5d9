import { BackendError, ShapeError } from "@dl/registry";
import type { View } from "./backend/contract.js";
import type { TypedArray } from "./dtype.js";
import type { Nested } from "./op/example.js";
import { showShape, sizeOf } from "./shape.js";
import type { Tensor } from "./tensor.js";

type Value = number | boolean;

export const readAsync = (x: Tensor): Promise<TypedArray> => x.backend.read(x);

export function readNow(x: Tensor): TypedArray {
  const { backend } = x;
  if (backend.readSync === undefined) {
    throw new BackendError("dataSync", `backend "${backend.name}" can only be read asynchronously`, "Use await x.data()");
  }
  return backend.readSync(x);
}

export function item(x: Tensor): number {
  if (sizeOf(x.shape) !== 1) {
    throw new ShapeError("item", `the tensor of shape ${showShape(x.shape)} has ${sizeOf(x.shape)} elements, not one`, "Reduce it first, or use toArray()");
  }
  return readNow(x)[0];
}

function nest(data: TypedArray, shape: View["shape"], toValue: (n: number) => Value, at: number, dim: number): Nested {
  if (dim === shape.length) return toValue(data[at]);
  const step = sizeOf(shape.slice(dim + 1));
  return Array.from({ length: shape[dim] }, (_, i) => nest(data, shape, toValue, at + i * step, dim + 1));
}

export function nested(x: Tensor): Nested {
  const toValue = x.dtype === "bool" ? (n: number): Value => n !== 0 : (n: number): Value => n;
  return nest(readNow(x), x.shape, toValue, 0, 0);
}
