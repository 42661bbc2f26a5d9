import { DTypeError, FormatError, ShapeError, UnknownNameError, ValueError } from "@dl/registry";
import type { DLError } from "@dl/registry";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newArray } from "../dtype.js";
import type { DType } from "../dtype.js";
import type { HostArray } from "./host-array.js";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.js";
import type { Safetensors } from "./safetensors.js";

const utf8 = new TextEncoder();

/** A file with any header over any number of data bytes. */
function file(header: string | Uint8Array, dataBytes = 0, claimed?: bigint): Uint8Array {
  const text = typeof header === "string" ? utf8.encode(header) : header;
  const bytes = new Uint8Array(8 + text.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, claimed ?? BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

const headerLength = (bytes: Uint8Array): number => Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));

const headerOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes.subarray(8, 8 + headerLength(bytes)));

const entry = (fields: Record<string, unknown> = {}): string =>
  JSON.stringify({ dtype: "F32", shape: [2], data_offsets: [0, 8], ...fields });

const one = (fields: Record<string, unknown>): string => `{"w":${entry(fields)}}`;

const two = (a: readonly number[], b: readonly number[]): string =>
  `{"a":${entry({ dtype: "U8", shape: [a[1] - a[0]], data_offsets: a })},"b":${entry({ dtype: "U8", shape: [b[1] - b[0]], data_offsets: b })}}`;

const floats = (...values: number[]): HostArray => ({ dtype: "float32", shape: [values.length], data: Float32Array.from(values) });

const ints = (fileDtype: string, ...values: number[]): HostArray => ({
  dtype: "int32",
  shape: [values.length],
  data: Int32Array.from(values),
  fileDtype,
});

describe("FT-05 safetensors", () => {
  test("writes the bytes that the format's own library writes", () => {
    const bytes = encodeSafetensors(
      [
        ["b", { dtype: "bool", shape: [3], data: Uint8Array.of(1, 0, 1) }],
        ["w", floats(1, -2)],
        ["n", { ...ints("I64", 7), shape: [] }],
        ["a", floats(0.5)],
      ],
      { format: "pt" },
    );
    const header =
      '{"__metadata__":{"format":"pt"},' +
      '"n":{"dtype":"I64","shape":[],"data_offsets":[0,8]},' +
      '"a":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},' +
      '"w":{"dtype":"F32","shape":[2],"data_offsets":[12,20]},' +
      '"b":{"dtype":"BOOL","shape":[3],"data_offsets":[20,23]}}';
    const padded = header.padEnd(Math.ceil(header.length / 8) * 8, " ");
    expect(headerOf(bytes)).toBe(padded);
    expect([...bytes.subarray(8 + padded.length)]).toEqual([7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 63, 0, 0, 128, 63, 0, 0, 0, 192, 1, 0, 1]);
  });

  test("orders names by UTF-8, also those that look like numbers, whatever order they come in", () => {
    const names = ["10", "9", "a", "Z", "__proto__", "é", "\uffee", "😀"];
    const tensors = names.map((name, i) => [name, floats(i)] as const);
    const bytes = encodeSafetensors(tensors);
    expect([...decodeSafetensors(bytes).tensors.keys()]).toEqual(["10", "9", "Z", "__proto__", "a", "é", "\uffee", "😀"]);
    expect(encodeSafetensors([...tensors].reverse())).toEqual(bytes);
    expect(decodeSafetensors(bytes).tensors.get("__proto__")?.data[0]).toBe(4);
  });

  test("reads what another writer may do: unaligned data, spaces, any order of keys", () => {
    const header = '{ "w" : {"shape":[2], "data_offsets":[1,9],"dtype":"F32"},"f":{"dtype":"BOOL","shape":[],"data_offsets":[0,1]} }\n ';
    for (let shift = 0; shift < 8; shift++) {
      const whole = new Uint8Array(shift + 8 + header.length + 9);
      const bytes = whole.subarray(shift);
      bytes.set(file(header, 9));
      bytes[8 + header.length] = 1;
      new DataView(bytes.buffer, bytes.byteOffset).setFloat32(8 + header.length + 1, 1.5, true);
      const { tensors } = decodeSafetensors(bytes);
      expect([...tensors.keys()]).toEqual(["w", "f"]);
      expect(tensors.get("w")).toEqual({ dtype: "float32", shape: [2], data: Float32Array.of(1.5, 0) });
      expect(tensors.get("f")).toEqual({ dtype: "bool", shape: [], data: Uint8Array.of(1) });
    }
  });

  test("an empty file, empty tensors, metadata with awkward keys", () => {
    expect(decodeSafetensors(encodeSafetensors([]))).toEqual({ tensors: new Map(), metadata: {} });
    const empty: HostArray = { dtype: "float64", shape: [3, 0, 2], data: new Float64Array(0) };
    const metadata = { "": "", 'quote " and \\': "line\nbreak \u0001 ü 😀" };
    expect(decodeSafetensors(encodeSafetensors([["e", empty], ["f", empty], ["g", floats(1)]], metadata))).toEqual({
      tensors: new Map([["e", empty], ["f", empty], ["g", floats(1)]]),
      metadata,
    });
  });

  test("I16, U16, U32, I64 and U64 enter as int32 and leave as they came", () => {
    const cases: readonly [string, number[]][] = [
      ["I16", [-32768, 32767]],
      ["U16", [0, 65535]],
      ["U32", [0, 2 ** 31 - 1]],
      ["I64", [-(2 ** 31), -1, 2 ** 31 - 1]],
      ["U64", [0, 2 ** 31 - 1]],
    ];
    const tensors = new Map(cases.map(([type, values]) => [type, ints(type, ...values)]));
    expect(decodeSafetensors(encodeSafetensors(tensors)).tensors).toEqual(new Map([...tensors].sort(([a], [b]) => order(b) - order(a))));
  });
  const order = (type: string): number => ["I16", "U16", "U32", "I64", "U64"].indexOf(type);

  test("F16 and BF16 enter as float32; writing rounds", () => {
    const tensors: [string, HostArray][] = [
      ["h", { ...floats(1.0009765625, -65504, Infinity, 0.1), fileDtype: "F16" }],
      ["b", { ...floats(1.0078125, -2.5, NaN, 0.1), fileDtype: "BF16" }],
    ];
    const read = decodeSafetensors(encodeSafetensors(tensors)).tensors;
    expect(read.get("h")).toEqual({ ...floats(1.0009765625, -65504, Infinity, 0.0999755859375), fileDtype: "F16" });
    expect(read.get("b")).toEqual({ ...floats(1.0078125, -2.5, NaN, 0.10009765625), fileDtype: "BF16" });
  });

  test("any tensors survive, and the bytes do not depend on the order they are given in", () => {
    const lanes: Record<DType, fc.Arbitrary<number>> = {
      bool: fc.integer({ min: 0, max: 1 }),
      uint8: fc.integer({ min: 0, max: 255 }),
      int8: fc.integer({ min: -128, max: 127 }),
      int32: fc.integer(),
      float32: fc.float(),
      float64: fc.double(),
    };
    const array = fc
      .tuple(fc.constantFrom<DType[]>("bool", "uint8", "int8", "int32", "float32", "float64"), fc.array(fc.nat(4), { maxLength: 4 }))
      .chain(([dtype, shape]) => {
        const size = shape.reduce((product, length) => product * length, 1);
        return fc.array(lanes[dtype], { minLength: size, maxLength: size }).map((values): HostArray => {
          const data = newArray(dtype, size);
          data.set(values);
          return { dtype, shape, data };
        });
      });
    const text = fc.string({ unit: "binary" });
    const name = text.filter((candidate) => candidate !== "__metadata__");
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(name, array), { selector: ([key]) => key, maxLength: 6 }), fc.dictionary(text, text), (tensors, metadata) => {
        const bytes = encodeSafetensors(tensors, metadata);
        const read = decodeSafetensors(bytes);
        expect(new Map([...read.tensors].sort())).toEqual(new Map([...tensors].sort()));
        expect(Object.entries(read.metadata).sort()).toEqual(Object.entries(metadata).sort());
        expect(encodeSafetensors([...tensors].reverse(), metadata)).toEqual(bytes);
        expect(headerLength(bytes) % 8).toBe(0);
      }),
      { seed: 3, numRuns: 300 },
    );
  });
});

const attacks: readonly [string, Uint8Array, number, RegExp][] = [
  ["an empty file", new Uint8Array(0), 0, /ends within the 8 bytes/],
  ["seven bytes", new Uint8Array(7), 7, /ends within the 8 bytes/],
  ["a header of no bytes", file("", 4), 8, /does not start with {/],
  ["a header longer than the file", file("{}", 0, 3n), 0, /claims 3 bytes, the file has 2 more/],
  ["a header of 100 MB and one byte", file("{}", 0, 100_000_001n), 0, /the limit is 100000000/],
  ["a header of 2^63 bytes", file("{}", 0, 2n ** 63n), 0, /claims 9223372036854775808 bytes/],
  ["a header of 2^64 - 1 bytes", file("{}", 0, 2n ** 64n - 1n), 0, /claims 18446744073709551615 bytes/],
  ["a leading space", file(" {}"), 8, /does not start with {/],
  ["a leading byte-order mark", file("\ufeff{}"), 8, /does not start with {/],
  ["an array for a header", file("[]"), 8, /does not start with {/],
  ["invalid JSON", file('{"w":}'), 13, /expected a JSON value/],
  ["invalid UTF-8", file(Uint8Array.of(0x7b, 0x22, 0xc3, 0x28, 0x22, 0x7d)), 10, /not valid UTF-8/],
  ["padding of zeros", file("{}\0\0"), 10, /more after the JSON value/],
  ["two headers", file("{}{}"), 10, /more after the JSON value/],
  ["a tensor twice", file(`{"w":${entry()},"w":${entry()}}`, 8), 62, /the key "w" comes twice/],
  ["a tensor twice, once escaped", file(`{"w":${entry()},"\\u0077":${entry()}}`, 8), 62, /the key "w" comes twice/],
  ["a field twice", file('{"w":{"dtype":"F32","dtype":"F64","shape":[],"data_offsets":[0,4]}}', 4), 28, /the key "dtype" comes twice/],
  ["metadata twice", file('{"__metadata__":{},"__metadata__":{}}'), 27, /comes twice/],
  ["a number in the metadata", file('{"__metadata__":{"epoch":3}}'), 33, /other than text under "epoch"/],
  ["text for metadata", file('{"__metadata__":"pt"}'), 24, /__metadata__ is not an object/],
  ["nesting that overflows a stack", file(`{"w":${"[".repeat(1_000_000)}`), 45, /more than 32 deep/],
  ["a number for a tensor", file('{"w":3}'), 13, /not described by an object/],
  ["no dtype", file(one({ dtype: undefined }), 8), 13, /has no dtype/],
  ["no shape", file(one({ shape: undefined }), 8), 13, /has no shape/],
  ["no offsets", file(one({ data_offsets: undefined }), 8), 13, /has no data_offsets/],
  ["an unknown field", file(one({ extra: 1 }), 8), 69, /unknown field "extra"/],
  ["an unknown dtype", file(one({ dtype: "F8_E4M3" }), 8), 22, /dtype F8_E4M3.*Known are BOOL/],
  ["a dtype of Object.prototype", file(one({ dtype: "constructor" }), 8), 22, /dtype constructor/],
  ["a dtype that is a number", file(one({ dtype: 32 }), 8), 22, /dtype that is not text/],
  ["a shape that is a number", file(one({ shape: 2 }), 8), 36, /shape is not an array/],
  ["a negative size", file(one({ shape: [-2] }), 8), 37, /shape has -2/],
  ["a fractional size", file(one({ shape: [0.5, 4] }), 8), 37, /shape has 0.5/],
  ["a size beyond 2^53", file(one({ shape: [2] }).replace("[2]", "[9007199254740993]"), 8), 37, /shape has 9007199254740992/],
  ["a size in text", file(one({ shape: ["2"] }), 8), 37, /other than a number/],
  ["a shape that overflows", file(one({ shape: [2 ** 30, 2 ** 30] }), 8), 36, /overflows/],
  ["a shape that overflows beside a 0", file(one({ shape: [2 ** 30, 2 ** 30, 0], data_offsets: [0, 0] })), 36, /overflows/],
  ["sizes that wrap round to the right number of bytes", file(one({ shape: [2 ** 31, 2 ** 31, 2] }), 8), 36, /overflows/],
  ["a shape of 4 TB", file(one({ shape: [2 ** 40] }), 8), 67, /takes 4398046511104 bytes.*data_offsets give 8/],
  ["too few bytes for the shape", file(one({ shape: [3] }), 8), 55, /takes 12 bytes as F32 of shape \[3\], data_offsets give 8/],
  ["too many bytes for the shape", file(one({ shape: [1] }), 8), 55, /takes 4 bytes/],
  ["one offset", file(one({ data_offsets: [8] }), 8), 55, /has 1 numbers, not 2/],
  ["three offsets", file(one({ data_offsets: [0, 8, 8] }), 8), 55, /has 3 numbers, not 2/],
  ["a negative offset", file(one({ data_offsets: [-8, 0] }), 8), 56, /data_offsets has -8/],
  ["offsets in reverse", file(one({ data_offsets: [8, 0] }), 8), 55, /data_offsets give -8/],
  ["an end beyond the file", file(one({}), 7), 13, /ends at byte 70, the file at 69/],
  ["offsets far beyond the file", file(one({ data_offsets: [2 ** 50, 2 ** 50 + 8] }), 8), 13, /ends at byte/],
  ["data that does not start at 0", file(one({ data_offsets: [4, 12] }), 12), 13, /bytes \d+ to \d+ before tensor "w" belong to no tensor/],
  ["a hole", file(two([0, 4], [5, 8]), 8), 65, /before tensor "b" belong to no tensor/],
  ["an overlap", file(two([0, 5], [4, 8]), 8), 65, /tensor "b" starts at byte \d+, within/],
  ["the same bytes twice", file(two([0, 4], [0, 4]), 4), 65, /within a tensor/],
  ["an empty tensor within another", file(two([0, 4], [2, 2]), 4), 65, /within a tensor/],
  ["trailing bytes", file(one({}), 9), 70, /1 bytes at the end belong to no tensor/],
  ["data without a tensor", file("{}", 1), 10, /1 bytes at the end/],
  ["a bool of 2", setByte(file(one({ dtype: "BOOL", shape: [2], data_offsets: [0, 2] }), 2), -1, 2), 64, /"w" holds 2 as BOOL at position 1/],
  ["an I64 of 2^32", setByte(file(one({ dtype: "I64", shape: [1] }), 8), -4, 1), 62, /"w" holds 4294967296 as I64 at position 0, which int32 cannot/],
  ["a U32 of 2^31", setByte(file(one({ dtype: "U32", shape: [2] }), 8), -1, 128), 66, /holds 2147483648 as U32 at position 1/],
  ["a U64 of 2^63", setByte(file(one({ dtype: "U64", shape: [1] }), 8), -1, 128), 62, /holds 9223372036854775808 as U64/],
];

function setByte(bytes: Uint8Array, at: number, value: number): Uint8Array {
  bytes[bytes.length + at] = value;
  return bytes;
}

describe("FT-05 safetensors refuses", () => {
  test.each(attacks)("%s", (_, bytes, offset, message) => {
    const read = (): unknown => decodeSafetensors(bytes, "model.safetensors");
    expect(read).toThrow(FormatError);
    expect(read).toThrow(message);
    expect(read).toThrow(expect.objectContaining({ where: "model.safetensors", details: { offset } }) as Error);
  });

  test("any damage to one byte is refused with a FormatError or changes what is read", () => {
    const bytes = encodeSafetensors([["w", floats(1, 2, 3)], ["n", ints("I64", 5)]], { format: "pt" });
    const original = decodeSafetensors(bytes);
    const dataStart = bytes.length - 20;
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const damaged = Uint8Array.from(bytes);
        damaged[at] ^= flip;
        let read: Safetensors;
        try {
          read = decodeSafetensors(damaged);
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError);
          return;
        }
        // White space may stand for other white space in the header, and nothing else may.
        const isSpace = (byte: number): boolean => [9, 10, 13, 32].includes(byte);
        if (at < dataStart && isSpace(damaged[at]) && isSpace(bytes[at])) expect(read).toEqual(original);
        else expect(read).not.toEqual(original);
      }),
      { seed: 4, numRuns: 3000 },
    );
  });

  test("every truncation", () => {
    const bytes = encodeSafetensors([["w", floats(1, 2, 3)]]);
    for (let length = 0; length < bytes.length; length++) expect(() => decodeSafetensors(bytes.subarray(0, length))).toThrow(FormatError);
  });

  test.each<[string, readonly [string, HostArray][], Record<string, string>, new (...args: never[]) => DLError, RegExp]>([
    ["a name twice", [["w", floats(1)], ["w", floats(2)]], {}, ValueError, /"w" comes twice/],
    ["the reserved name", [["__metadata__", floats(1)]], {}, ValueError, /reserved/],
    ["half a surrogate pair", [["\ud83d", floats(1)]], {}, ValueError, /not valid text/],
    ["metadata that is not text", [], JSON.parse('{"epoch":3}') as Record<string, string>, ValueError, /metadata of "epoch" 3/],
    ["another array type", [["w", { dtype: "float64", shape: [1], data: new Float32Array(1) }]], {}, DTypeError, /float64, but its data is float32/],
    ["a wrong shape", [["w", { ...floats(1, 2), shape: [3] }]], {}, ShapeError, /2 numbers for shape \[3\], which takes 3/],
    ["a negative shape", [["w", { ...floats(), shape: [-1] }]], {}, ShapeError, /-1/],
    ["an unknown file type", [["w", { ...floats(1), fileDtype: "F33" }]], {}, UnknownNameError, /not stored as "F33". Use F16 or BF16 or F32/],
    ["a file type of another dtype", [["w", { ...floats(1), fileDtype: "I64" }]], {}, UnknownNameError, /"w" is float32/],
    ["a U16 of -1", [["w", ints("U16", 1, -1)]], {}, ValueError, /holds -1 at position 1, which U16 cannot/],
    ["an F16 of 65,520", [["w", { ...floats(65520), fileDtype: "F16" }]], {}, ValueError, /holds 65520 at position 0, which F16 cannot/],
    ["a bool of 3", [["w", { dtype: "bool", shape: [1], data: Uint8Array.of(3) }]], {}, ValueError, /holds 3/],
  ])("to write %s", (_, tensors, metadata, type, message) => {
    expect(() => encodeSafetensors(tensors, metadata)).toThrow(type);
    expect(() => encodeSafetensors(tensors, metadata)).toThrow(message);
  });
});
