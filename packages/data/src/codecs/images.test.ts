import { DTypeError, FormatError, ShapeError, UnknownNameError, ValueError } from "@dl/registry";
import type { HostArray } from "@dl/tensor";
import fc from "fast-check";
import { encode as encodeWithLibrary } from "fast-png";
import jpeg from "jpeg-js";
import { describe, expect, test } from "vitest";
import { crc32 } from "./crc32.js";
import { decodeJpeg, isJpeg } from "./jpeg.js";
import { decodePng, encodePng, isPng } from "./png.js";

const picture = (shape: number[], values: readonly number[]): HostArray => ({ dtype: "float32", shape, data: Float32Array.from(values) });

describe("PNG", () => {
  const colours = picture([3, 1, 2], [0, 1, 0.2, 0.4, 0.6, 0.8]);
  const file = encodePng(colours);

  test.each<[8 | 16, number]>([[8, 255], [16, 65535]])("pictures of %i bits come back exactly", (depth, max) => {
    const shape = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }));
    const anyPicture = shape.chain(([c, h, w]) =>
      fc.array(fc.integer({ min: 0, max }), { minLength: c * h * w, maxLength: c * h * w }).map((values) => picture([c, h, w], values.map((value) => value / max))));
    fc.assert(fc.property(anyPicture, (given) => { expect(decodePng(encodePng(given, { depth }))).toStrictEqual(given); }), { numRuns: 50 });
  });

  test("values are rounded, and cut to 0..1", () => {
    expect(decodePng(encodePng(picture([1, 1, 4], [-1, 2, 0.5, 0.001]))).data).toStrictEqual(Float32Array.of(0, 1, 128 / 255, 0));
  });

  test("grey of one bit, and palettes", () => {
    const bits = encodeWithLibrary({ width: 10, height: 2, depth: 1, channels: 1, data: Uint8Array.of(0b10100000, 0b01000000, 0b00000001, 0b10000000) });
    expect(decodePng(bits)).toStrictEqual(picture([1, 2, 10], [1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0]));
    const palette = encodeWithLibrary({ width: 2, height: 1, depth: 8, channels: 1, data: Uint8Array.of(1, 0), palette: [[255, 0, 0], [0, 51, 255]] });
    expect(decodePng(palette)).toStrictEqual(picture([3, 1, 2], [0, 1, 0.2, 0, 1, 0]));
  });

  test("a file cut off anywhere says so", () => {
    for (let end = 8; end < file.length; end++) {
      expect(() => decodePng(file.subarray(0, end), { where: "a.png" })).toThrow(FormatError);
      expect(() => decodePng(file.subarray(0, end), { where: "a.png" })).toThrow(`a.png: the PNG file ends too early, at byte ${end}`);
    }
  });

  test("any changed byte is refused, or nothing that a picture is made of", () => {
    for (let at = 0; at < file.length; at++) {
      expect(() => decodePng(file.with(at, file[at] ^ 1))).toThrow(FormatError);
    }
  });

  test("a header of billions of pixels is refused before they are unpacked", () => {
    const huge = file.slice();
    const view = new DataView(huge.buffer);
    view.setUint32(16, 2 ** 31 - 1);
    view.setUint32(29, crc32(huge.subarray(12, 29)));
    expect(() => decodePng(huge)).toThrow(FormatError);
    expect(() => decodePng(huge)).toThrow(/2147483647 × 1 pixels, the bound is 100000000/);
    expect(() => decodePng(file, { maxPixels: 1 })).toThrow(/the bound is 1/);
  });

  test("other files and other arrays are refused", () => {
    expect([isPng(file), isPng(Uint8Array.of(1, 2))]).toStrictEqual([true, false]);
    expect(() => decodePng(Uint8Array.of(1, 2))).toThrow(/byte 0: this is not the start of a PNG file/);
    expect(() => encodePng(picture([2, 2], [0, 0, 0, 0]))).toThrow(ShapeError);
    expect(() => encodePng(picture([5, 1, 1], [0, 0, 0, 0, 0]))).toThrow(ShapeError);
    expect(() => encodePng({ dtype: "int32", shape: [1, 1, 1], data: Int32Array.of(1) })).toThrow(DTypeError);
    expect(() => encodePng(picture([1, 1, 1], [NaN]))).toThrow(ValueError);
    expect(() => encodePng(colours, { depth: 4 } as object)).toThrow(ValueError);
    expect(() => encodePng(colours, { bits: 8 } as object)).toThrow(UnknownNameError);
  });
});

describe("JPEG", () => {
  const [width, height] = [20, 10];
  const rgba = Uint8Array.from({ length: width * height * 4 }, (_, i) => [200, 100, 50, 255][i % 4]);
  const file = new Uint8Array(jpeg.encode({ width, height, data: rgba }, 95).data);

  test("a plain colour comes back within the steps of the coding", () => {
    const read = decodeJpeg(file);
    expect(read.shape).toStrictEqual([3, height, width]);
    read.data.forEach((value, i) => { expect(Math.abs(value * 255 - [200, 100, 50][Math.floor(i / (width * height))])).toBeLessThan(3); });
  });

  test("a file cut off anywhere says so", () => {
    for (let end = 3; end < file.length; end++) {
      expect(() => decodeJpeg(file.subarray(0, end), { where: "a.jpg" })).toThrow(FormatError);
      expect(() => decodeJpeg(file.subarray(0, end), { where: "a.jpg" })).toThrow(`a.jpg: the JPEG file ends too early, at byte ${end}`);
    }
  });

  test("a grey one, which Pillow wrote and reads as 14 14 15 16 … with a mean of 29", () => {
    const packed =
      "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19iZ2hnPk1xeXBkeFxlZ2P/wAALCAAQABgBAREA/8QAFgABAQEAAAAAAAAAAAAAAAAA" +
      "AwQG/8QAFxABAQEBAAAAAAAAAAAAAAAAAAECA//aAAgBAQAAPwDDwmIo5xLIXEPh/9k=";
    const { shape, data } = decodeJpeg(new Uint8Array(Buffer.from(packed, "base64")));
    expect([shape, Array.from(data.subarray(0, 4), (value) => Math.round(value * 255))]).toStrictEqual([[1, 16, 24], [14, 14, 15, 16]]);
    expect((Array.from(data).reduce((sum, value) => sum + value, 0) * 255) / data.length).toBeCloseTo(29, 1);
  });

  test("a changed byte gives a picture of some kind or a FormatError", () => {
    for (let at = 0; at < file.length; at++) {
      try {
        expect(decodeJpeg(file.with(at, file[at] ^ 0x11)).dtype).toBe("float32");
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError);
      }
    }
  });

  test("other files, and pictures beyond the bound, are refused", () => {
    expect([isJpeg(file), isJpeg(Uint8Array.of(1, 2))]).toStrictEqual([true, false]);
    expect(() => decodeJpeg(Uint8Array.of(1, 2))).toThrow(/byte 0: this is not the start of a JPEG file/);
    expect(() => decodeJpeg(file, { maxPixels: 199 })).toThrow(/20 × 10 pixels, the bound is 199/);
  });
});
