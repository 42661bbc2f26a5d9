import { BackendError } from "@dl/registry";
import { bytesOf, sizeOf } from "@dl/tensor";
import type { DType, TypedArray, View } from "@dl/tensor";
import type { Engine } from "../engine.js";
import { WasmBuffer } from "../heap/buffer.js";

export function bufferOf(view: { readonly buffer: object }): WasmBuffer {
  if (view.buffer instanceof WasmBuffer) return view.buffer;
  throw new BackendError("wasm", "got a buffer of another backend or of another thread's", "Move the tensor first: x.to(backend). Between threads send x.data(), not the tensor");
}

/** Byte address of the first element of a view that is read. */
export function addressToRead(engine: Engine, view: View): number {
  return engine.heap.reading(bufferOf(view).cell) + view.offset * bytesOf(view.dtype);
}

/** Byte address of the first element of a contiguous view that is written as a whole. */
export function addressToWrite(engine: Engine, view: View): number {
  const { cell, size } = bufferOf(view);
  const pointer = view.offset === 0 && sizeOf(view.shape) === size ? engine.heap.overwriting(cell) : engine.heap.reading(cell);
  return pointer + view.offset * bytesOf(view.dtype);
}

/** The heap as an array of a dtype, to be indexed by address / bytesOf(dtype). */
function heapArray(engine: Engine, dtype: DType): TypedArray {
  const { heap } = engine;
  if (dtype === "float32") return heap.f32;
  if (dtype === "int32") return heap.i32;
  return dtype === "int8" ? heap.i8 : heap.u8;
}

/** The same view over the heap as one array: what kernels in JavaScript take. */
export const onHost = (engine: Engine, view: View): View => ({
  buffer: heapArray(engine, view.dtype),
  dtype: view.dtype,
  shape: view.shape,
  strides: view.strides,
  offset: addressToRead(engine, view) / bytesOf(view.dtype),
});
