let table: Float32Array | undefined;

/** Bytes divided by 255, by a table: a large set is nothing but this loop. `out` is returned. */
export function unitScale(bytes: ArrayLike<number>, out: Float32Array): Float32Array {
  const scaled = (table ??= Float32Array.from({ length: 256 }, (_, byte) => byte / 255));
  for (let i = 0; i < bytes.length; i++) out[i] = scaled[bytes[i]];
  return out;
}
