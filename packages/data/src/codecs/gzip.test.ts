import { gzipSync } from "node:zlib";
import { FormatError } from "@dl/registry";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { crc32 } from "./crc32.js";
import { gunzip, isGzip } from "./gzip.js";

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const plain = text("The quick brown fox jumps over the lazy dog, twice. ".repeat(50));
const packed = new Uint8Array(gzipSync(plain));

const changed = (index: number, change: (byte: number) => number): Uint8Array => packed.with(index, change(packed[index]));

describe("crc32", () => {
  test("of the standard check string", () => {
    expect(crc32(text("123456789"))).toBe(0xcbf43926);
    expect(crc32(new Uint8Array())).toBe(0);
  });
});

describe("gunzip", () => {
  test("gives back what was packed", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
        expect(gunzip(new Uint8Array(gzipSync(bytes)))).toStrictEqual(bytes);
      }),
    );
  });

  test("skips the optional header fields", () => {
    const fields = Uint8Array.of(3, 0, 7, 7, 7, ...text("a.txt"), 0, ...text("note"), 0, 1, 2);
    const header = packed.slice(0, 10).with(3, 2 + 4 + 8 + 16);
    expect(gunzip(Uint8Array.of(...header, ...fields, ...packed.subarray(10)))).toStrictEqual(plain);
  });

  test("knows gzip by its first bytes", () => {
    expect(isGzip(packed)).toBe(true);
    expect(isGzip(plain)).toBe(false);
    expect(isGzip(new Uint8Array())).toBe(false);
  });

  test.each([
    ["no bytes", new Uint8Array(), /expected 1f 8b, got no bytes/],
    ["another file", plain, /byte 0 is not the start of a gzip file: expected 1f 8b, got 54 68/],
    ["another method", changed(2, () => 7), /byte 2 names compression method 7/],
    ["reserved flags", changed(3, () => 0x80), /byte 3 has reserved flags/],
    ["a header cut off", packed.subarray(0, 9), /ends too early, at byte 9/],
    ["a name without end", Uint8Array.of(...packed.slice(0, 10).with(3, 8), 65, 65, 65, 65, 65, 65, 65, 65, 65), /ends too early, at byte 19/],
    ["a stream cut off", packed.subarray(0, 40), /ends too early, at byte 40/],
    ["a block type that does not exist", changed(10, (byte) => byte | 6), /deflate stream at byte 10 is corrupt/],
    ["a wrong length", changed(packed.length - 1, (byte) => byte ^ 1), /promises \d+ bytes, the stream holds 2600/],
    ["a wrong CRC", changed(packed.length - 8, (byte) => byte ^ 1), /the CRC-32 is 0x[0-9a-f]{8}, the trailer at byte \d+ says 0x/],
  ])("rejects %s", (_, bytes, message) => {
    const unpack = (): unknown => gunzip(bytes, "train.gz");
    expect(unpack).toThrow(FormatError);
    expect(unpack).toThrow(message);
    expect(unpack).toThrow(/^train\.gz: /);
  });

  test("a changed byte behind the header is noticed, or changes nothing (the padding bits of the last block)", () => {
    const unnoticed = [...packed.keys()].slice(10).filter((i) => {
      try {
        expect(gunzip(changed(i, (byte) => byte ^ 0x10))).toStrictEqual(plain);
        return true;
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError);
        return false;
      }
    });
    expect(unnoticed.length).toBeLessThan(2);
  });
});
