import { checkOptions } from "@dl/registry";
import type { HostArray } from "@dl/tensor";
import jpeg from "jpeg-js";
import { broken, truncated, viewOf } from "./broken.js";
import { checkPixels, DEFAULT_MAX_PIXELS, planesOf, type DecodeImageOptions } from "./image.js";

const Marker = { start: 0xd8, end: 0xd9, scan: 0xda, firstRestart: 0xd0, lastRestart: 0xd7 } as const;
const MEGA = 1e6;

/** Whether the bytes begin as a JPEG file does. */
export const isJpeg = (bytes: Uint8Array): boolean => bytes[0] === 0xff && bytes[1] === Marker.start && bytes[2] === 0xff;

/** Where the next marker stands behind data of a scan, in which a byte of 255 is followed by 0. */
function scanEnd(bytes: Uint8Array, start: number): number {
  for (let at = bytes.indexOf(0xff, start); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const code = bytes[at + 1];
    if (code !== 0 && code !== 0xff && !(code >= Marker.firstRestart && code <= Marker.lastRestart)) return at;
  }
  return bytes.length;
}

/** Start of a frame: 0xC0 to 0xCF but for tables and the like. */
const isFrame = (code: number): boolean => code >= 0xc0 && code <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(code);

/** Walks from marker to marker and gives the number of channels, so that a file that was cut off is known as one. */
function channelsOf(bytes: Uint8Array, where: string, maxPixels: number | undefined): number {
  const view = viewOf(bytes);
  let channels = 0;
  for (let at = 2; ; ) {
    if (at + 4 > bytes.length && !(bytes[at] === 0xff && bytes[at + 1] === Marker.end)) throw truncated(where, "JPEG", bytes);
    if (bytes[at] !== 0xff) throw broken(where, at, "there is no marker here");
    const code = bytes[at + 1];
    if (code === Marker.end) return channels;
    if (code === 0xff) {
      at++;
      continue;
    }
    const end = at + 2 + view.getUint16(at + 2);
    if (end > bytes.length) throw truncated(where, "JPEG", bytes);
    if (isFrame(code)) {
      channels = bytes[at + 9];
      checkPixels(where, view.getUint16(at + 7), view.getUint16(at + 5), maxPixels);
    }
    at = code === Marker.scan ? scanEnd(bytes, end) : end;
  }
}

/**
 * A JPEG picture (baseline or progressive, 8 bits) as float32 [C, H, W] in 0..1: C is 1 for grey, 3 for colours (CMYK becomes RGB). The
 * orientation that a camera noted is not applied. (ITU-T T.81)
 *
 * @throws FormatError with the byte offset when the bytes are no JPEG, end too early, or are damaged, and when the
 * picture is larger than `maxPixels`
 */
export function decodeJpeg(bytes: Uint8Array, options: DecodeImageOptions = {}): HostArray {
  checkOptions("decodeJpeg", options, ["maxPixels", "where"]);
  const { where = "decodeJpeg", maxPixels = DEFAULT_MAX_PIXELS } = options;
  if (!isJpeg(bytes)) throw broken(where, 0, "this is not the start of a JPEG file", "Check the file");
  const channels = channelsOf(bytes, where, maxPixels);
  try {
    const limits = { maxResolutionInMP: maxPixels / MEGA, maxMemoryUsageInMB: Infinity };
    const { width, height, data } = jpeg.decode(bytes, { useTArray: true, formatAsRGBA: false, tolerantDecoding: false, ...limits });
    // Without alpha the decoder gives three numbers per pixel, also where all three are the same grey.
    const rgb = planesOf({ width, height, channels: 3, data, max: 255 });
    return channels === 1 ? { dtype: "float32", shape: [1, height, width], data: rgb.data.subarray(0, width * height) } : rgb;
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    throw broken(where, 0, `the picture cannot be decoded (${cause.message})`, undefined, cause);
  }
}
