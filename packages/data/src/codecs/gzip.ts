import { FormatError } from "@dl/registry";
import { inflateSync } from "fflate";
import { crc32 } from "./crc32.js";

const TRAILER_BYTES = 8;
const HEADER_BYTES = 10;

const Flag = { headerCrc: 2, extra: 4, name: 8, comment: 16, reserved: 0xe0 } as const;

/** Whether the bytes begin as a gzip file does. */
export const isGzip = (bytes: Uint8Array): boolean => bytes.length >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;

const hex = (value: number): string => `0x${value.toString(16).padStart(8, "0")}`;

function truncated(where: string, bytes: Uint8Array): FormatError {
  return new FormatError(where, `the gzip file ends too early, at byte ${bytes.length}`, "Fetch the file again", { offset: bytes.length });
}

/** The offset of the deflate stream, behind the fixed header and its optional fields. */
function headerEnd(bytes: Uint8Array, where: string): number {
  if (bytes.length < HEADER_BYTES) throw truncated(where, bytes);
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
    if (zero < 0) throw truncated(where, bytes);
    end = zero + 1;
  }
  if (flags & Flag.headerCrc) end += 2;
  if (!(end + TRAILER_BYTES <= bytes.length)) throw truncated(where, bytes);
  return end;
}

function inflate(bytes: Uint8Array, start: number, where: string): Uint8Array {
  try {
    return inflateSync(bytes.subarray(start, bytes.length - TRAILER_BYTES));
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    if (cause.message === "unexpected EOF") throw truncated(where, bytes);
    const error = new FormatError(where, `the deflate stream at byte ${start} is corrupt (${cause.message})`, "Fetch the file again", { offset: start });
    error.cause = cause;
    throw error;
  }
}

/**
 * Unpacks a gzip file (one member) and checks its length and CRC-32. (RFC 1952)
 * @param where names the file in errors
 * @throws FormatError with the byte offset when the file is not gzip, ends too early, or is corrupt
 */
export function gunzip(bytes: Uint8Array, where = "gunzip"): Uint8Array {
  if (!isGzip(bytes)) {
    const start = [...bytes.subarray(0, 2)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    throw new FormatError(where, `byte 0 is not the start of a gzip file: expected 1f 8b, got ${start || "no bytes"}`, "Check the file", { offset: 0 });
  }
  const data = inflate(bytes, headerEnd(bytes, where), where);
  const offset = bytes.length - TRAILER_BYTES;
  const trailer = new DataView(bytes.buffer, bytes.byteOffset + offset, TRAILER_BYTES);
  const size = trailer.getUint32(4, true);
  if (size !== data.length % 2 ** 32) {
    throw new FormatError(
      where,
      `the trailer at byte ${offset} promises ${size} bytes, the stream holds ${data.length}`,
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
