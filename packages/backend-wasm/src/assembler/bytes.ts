/** Pieces of a binary, nested as they were put together; flattened once at the end. */
export type Piece = number | readonly Piece[];

export function flatten(piece: Piece, into: number[] = []): number[] {
  if (typeof piece === "number") into.push(piece);
  else for (const part of piece) flatten(part, into);
  return into;
}

/** Unsigned LEB128. */
export function u32(value: number): number[] {
  const bytes: number[] = [];
  let rest = value >>> 0;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
}

/** Signed LEB128. */
export function s32(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    const done = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
    bytes.push(done ? low : low | 0x80);
    if (done) return bytes;
  }
}

const scratch = new DataView(new ArrayBuffer(8));

const littleEndian = (count: number): number[] => Array.from({ length: count }, (_, i) => scratch.getUint8(i));

export function f32(value: number): number[] {
  scratch.setFloat32(0, value, true);
  return littleEndian(4);
}

export function f64(value: number): number[] {
  scratch.setFloat64(0, value, true);
  return littleEndian(8);
}

export function i32Bytes(value: number): number[] {
  scratch.setInt32(0, value, true);
  return littleEndian(4);
}

/** A name; only ASCII occurs. */
export const text = (value: string): Piece => [u32(value.length), Array.from({ length: value.length }, (_, i) => value.charCodeAt(i))];

/** A length in front of the bytes themselves. */
export function sized(content: Piece): Piece {
  const bytes = flatten(content);
  return [u32(bytes.length), bytes];
}

/** A count in front of the items. */
export const vector = (items: readonly Piece[]): Piece => [u32(items.length), items];
