import { checkOptions, ValueError } from "@dl/registry";
import type { HostArray } from "@dl/tensor";
import { convertIndexedToRgb, decode, encode, type DecodedPng } from "fast-png";
import { broken, truncated, viewOf } from "./broken.js";
import { crc32 } from "./crc32.js";
import { checkPixels, interleave, planesOf, type DecodeImageOptions } from "./image.js";

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const latin1 = /* @__PURE__ */ new TextDecoder("latin1");

/** Whether the bytes begin as a PNG file does. */
export const isPng = (bytes: Uint8Array): boolean => SIGNATURE.every((byte, i) => bytes[i] === byte);

/** Walks through the chunks up to IEND and checks their sums, so that what is damaged is named by its place. */
function checkChunks(bytes: Uint8Array, where: string, maxPixels: number | undefined): void {
  const view = viewOf(bytes);
  let type = "";
  for (let at = SIGNATURE.length; type !== "IEND"; ) {
    if (at + 12 > bytes.length) throw truncated(where, "PNG", bytes);
    const length = view.getUint32(at);
    const end = at + 12 + length;
    if (end > bytes.length) throw truncated(where, "PNG", bytes);
    const first = type === "";
    type = latin1.decode(bytes.subarray(at + 4, at + 8));
    if (crc32(bytes.subarray(at + 4, end - 4)) !== view.getUint32(end - 4)) throw broken(where, at, `the CRC-32 of chunk ${JSON.stringify(type)} does not fit`);
    if (first) {
      if (type !== "IHDR" || length !== 13) throw broken(where, at, `the first chunk is ${JSON.stringify(type)}, not the header (IHDR)`);
      checkPixels(where, view.getUint32(at + 8), view.getUint32(at + 12), maxPixels);
    }
    at = end;
  }
}

function decoded(bytes: Uint8Array, where: string): DecodedPng {
  try {
    return decode(bytes);
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    const reason = cause.cause instanceof Error ? cause.cause.message : cause.message;
    throw broken(where, 0, `the picture cannot be decoded (${reason})`, undefined, cause);
  }
}

/** Grey of 1, 2 or 4 bits, several pixels to the byte; rows begin on a byte. */
function unpackedGrey({ width, height, depth, data }: DecodedPng): Uint8Array {
  const rowBytes = Math.ceil((width * depth) / 8);
  const out = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bit = x * depth;
      out[y * width + x] = (data[y * rowBytes + (bit >> 3)] >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
    }
  }
  return out;
}

function coloured(png: DecodedPng, palette: readonly number[][], where: string): HostArray {
  const { width, height } = png;
  try {
    return planesOf({ width, height, channels: palette[0].length, data: convertIndexedToRgb(png), max: 255 });
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    throw broken(where, 0, `the picture's palette does not fit (${cause.message})`, undefined, cause);
  }
}

/**
 * A PNG picture as float32 [C, H, W] in 0..1: C is 1 for grey, 2 with transparency, 3 for colours (palettes become colours), 4 with
 * transparency. 1 to 16 bits per channel; values are divided by the largest of their depth. No gamma is applied. (ISO/IEC 15948)
 *
 * @throws FormatError with the byte offset when the bytes are no PNG, end too early, or are damaged, and when the
 * picture is larger than `maxPixels`
 */
export function decodePng(bytes: Uint8Array, options: DecodeImageOptions = {}): HostArray {
  checkOptions("decodePng", options, ["maxPixels", "where"]);
  const { where = "decodePng", maxPixels } = options;
  if (!isPng(bytes)) throw broken(where, 0, "this is not the start of a PNG file", "Check the file");
  checkChunks(bytes, where, maxPixels);
  const png = decoded(bytes, where);
  if (png.palette !== undefined) return coloured(png, png.palette, where);
  const data = png.depth < 8 ? unpackedGrey(png) : png.data;
  return planesOf({ width: png.width, height: png.height, channels: png.channels, data, max: 2 ** png.depth - 1 });
}

export interface EncodePngOptions {
  /** Bits per channel: 8 or 16. Default 8. */
  readonly depth?: 8 | 16;
}

/**
 * Writes a picture of floats [C, H, W] in 0..1, C from 1 (grey) to 4 (colours with transparency). Values are rounded to the steps of `depth`
 * and cut to 0..1; what was read by `decodePng` from that depth comes back exactly.
 *
 * @throws ShapeError, DTypeError for another array; ValueError for NaN or another depth
 */
export function encodePng(image: HostArray, options: EncodePngOptions = {}): Uint8Array {
  checkOptions("encodePng", options, ["depth"]);
  const { depth = 8 } = options;
  if (![8, 16].includes(depth)) throw new ValueError("encodePng", `depth is ${depth}`, "Give 8 or 16", { depth });
  const data = interleave("encodePng", image, depth === 8 ? 255 : 65535);
  const [channels, height, width] = image.shape;
  return encode({ width, height, channels, depth, data });
}
