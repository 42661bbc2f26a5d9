import { DTypeError, FormatError, ShapeError, ValueError } from "@dl/registry";
import { showShape, sizeOf, type HostArray } from "@dl/tensor";

/** Most pixels a picture may have: a header of a few bytes can promise billions. */
export const DEFAULT_MAX_PIXELS = 100_000_000;

export interface DecodeImageOptions {
  /** Most pixels (width × height) that are accepted. Default 100 million. */
  readonly maxPixels?: number;
  /** Names the file in errors. */
  readonly where?: string;
}

/** A picture as decoders give it: pixel by pixel, the channels of a pixel side by side, in 0..max. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: ArrayLike<number>;
  readonly max: number;
}

/** float32 of shape [C, H, W] in 0..1. */
export function planesOf({ width, height, channels, data, max }: Pixels): HostArray {
  const size = width * height;
  const out = new Float32Array(channels * size);
  for (let c = 0; c < channels; c++) for (let i = 0; i < size; i++) out[c * size + i] = data[i * channels + c] / max;
  return { dtype: "float32", shape: [channels, height, width], data: out };
}

/**
 * The reverse: whole numbers in 0..max, rounded; values outside of 0..1 become the nearest.
 * @throws ShapeError unless the shape is [C, H, W] with 1 to 4 channels and at least one pixel; DTypeError unless float32 or float64;
 * ValueError for NaN
 */
export function interleave(where: string, { dtype, shape, data }: HostArray, max: 255 | 65535): Uint8Array | Uint16Array {
  if (dtype !== "float32" && dtype !== "float64") throw new DTypeError(where, `the picture is ${dtype}`, "Give floating-point numbers in 0..1", { dtype });
  const [channels, height, width] = shape;
  if (shape.length !== 3 || !(channels >= 1 && channels <= 4) || !(width * height >= 1) || sizeOf(shape) !== data.length) {
    throw new ShapeError(where, `the picture has shape ${showShape(shape)} and ${data.length} numbers`, "Give [channels, height, width] with 1 to 4 channels", { shape });
  }
  const size = width * height;
  const out = max === 255 ? new Uint8Array(data.length) : new Uint16Array(data.length);
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < size; i++) {
      const value = data[c * size + i];
      if (Number.isNaN(value)) throw new ValueError(where, `NaN at channel ${c}, pixel ${i}`, "Give numbers in 0..1", { channel: c, pixel: i });
      out[i * channels + c] = Math.round(Math.min(1, Math.max(0, value)) * max);
    }
  }
  return out;
}

/** @throws FormatError when there are more pixels than `maxPixels` */
export function checkPixels(where: string, width: number, height: number, maxPixels = DEFAULT_MAX_PIXELS): void {
  if (width * height <= maxPixels) return;
  throw new FormatError(where, `the picture has ${width} × ${height} pixels, the bound is ${maxPixels}`, "If you trust the file, raise maxPixels", { width, height, maxPixels });
}
