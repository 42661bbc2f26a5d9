import { DTypeError, FormatError, ShapeError, UnknownNameError, ValueError } from "@dl/registry";
import type { DType, HostArray, TypedArray } from "@dl/tensor";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeNpy, encodeNpy } from "./npy.js";

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

/** A file with a header of one's own. */
function npy(header: string, data: Uint8Array = new Uint8Array(), version = 1): Uint8Array {
  const body = text(`${header}\n`);
  const length = new Uint8Array(version === 1 ? 2 : 4);
  new DataView(length.buffer).setUint16(0, body.length, true);
  return Uint8Array.of(0x93, ...text("NUMPY"), version, 0, ...length, ...body, ...data);
}

const dict = (descr: string, shape: string, order = "False"): string => `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }`;

const dataOf = (file: Uint8Array): Uint8Array => file.subarray(10 + file[8] + 256 * file[9]);

interface Kind {
  readonly dtype: DType;
  readonly fileDtype?: string;
  readonly code: string;
  readonly bytes: number;
  readonly numbers: fc.Arbitrary<number>;
  readonly array: (values: readonly number[]) => TypedArray;
}

const integer = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max });
const [least, most] = [-(2 ** 31), 2 ** 31 - 1];
const int32 = (values: readonly number[]): Int32Array => Int32Array.from(values);

const kinds: readonly Kind[] = [
  { dtype: "bool", code: "b1", bytes: 1, numbers: integer(0, 1), array: (values) => Uint8Array.from(values) },
  { dtype: "uint8", code: "u1", bytes: 1, numbers: integer(0, 255), array: (values) => Uint8Array.from(values) },
  { dtype: "int8", code: "i1", bytes: 1, numbers: integer(-128, 127), array: (values) => Int8Array.from(values) },
  { dtype: "int32", code: "i4", bytes: 4, numbers: integer(least, most), array: int32 },
  { dtype: "int32", fileDtype: "I16", code: "i2", bytes: 2, numbers: integer(-(2 ** 15), 2 ** 15 - 1), array: int32 },
  { dtype: "int32", fileDtype: "U16", code: "u2", bytes: 2, numbers: integer(0, 2 ** 16 - 1), array: int32 },
  { dtype: "int32", fileDtype: "U32", code: "u4", bytes: 4, numbers: integer(0, most), array: int32 },
  { dtype: "int32", fileDtype: "I64", code: "i8", bytes: 8, numbers: integer(least, most), array: int32 },
  { dtype: "int32", fileDtype: "U64", code: "u8", bytes: 8, numbers: integer(0, most), array: int32 },
  { dtype: "float32", code: "f4", bytes: 4, numbers: fc.float(), array: (values) => Float32Array.from(values) },
  { dtype: "float64", code: "f8", bytes: 8, numbers: fc.double(), array: (values) => Float64Array.from(values) },
  // Whole numbers up to 2048 and their quarters are float16 numbers.
  { dtype: "float32", fileDtype: "F16", code: "f2", bytes: 2, numbers: integer(-2048, 2048).map((n) => n / 4), array: (values) => Float32Array.from(values) },
];

const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });

const arrayOf = ({ dtype, fileDtype, numbers, array }: Kind): fc.Arbitrary<HostArray> =>
  shapes.chain((shape) => {
    const size = shape.reduce((a, b) => a * b, 1);
    return fc.array(numbers, { minLength: size, maxLength: size }).map((values) => ({ dtype, shape, data: array(values), ...(fileDtype !== undefined && { fileDtype }) }));
  });

describe.each(kinds.map((kind) => [kind.code, kind] as const))("npy of type %s", (_, kind) => {
  test("comes back as it was written, at any address", () => {
    fc.assert(fc.property(arrayOf(kind), integer(0, 9), (array, shift) => {
      const file = encodeNpy(array);
      expect((file.length - array.data.length * kind.bytes) % 64).toBe(0);
      const larger = new Uint8Array(file.length + shift);
      larger.set(file, shift);
      const read = decodeNpy(larger.subarray(shift));
      larger.fill(0);
      expect(read).toStrictEqual(array);
    }));
  });

  test("is read from big-endian files and those in Fortran order", () => {
    fc.assert(fc.property(arrayOf(kind), fc.constantFrom(1, 2, 3), (array, version) => {
      const { bytes, code } = kind;
      const tuple = `(${array.shape.map((size) => `${size},`).join(" ")})`;
      const little = dataOf(encodeNpy(array));
      const big = little.map((_byte, i) => little[i - (i % bytes) + bytes - 1 - (i % bytes)]);
      expect(decodeNpy(npy(dict(`'>${code}'`, tuple), big, version))).toStrictEqual(array);

      // The elements of the reversed shape, row by row, are those of the shape column by column.
      const columns = decodeNpy(npy(dict(`'<${code}'`, tuple, "True"), little));
      const at = (index: readonly number[], sizes: readonly number[]): number => index.reduce((flat, i, dim) => flat * sizes[dim] + i, 0);
      const wrong = [...columns.data].filter((value, flat) => {
        const index = array.shape.map((size, dim) => Math.floor(flat / array.shape.slice(dim + 1).reduce((a, b) => a * b, 1)) % size);
        return !Object.is(value, array.data[at(index.toReversed(), array.shape.toReversed())]);
      });
      expect(wrong).toStrictEqual([]);
    }), { numRuns: 40 });
  });
});

test("a column of float32 is what NumPy writes, byte for byte", () => {
  const file = encodeNpy({ dtype: "float32", shape: [3], data: Float32Array.of(1, 1, 1) });
  expect(new TextDecoder().decode(file.subarray(10, 128)).trimEnd()).toBe("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }");
  expect(file).toHaveLength(128 + 12);
});

test("float16 is rounded to nearest, ties to even", () => {
  const written = encodeNpy({ dtype: "float32", shape: [3], data: Float32Array.of(1 + 2 ** -11, 1 + 3 * 2 ** -11, -0), fileDtype: "F16" });
  expect([...decodeNpy(written).data]).toStrictEqual([1, 1 + 2 ** -9, -0]);
});

test.each<[string, Uint8Array, RegExp]>([
  ["nothing", new Uint8Array(), /byte 0: expected 93 4e 55 4d 50 59, got no bytes/],
  ["another format", text("PK\u0003\u0004 and so on"), /byte 0: expected 93 4e.*got 50 4b/],
  ["version 4", npy(dict("'<f4'", "()"), new Uint8Array(4), 4), /byte 6: the format has versions 1 to 3, the file has version 4/],
  ["half a length", npy("", undefined, 2).subarray(0, 9), /byte 9: the file ends within the header's length/],
  ["half a header", npy(dict("'<f4'", "()")).subarray(0, 30), /byte 30: the header claims \d+ bytes from byte 10 on/],
  ["no shape", npy("{'descr': '<f4', 'fortran_order': False}"), /byte 10: the header .* has no shape/],
  ["a wrong order", npy(dict("'<f4'", "(1,)", "'C'")), /fortran_order is 'C'/],
  ["a shape that is no tuple", npy("{'descr': '<f4', 'fortran_order': False, 'shape': '3'}"), /the shape is '3'/],
  ["a negative size", npy(dict("'<f4'", "(-1,)")), /the shape is \(-1,\)/],
  ["missing elements", npy(dict("'<f4'", "(2,)"), new Uint8Array(7)), /the shape \(2,\) of f4 ends at byte \d+, the file at \d+\. Fetch the file again/],
  ["bytes left over", npy(dict("'<f4'", "(2,)"), new Uint8Array(9)), /ends at byte \d+, the file at/],
  ["a huge shape", npy(dict("'<f4'", "(99999999999, 99999999999)")), /ends at byte/],
  ["a bool of 2", npy(dict("'|b1'", "(2,)"), Uint8Array.of(1, 2)), /byte \d+: 2 is no bool/],
  ["an int64 beyond int32", npy(dict("'<i8'", "(1,)"), Uint8Array.of(0, 0, 0, 0, 1, 0, 0, 0)), /4294967296 is no int32/],
  ["a uint32 beyond int32", npy(dict("'>u4'", "(1,)"), Uint8Array.of(255, 0, 0, 0)), /4278190080 is no int32/],
  ["pickled objects", npy(dict("'|O'", "(1,)"), text("anything")), /type '\|O': pickled Python objects, and unpickling may run any program.*allow_pickle=False/],
  ["complex numbers", npy(dict("'<c16'", "(1,)"), new Uint8Array(16)), /'<c16': complex numbers/],
  ["text", npy(dict("'<U3'", "(1,)"), new Uint8Array(12)), /'<U3': text/],
  ["byte strings", npy(dict("'|S3'", "(1,)"), new Uint8Array(3)), /'\|S3': byte strings/],
  ["records", npy(dict("[('a', '<f4'), ('b', '<i4', (2,))]", "(1,)"), new Uint8Array(12)), /structured records/],
  ["dates", npy(dict("'<M8[ns]'", "(1,)"), new Uint8Array(8)), /'<M8\[ns\]': dates/],
  ["long doubles", npy(dict("'<f16'", "(1,)"), new Uint8Array(16)), /'<f16': floats of a size/],
  ["a type that is not there", npy(dict("'<x4'", "(1,)"), new Uint8Array(4)), /'<x4': a type that is not known\. Known are b1, f2, f4/],
])("%s is refused with the byte offset", (_, file, message) => {
  const decode = (): unknown => decodeNpy(file, "weights.npy");
  expect(decode).toThrow(FormatError);
  expect(decode).toThrow(message);
  expect(decode).toThrow(/^weights\.npy: byte \d+: /);
});

test("any bytes decode or give a FormatError", () => {
  const whole = encodeNpy({ dtype: "int32", shape: [2, 3], data: Int32Array.of(1, 2, 3, 4, 5, 6), fileDtype: "I64" });
  const [at, byte, cut] = [integer(0, whole.length - 1), integer(0, 255), integer(0, whole.length)];
  fc.assert(fc.property(at, byte, cut, (position, value, length) => {
    try {
      decodeNpy(whole.with(position, value).subarray(0, length));
    } catch (error) {
      expect(error).toBeInstanceOf(FormatError);
    }
  }), { numRuns: 500 });
});

test.each<[string, HostArray, new (...args: never[]) => Error, RegExp]>([
  ["data of another type", { dtype: "float64", shape: [1], data: new Float32Array(1) }, DTypeError, /float64, its data a Float32Array/],
  ["another shape", { dtype: "float32", shape: [2, 2], data: new Float32Array(3) }, ShapeError, /3 numbers for shape \[2, 2\]/],
  ["a file type that npy lacks", { dtype: "float32", shape: [1], data: new Float32Array(1), fileDtype: "BF16" }, UnknownNameError, /float32 is not stored as "BF16".*or use F16/],
  ["a number that is too large", { dtype: "int32", shape: [1], data: Int32Array.of(40000), fileDtype: "I16" }, ValueError, /40000 at position 0 is no i2/],
  ["a negative number as unsigned", { dtype: "int32", shape: [2], data: Int32Array.of(1, -1), fileDtype: "U64" }, ValueError, /-1 at position 1 is no u8/],
  ["a float16 that would be infinite", { dtype: "float32", shape: [1], data: Float32Array.of(65520), fileDtype: "F16" }, ValueError, /65520 at position 0 is no f2/],
])("encodeNpy refuses %s", (_, array, error, message) => {
  expect(() => encodeNpy(array)).toThrow(error);
  expect(() => encodeNpy(array)).toThrow(message);
});
