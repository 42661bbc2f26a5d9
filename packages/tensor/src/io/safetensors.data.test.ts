import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.js";

const directory = process.env.DL_DATA_DIR ?? "";

const read = (path: string): Uint8Array => readFileSync(join(directory, path));

describe("FT-05 safetensors written by other libraries", () => {
  const expected = (
    JSON.parse(new TextDecoder().decode(read("formats/expected.json"))) as Record<string, Record<string, { shape: number[]; values: number[] }>>
  )["dtypes.safetensors"];

  test.each([
    ["f32", "float32", undefined],
    ["f64", "float64", undefined],
    ["f16", "float32", "F16"],
    ["bf16", "float32", "BF16"],
    ["i64", "int32", "I64"],
    ["i32", "int32", undefined],
    ["i8", "int8", undefined],
    ["u8", "uint8", undefined],
    ["bool", "bool", undefined],
    ["scalar", "float32", undefined],
    ["empty", "float32", undefined],
  ])("%s of the fixture is read as %s", (name, dtype, fileDtype) => {
    const { tensors } = decodeSafetensors(read("formats/dtypes.safetensors"));
    expect(tensors.size).toBe(Object.keys(expected).length);
    const tensor = tensors.get(name);
    expect(tensor).toMatchObject({ dtype, shape: expected[name].shape });
    expect(tensor?.fileDtype).toBe(fileDtype);
    expect(Array.from(tensor?.data ?? [])).toEqual(expected[name].values);
  });

  test.each(["formats/dtypes.safetensors", "models/mnist-cnn/mnist.safetensors", "models/stories260k/stories260K.safetensors"])(
    "%s is written back byte for byte",
    (path) => {
      const bytes = read(path);
      const { tensors, metadata } = decodeSafetensors(bytes, path);
      expect(Buffer.from(encodeSafetensors(tensors, metadata)).equals(bytes)).toBe(true);
    },
  );
});
