import { readFileSync } from "node:fs";
import { join } from "node:path";
import { FormatError } from "@dl/registry";
import { describe, expect, test } from "vitest";
import { decodeNpy, encodeNpy } from "./npy.js";
import { decodeNpz, encodeNpz } from "./npz.js";

interface Expected {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly fortran: boolean;
  readonly values?: readonly (number | boolean)[];
  /** Bit patterns of float32. */
  readonly bits?: readonly number[];
}

interface ExpectedNpz {
  readonly w: Expected;
  readonly b: Expected;
}

const folder = join(process.env.DL_DATA_DIR ?? "", "formats");
const read = (name: string): Uint8Array => new Uint8Array(readFileSync(join(folder, name)));
const expected = JSON.parse(readFileSync(join(folder, "expected.json"), "utf8")) as Readonly<Record<string, Expected>> & Readonly<Record<"stored.npz" | "deflated.npz", ExpectedNpz>>;

const dtypes: Readonly<Record<string, readonly [dtype: string, fileDtype?: string]>> = {
  f2: ["float32", "F16"], f4: ["float32"], f8: ["float64"], i1: ["int8"], i2: ["int32", "I16"], i4: ["int32"], i8: ["int32", "I64"],
  u1: ["uint8"], u2: ["int32", "U16"], u4: ["int32", "U32"], u8: ["int32", "U64"], b1: ["bool"],
};

const refused = ["c_le_c8.npy", "unicode_U.npy"];
const arrays = Object.keys(expected).filter((name) => name.endsWith(".npy") && !refused.includes(name));

describe("files that NumPy 2.4 wrote", () => {
  test("are all here", () => {
    expect(arrays).toHaveLength(20);
  });

  test.each(arrays)("%s is read exactly", (name) => {
    const { dtype, shape, values, bits } = expected[name];
    const array = decodeNpy(read(name), name);
    const [own, fileDtype] = dtypes[dtype.slice(1)];
    expect(array).toMatchObject({ dtype: own, shape });
    expect(array.fileDtype).toBe(fileDtype);
    if (values !== undefined) expect([...array.data]).toStrictEqual(values.map(Number));
    if (bits !== undefined) expect([...new Uint32Array(array.data.buffer)]).toStrictEqual(bits);
  });

  test.each(arrays.filter((name) => !/be_|fortran|version2/.test(name)))("%s is written back byte for byte", (name) => {
    expect(encodeNpy(decodeNpy(read(name)))).toStrictEqual(read(name));
  });

  test.each(["c_be_f4.npy", "c_be_i4.npy", "fortran_f4.npy", "version2_f4.npy"])("%s survives a change of layout", (name) => {
    const array = decodeNpy(read(name));
    expect(decodeNpy(encodeNpy(array))).toStrictEqual(array);
  });

  test.each([
    ["c_le_c8.npy", /^c_le_c8\.npy: byte 10: the elements are of type '<c8': complex numbers.*np\.stack\(\[a\.real, a\.imag\]\)/],
    ["unicode_U.npy", /'<U7': text/],
  ])("%s is refused", (name, message) => {
    expect(() => decodeNpy(read(name), name)).toThrow(FormatError);
    expect(() => decodeNpy(read(name), name)).toThrow(message);
  });

  test.each(["stored.npz", "deflated.npz"] as const)("%s is read by name, and written so that it is read again", (name) => {
    const found = decodeNpz(read(name), name);
    const { w, b } = expected[name];
    expect([...found.keys()].sort()).toStrictEqual(["b", "w"]);
    for (const [key, { shape, values }] of [["w", w], ["b", b]] as const) {
      expect(found.get(key)?.shape).toStrictEqual(shape);
      expect([...(found.get(key)?.data ?? [])]).toStrictEqual(values);
    }
    expect(decodeNpz(encodeNpz(found, { compress: name === "deflated.npz" }))).toStrictEqual(found);
  });
});
