import { FormatError, UnknownNameError, ValueError } from "@dl/registry";
import type { HostArray } from "@dl/tensor";
import fc from "fast-check";
import { zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { decodeNpz, encodeNpz } from "./npz.js";
import { encodeNpy } from "./npy.js";
import { unzip } from "./zip.js";

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

const floats = (values: readonly number[]): HostArray => ({ dtype: "float32", shape: [values.length], data: Float32Array.from(values) });

const weights = floats([1, 2, 3]);
const bias: HostArray = { dtype: "int32", shape: [], data: Int32Array.of(7), fileDtype: "I64" };

/** An npy file of one pickled object. */
const pickled = ((): Uint8Array => {
  const file = encodeNpy({ dtype: "uint8", shape: [1], data: Uint8Array.of(0x80) });
  const header = new TextDecoder("latin1").decode(file).replace("'|u1'", "'|O' ");
  return Uint8Array.from(header, (letter) => letter.charCodeAt(0));
})();

describe("npz", () => {
  test.each([[false], [true]])("arrays come back under their names, compressed: %s", (compress) => {
    fc.assert(fc.property(fc.dictionary(fc.stringMatching(/^[\w./ é-]{1,12}$/), fc.array(fc.float(), { maxLength: 30 })), (given) => {
      const arrays = new Map(Object.entries(given).map(([name, values]) => [name, floats(values)]));
      expect(decodeNpz(encodeNpz(arrays, { compress }))).toStrictEqual(arrays);
    }), { numRuns: 50 });
  });

  test("equal arrays give equal bytes", () => {
    const arrays = [["w", weights], ["b", bias]] as const;
    expect(encodeNpz(arrays)).toStrictEqual(encodeNpz(arrays));
    expect(decodeNpz(encodeNpz(arrays))).toStrictEqual(new Map(arrays));
    expect(encodeNpz(arrays, { compress: true }).length).toBeLessThan(encodeNpz(arrays).length);
  });

  test("a pickled member is named", () => {
    const archive = zipSync({ "w.npy": encodeNpy(weights), "labels.npy": pickled });
    expect(() => decodeNpz(archive, "data.npz")).toThrow(FormatError);
    expect(() => decodeNpz(archive, "data.npz")).toThrow(/^data\.npz, member "labels\.npy": byte 10: the elements are of type '\|O': pickled Python objects/);
  });

  test("a member that is no array is named", () => {
    expect(() => decodeNpz(zipSync({ "readme.txt": text("hello") }), "data.npz")).toThrow(/^data\.npz, member "readme\.txt": its name does not end in \.npy/);
  });

  test("names that are empty or come twice, and unknown options, are refused", () => {
    expect(() => encodeNpz([["", weights]])).toThrow(ValueError);
    expect(() => encodeNpz([["w", weights], ["w", bias]])).toThrow(/the name "w" comes twice/);
    expect(() => encodeNpz([], { compres: true } as object)).toThrow(UnknownNameError);
  });
});

describe("unzip", () => {
  const content = text("the quick brown fox ".repeat(20));
  const archive = zipSync({ a: [content, { level: 9 }], "folder/b": [content, { level: 0 }] });
  const view = new DataView(archive.buffer);
  const end = archive.length - 22;
  const directory = view.getUint32(end + 16, true);
  const changed = (at: number, ...bytes: readonly number[]): Uint8Array => {
    const copy = archive.slice();
    copy.set(bytes, at);
    return copy;
  };

  test("gives files by path, stored and deflated", () => {
    expect(unzip(archive)).toStrictEqual(new Map([["a", content], ["folder/b", content]]));
    expect(unzip(zipSync({}))).toStrictEqual(new Map());
  });

  test("folders are left out", () => {
    expect([...unzip(zipSync({ folder: { a: content } })).keys()]).toStrictEqual(["folder/a"]);
  });

  test("a comment at the end does not matter", () => {
    expect(unzip(Uint8Array.of(...changed(end + 20, 3, 0), ...text("abc"))).size).toBe(2);
  });

  test.each<[string, Uint8Array, RegExp]>([
    ["nothing", new Uint8Array(), /byte 0: there is no zip directory/],
    ["a file cut off", archive.subarray(0, archive.length - 30), /there is no zip directory/],
    ["ZIP64", changed(end + 10, 0xff, 0xff), /ZIP64/],
    ["a directory elsewhere", changed(end + 16, 0, 0, 0, 0), /byte 0: the directory has no entry here/],
    ["an encrypted member", changed(directory + 8, 1), /member "a": byte 0: the member is encrypted/],
    ["another method", changed(directory + 10, 12), /member "a": byte 0: the member is packed by method 12/],
    ["a member elsewhere", changed(directory + 42, 1), /member "a": byte 1: the member does not begin here/],
    ["a wrong length", changed(directory + 24, 1), /member "a": byte 0: the directory promises \d+ bytes, the member holds more/],
    ["a wrong CRC", changed(directory + 16, 0, 0), /member "a": byte 0: the member's CRC-32/],
    ["a member longer than the file", changed(directory + 20, 0xff, 0xff), /member "a": byte \d+: the member ends at byte \d+, the file before/],
    ["a corrupt stream", changed(31, 0xff, 0xff, 0xff), /member "a": byte 0: the member's/],
  ])("%s is refused", (_, bytes, message) => {
    expect(() => unzip(bytes, "x.zip")).toThrow(FormatError);
    expect(() => unzip(bytes, "x.zip")).toThrow(message);
  });

  test("any changed byte gives the same files or a FormatError", () => {
    for (let at = 0; at < archive.length; at++) {
      try {
        for (const data of unzip(archive.with(at, archive[at] ^ 0x11)).values()) expect(Buffer.from(data).equals(content)).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError);
      }
    }
  });
});
