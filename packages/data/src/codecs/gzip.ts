import { checkOptions, FormatError } from "@dl/registry";
import { truncated } from "./broken.js";
import { crc32 } from "./crc32.js";
import { checkExpansion, DEFAULT_MAX_BYTES, heldBytes, inflate, type UnpackOptions } from "./inflate.js";

const TRAILER_BYTES = 8;
const HEADER_BYTES = 10;

const Flag = { headerCrc: 2, extra: 4, name: 8, comment: 16, reserved: 0xe0 } as const;

/** Whether the bytes begin as a gzip file does. */
export const isGzip = (bytes: Uint8Array): boolean => bytes.length >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;

const hex = (value: number): string => `0x${value.toString(16).padStart(8, "0")}`;

/** The offset of the deflate stream, behind the fixed header and its optional fields. */
function headerEnd(bytes: Uint8Array, where: string): number {
  if (bytes.length < HEADER_BYTES) throw truncated(where, "gzip", bytes);
  if (bytes[2] !== 8) {
    throw new FormatError(where, `byte 2 names compression method ${bytes[2]}; gzip has only 8 (deflate)`, "Check the file", { offset: 2 });
  }
  const flags = bytes[3];
  if (flags & Flag.reserved) throw new FormatError(where, `byte 3 has reserved flags set (${hex(flags)})`, "Check the file", { offset: 3 });
  let end = HEADER_BYTES;
  if (flags & Flag.extra) end += 2 + bytes[end] + 256 * bytes[end + 1];
  for (const field of [Flag.name, Flag.comment]) {
    if (!(flags & field)) continue;
    const zero = bytes.indexOf(0, end);
    if (zero < 0) throw truncated(where, "gzip", bytes);
    end = zero + 1;
  }
  if (flags & Flag.headerCrc) end += 2;
  if (!(end + TRAILER_BYTES <= bytes.length)) throw truncated(where, "gzip", bytes);
  return end;
}

function unpack(bytes: Uint8Array, start: number, size: number, where: string): Uint8Array {
  try {
    return inflate(bytes.subarray(start, bytes.length - TRAILER_BYTES), size);
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    if (cause.message === "unexpected EOF") throw truncated(where, "gzip", bytes);
    const error = new FormatError(where, `the deflate stream at byte ${start} is corrupt (${cause.message})`, "Fetch the file again", { offset: start });
    error.cause = cause;
    throw error;
  }
}

/**
 * Unpacks a gzip file (one member) and checks its length and CRC-32. (RFC 1952)
 * @param where names the file in errors
 * @throws FormatError with the byte offset when the file is not gzip, ends too early, or is corrupt; and when it expands beyond `maxBytes`
 */
export function gunzip(bytes: Uint8Array, where = "gunzip", options: UnpackOptions = {}): Uint8Array {
  checkOptions("gunzip", options, ["maxBytes"]);
  if (!isGzip(bytes)) {
    const start = [...bytes.subarray(0, 2)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    throw new FormatError(where, `byte 0 is not the start of a gzip file: expected 1f 8b, got ${start || "no bytes"}`, "Check the file", { offset: 0 });
  }
  const start = headerEnd(bytes, where);
  const offset = bytes.length - TRAILER_BYTES;
  const trailer = new DataView(bytes.buffer, bytes.byteOffset + offset, TRAILER_BYTES);
  const size = trailer.getUint32(4, true);
  checkExpansion(where, size, bytes.length, options.maxBytes ?? DEFAULT_MAX_BYTES);
  const data = unpack(bytes, start, size, where);
  if (size !== data.length) {
    throw new FormatError(
      where,
      `the trailer at byte ${offset} promises ${size} bytes, the stream holds ${heldBytes(data, size)}`,
      "Fetch the file again; if it was joined from several gzip files, unpack it first",
      { offset, expected: size, got: data.length },
    );
  }
  const expected = trailer.getUint32(0, true);
  const got = crc32(data);
  if (expected !== got) {
    throw new FormatError(where, `the CRC-32 is ${hex(got)}, the trailer at byte ${offset} says ${hex(expected)}`, "Fetch the file again", { offset, expected, got });
  }
  return data;
}

/** The content of a file that may be packed by gzip or not. */
export const unpackIfGzip = (bytes: Uint8Array, where: string): Uint8Array => (isGzip(bytes) ? gunzip(bytes, where) : bytes);
