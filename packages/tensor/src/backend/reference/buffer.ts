import { BackendError } from "@dl/registry";
import type { TypedArray } from "../../dtype.js";
import type { DeviceBuffer } from "../contract.js";

const isTypedArray = (buffer: DeviceBuffer): buffer is TypedArray => ArrayBuffer.isView(buffer) && !(buffer instanceof DataView);

/** The reference backend's buffers are typed arrays themselves. */
export function arrayOf(view: { readonly buffer: DeviceBuffer }): TypedArray {
  if (!isTypedArray(view.buffer)) {
    throw new BackendError("reference backend", "got a buffer of another backend", "Move the tensor first: x.to(backend)");
  }
  return view.buffer;
}
