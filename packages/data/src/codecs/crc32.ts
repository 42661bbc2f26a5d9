function buildTable(): Uint32Array {
  const table = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let remainder = byte;
    for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
    table[byte] = remainder;
  }
  return table;
}

let table: Uint32Array | undefined;

/** CRC-32 as gzip, zip and PNG use it: polynomial 0xEDB88320, reflected. (ISO 3309) */
export function crc32(bytes: Uint8Array): number {
  const steps = (table ??= buildTable());
  let remainder = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) remainder = steps[(remainder ^ bytes[i]) & 0xff] ^ (remainder >>> 8);
  return (remainder ^ 0xffffffff) >>> 0;
}
