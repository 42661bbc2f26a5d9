import { FormatError } from "@dl/registry";
import { inflateSync } from "fflate";

/** How far an archive may expand when nothing else is said: 4 GiB. */
export const DEFAULT_MAX_BYTES = 4 * 2 ** 30;

/** No deflate stream expands further. (RFC 1951: 258 bytes from two bits.) */
const GREATEST_RATIO = 1032;

export interface UnpackOptions {
  /** Most bytes that may come out, all files together. Default 4 GiB. */
  readonly maxBytes?: number;
}

/** @throws FormatError when `bytes` is more than the bound */
export function checkExpansion(where: string, bytes: number, packed: number, maxBytes: number): void {
  if (bytes <= maxBytes) return;
  throw new FormatError(where, `${packed} packed bytes expand to ${bytes}, the bound is ${maxBytes}`, "If you trust the file, raise maxBytes", { bytes, maxBytes });
}

/**
 * Unpacks a deflate stream that should give `expected` bytes. One byte more than that has room, so that a stream which gives more is seen
 * without unpacking all of it.
 */
export function inflate(packed: Uint8Array, expected: number): Uint8Array {
  const out = new Uint8Array(Math.min(expected + 1, GREATEST_RATIO * (packed.length + 1)));
  try {
    return inflateSync(packed, { out });
  } catch (error) {
    // A stored block that does not fit.
    if (error instanceof RangeError) return out;
    throw error;
  }
}

/** A length in words; `inflate` stops at one byte too many. */
export const heldBytes = (data: Uint8Array, expected: number): string => (data.length > expected ? "more" : String(data.length));
