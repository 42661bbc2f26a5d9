/** Bytes per step. */
const SLICES = 4;

/** At 256·k + b: the remainder of the byte b, followed by k bytes of zero. */
function buildTables(): Uint32Array {
  const tables = new Uint32Array(SLICES * 256);
  for (let byte = 0; byte < 256; byte++) {
    let remainder = byte;
    for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
    tables[byte] = remainder;
  }
  for (let i = 256; i < tables.length; i++) tables[i] = (tables[i - 256] >>> 8) ^ tables[tables[i - 256] & 0xff];
  return tables;
}

let tables: Uint32Array | undefined;

/** CRC-32 as gzip, zip and PNG use it: polynomial 0xEDB88320, reflected (ISO 3309); four bytes at a time (Kounavis and Berry, 2005). */
export function crc32(bytes: Uint8Array): number {
  const after = (tables ??= buildTables());
  const whole = bytes.length - (bytes.length % SLICES);
  let remainder = 0xffffffff;
  for (let i = 0; i < whole; i += SLICES) {
    const next = remainder ^ (bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24));
    remainder = after[768 + (next & 0xff)] ^ after[512 + ((next >>> 8) & 0xff)] ^ after[256 + ((next >>> 16) & 0xff)] ^ after[next >>> 24];
  }
  for (let i = whole; i < bytes.length; i++) remainder = after[(remainder ^ bytes[i]) & 0xff] ^ (remainder >>> 8);
  return (remainder ^ 0xffffffff) >>> 0;
}
