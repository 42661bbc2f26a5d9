import { FormatError } from "@dl/registry";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeIdx } from "./idx.js";

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

/** An IDX file whose elements are written by `put`. */
function idx(type: number, shape: number[], elementBytes: number, put: (view: DataView, at: number, i: number) => void): Uint8Array {
  const count = shape.reduce((a, b) => a * b, 1);
  const view = new DataView(new ArrayBuffer(4 + 4 * shape.length + count * elementBytes));
  view.setUint32(0, type * 256 + shape.length);
  shape.forEach((size, dim) => view.setUint32(4 + 4 * dim, size));
  for (let i = 0; i < count; i++) put(view, 4 + 4 * shape.length + i * elementBytes, i);
  return new Uint8Array(view.buffer);
}

describe("decodeIdx", () => {
  test("reads bytes with their shape", () => {
    const read = decodeIdx(bytes(0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 255));
    expect(read).toStrictEqual({ dtype: "uint8", shape: [2, 3], data: Uint8Array.of(1, 2, 3, 4, 5, 255) });
  });

  test.each([
    [0x09, "int8", 1, [-128, 127, 0], (v: DataView, at: number, x: number) => v.setInt8(at, x), Int8Array],
    [0x0b, "int32", 2, [-32768, 32767, 258], (v: DataView, at: number, x: number) => v.setInt16(at, x), Int32Array],
    [0x0c, "int32", 4, [-(2 ** 31), 2 ** 31 - 1, 16909060], (v: DataView, at: number, x: number) => v.setInt32(at, x), Int32Array],
    [0x0d, "float32", 4, [0.5, -3.25, Infinity], (v: DataView, at: number, x: number) => v.setFloat32(at, x), Float32Array],
    [0x0e, "float64", 8, [Math.PI, -1e300, NaN], (v: DataView, at: number, x: number) => v.setFloat64(at, x), Float64Array],
  ] as const)("reads big-endian elements of type %i as %s", (type, dtype, size, values, put, array) => {
    const file = idx(type, [3], size, (view, at, i) => {
      put(view, at, values[i]);
    });
    expect(decodeIdx(file)).toStrictEqual({ dtype, shape: [3], data: array.from(values) });
  });

  test("reads from an unaligned part of a larger buffer, and copies", () => {
    const file = idx(0x0d, [2], 4, (view, at, i) => view.setFloat32(at, i + 0.5));
    const larger = new Uint8Array(file.length + 3);
    larger.set(file, 3);
    const read = decodeIdx(larger.subarray(3));
    larger.fill(0);
    expect(read.data).toStrictEqual(Float32Array.of(0.5, 1.5));
  });

  test("an empty dim has no elements", () => {
    expect(decodeIdx(idx(8, [0, 28, 28], 1, () => undefined))).toMatchObject({ shape: [0, 28, 28], data: new Uint8Array(0) });
  });

  test.each([
    ["nothing", bytes(), 0, /ends at byte 0; the magic number needs 4/],
    ["another magic", bytes(0, 0, 7, 1, 0, 0, 0, 0), 0, /magic number at byte 0 is 0x00000701/],
    ["gzip", bytes(0x1f, 0x8b, 8, 0), 0, /0x1f8b0800.*unpack it first/],
    ["half a header", bytes(0, 0, 8, 3, 0, 0, 0, 1), 8, /a header of 3 dims needs 16/],
    ["missing elements", bytes(0, 0, 8, 1, 0, 0, 0, 3, 1, 2), 10, /ends at byte 10; the shape \[3\] needs 11/],
    ["a huge shape", bytes(0, 0, 8, 2, 255, 255, 255, 255, 255, 255, 255, 255), 12, /needs 18446744065119617000/],
    ["bytes left over", bytes(0, 0, 8, 1, 0, 0, 0, 1, 1, 2), 9, /end at byte 9, but the file has 10/],
  ])("rejects %s with the byte offset", (_, file, offset, message) => {
    const decode = (): unknown => decodeIdx(file, "train.idx");
    expect(decode).toThrow(FormatError);
    expect(decode).toThrow(message);
    expect(decode).toThrow(expect.objectContaining({ where: "train.idx", details: expect.objectContaining({ offset }) as unknown }));
  });

  test("any bytes decode or throw a FormatError", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.boolean(), (file, plausible) => {
        if (plausible && file.length > 3) file.set([0, 0, 8, file[3] % 3]);
        try {
          decodeIdx(file);
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError);
        }
      }),
    );
  });
});
