import { decodeSafetensors, encodeSafetensors } from "@dl/tensor";
import type { TypedArray } from "@dl/tensor";

// The tensor package's safetensors codec knows float16, so rounding is written once: the numbers travel as a file of one tensor.
const name = "x";

/** Little-endian float16 bytes as float32, exactly. */
export function decodeFloat16(raw: Uint8Array): TypedArray {
  const entry = { dtype: "F16", shape: [raw.length / 2], data_offsets: [0, raw.length] };
  const header = new TextEncoder().encode(JSON.stringify({ [name]: entry }));
  const file = new Uint8Array(8 + header.length + raw.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
  file.set(header, 8);
  file.set(raw, 8 + header.length);
  return decodeSafetensors(file, "decodeFloat16").tensors.get(name)?.data ?? new Float32Array(0);
}

/** Float32 as little-endian float16 bytes, ties to even; overflow must have been refused before. */
export function encodeFloat16(data: TypedArray): Uint8Array {
  const file = encodeSafetensors([[name, { dtype: "float32", shape: [data.length], data, fileDtype: "F16" }]]);
  return file.subarray(file.length - 2 * data.length);
}
