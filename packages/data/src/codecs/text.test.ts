import { FormatError, UnknownNameError } from "@dl/registry";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeLines, decodeText } from "./text.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("decodeText", () => {
  test("ISO-8859-1 is a character for each byte, 0x85 among them", () => {
    const all = Uint8Array.from({ length: 256 }, (_, i) => i);
    expect(Array.from(decodeText(all, "iso-8859-1"), (letter) => letter.codePointAt(0))).toStrictEqual([...all]);
  });

  test("the offset is that of the first sequence which is no UTF-8", () => {
    const broken = fc.constantFrom([0x80], [0xc0, 0x80], [0xc3], [0xe0, 0x80, 0x80], [0xed, 0xa0, 0x80], [0xf0, 0x80, 0x80, 0x80], [0xf5], [0xf4, 0x90, 0x80, 0x80], [0xff]);
    fc.assert(fc.property(fc.string({ unit: "binary" }), broken, (text, wrong) => {
      const before = bytes(text);
      expect(() => decodeText(Uint8Array.of(...before, ...wrong, 0x61), "utf-8", "t")).toThrow(FormatError);
      expect(() => decodeText(Uint8Array.of(...before, ...wrong, 0x61), "utf-8", "t")).toThrow(expect.objectContaining({ details: { offset: before.length } }));
    }));
  });

  test("a character that is cut off at the end has an offset, too", () => {
    expect(() => decodeText(bytes("aé").subarray(0, 2))).toThrow(/byte 1 \(c3\) is no UTF-8/);
  });
});

describe("decodeLines", () => {
  test.each([
    ["", []],
    ["a", ["a"]],
    ["a\nb\n", ["a", "b"]],
    ["a\r\n\r\nb", ["a", "", "b"]],
    ["\n", [""]],
    ["a\u0085b\u2028c\n", ["a\u0085b\u2028c"]],
  ])("%j is %j", (text, lines) => {
    expect(decodeLines(bytes(text))).toStrictEqual(lines);
  });

  test("options are checked", () => {
    expect(() => decodeLines(bytes("a"), { encodng: "utf-8" } as object)).toThrow(UnknownNameError);
  });
});
