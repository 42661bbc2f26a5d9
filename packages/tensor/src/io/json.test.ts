import { FormatError } from "@dl/registry";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseJson } from "./json.js";
import type { JsonNode } from "./json.js";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

const parse = (text: string): JsonNode => parseJson(bytesOf(text), 0, bytesOf(text).length, "test");

function plain({ value }: JsonNode): unknown {
  if (Array.isArray(value)) return (value as readonly JsonNode[]).map(plain);
  if (value instanceof Map) return Object.fromEntries(Array.from(value as ReadonlyMap<string, JsonNode>, ([key, node]) => [key, plain(node)]));
  return value;
}

describe("FT-05 strict JSON", () => {
  test("agrees with JSON.parse on any document, with and without white space", () => {
    fc.assert(
      fc.property(fc.json({ noUnicodeString: false }), fc.constantFrom(undefined, 2, "\t"), (text, indent) => {
        const value: unknown = JSON.parse(text);
        expect(plain(parse(text))).toEqual(value);
        expect(plain(parse(`\r\n ${JSON.stringify(value, null, indent)} \n`))).toEqual(value);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  test("accepts exactly the number and text forms that JSON.parse accepts", () => {
    const soup = fc.string({ unit: fc.constantFrom(...Array.from("0123.-+eE\"\\u/bn{}[]:, truefalsn")), maxLength: 12 });
    const accepts = (run: () => unknown): boolean => {
      try {
        run();
        return true;
      } catch {
        return false;
      }
    };
    fc.assert(
      fc.property(soup, (text) => {
        if (/"[^"]*"[^"]*"[^"]*"/.test(text) || /\\u/.test(text)) return; // two keys may be equal, half a pair is refused
        expect(accepts(() => parse(text))).toBe(accepts(() => JSON.parse(text)));
      }),
      { seed: 2, numRuns: 20_000 },
    );
  });

  test("values know the byte they start at, counted in UTF-8", () => {
    const { value } = parse('{"ü": [1, "x"], "b": {"c": null}}');
    const root = value as ReadonlyMap<string, JsonNode>;
    expect(root.get("ü")?.at).toBe(7);
    expect((root.get("ü")?.value as readonly JsonNode[]).map(({ at }) => at)).toEqual([8, 11]);
  });

  test("no key is special", () => {
    expect([...(parse('{"__proto__": 1, "constructor": 2}').value as ReadonlyMap<string, JsonNode>).keys()]).toEqual(["__proto__", "constructor"]);
  });

  test.each<[string, string, number, RegExp]>([
    ["nothing", "", 0, /expected a JSON value/],
    ["a key twice", '{"a":1,"a":2}', 7, /"a" comes twice/],
    ["a key twice, escaped", '{"a":1,"\\u0061":2}', 7, /"a" comes twice/],
    ["a key twice, deep", '{"x":[{"b":1,"c":2,"b":3}]}', 19, /"b" comes twice/],
    ["an open string", '["abc', 1, /without an end/],
    ["an open escape", '["abc\\', 1, /without an end/],
    ["an open object", '{"a":1', 6, /expected }/],
    ["a trailing comma", "[1,]", 3, /expected a JSON value/],
    ["a leading zero", "[01]", 1, /01 is not a JSON number/],
    ["two signs", "[--1]", 1, /--1 is not a JSON number/],
    ["a bare key", "{a:1}", 1, /expected a key/],
    ["NaN", "[NaN]", 1, /expected a JSON value/],
    ["more text", "{} {}", 3, /more after/],
    ["a control character", '["a\u0001"]', 3, /control character/],
    ["an unknown escape", '["\\x41"]', 1, /escape/],
    ["half a surrogate pair", '["\\ud83d"]', 1, /surrogate/],
    ["deep nesting", "[".repeat(100_000), 33, /more than 32 deep/],
    ["a comment", "[1/**/]", 2, /expected \]/],
  ])("refuses %s and says where", (_, text, offset, message) => {
    expect(() => parse(text)).toThrow(FormatError);
    expect(() => parse(text)).toThrow(message);
    expect(() => parse(text)).toThrow(expect.objectContaining({ details: { offset } }) as Error);
  });

  test("refuses invalid UTF-8 and keeps a byte-order mark in text", () => {
    expect(() => parseJson(Uint8Array.of(0x22, 0xff, 0x22), 0, 3, "test")).toThrow("test: byte 1: text that is not valid UTF-8.");
    expect(parse('"\ufeffa"').value).toBe("\ufeffa");
    expect(() => parse("\ufeff{}")).toThrow(FormatError);
  });

  test("refuses more values than a header can need", () => {
    expect(() => parse(`[${"0,".repeat(4_000_000)}0]`)).toThrow(/more than 4000000 values/);
  });
});
