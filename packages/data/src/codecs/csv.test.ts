import { FormatError, ShapeError, UnknownNameError, ValueError } from "@dl/registry";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeCsv, encodeCsv } from "./csv.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const cells = (text: string, delimiter?: string): unknown => Array.from(decodeCsv(text, { header: false, delimiter }).columns.values(), ({ data }) => data);

describe("decodeCsv", () => {
  test("gives typed columns by name", () => {
    const table = decodeCsv(bytes('age,count,town,"a ""b"""\r\n1.5,-3,Bonn,x\r\n-2e3,7,Aix,\r\n0,0,Bonn,"y\nz, w"'), {
      types: { age: "number", count: "integer", town: "category" },
    });
    expect(table.names).toStrictEqual(["age", "count", "town", 'a "b"']);
    expect(table.rows).toBe(3);
    expect([...table.columns.values()]).toStrictEqual([
      { type: "number", data: Float64Array.of(1.5, -2000, 0) },
      { type: "integer", data: Int32Array.of(-3, 7, 0) },
      { type: "category", names: ["Aix", "Bonn"], data: Int32Array.of(1, 0, 1) },
      { type: "string", data: ["x", "", "y\nz, w"] },
    ]);
  });

  test.each<[string, string, string | undefined, unknown]>([
    ["another delimiter", "a;b,c\nd;e", ";", [["a", "d"], ["b,c", "e"]]],
    ["tabs", "a\t\nb\tc", "\t", [["a", "b"], ["", "c"]]],
    ["empty lines between rows", "a,b\n\n\r\nc,d\n\n", undefined, [["a", "c"], ["b", "d"]]],
    ["a quoted empty cell on a line of its own", 'a\n""\nb\n', undefined, [["a", "", "b"]]],
    ["quotes and delimiters at the ends", '"a",""\n",","\n"', undefined, [["a", ","], ["", "\n"]].map(([first, second]) => [first, second])],
    ["nothing", "", undefined, []],
  ])("reads %s", (_, text, delimiter, expected) => {
    expect(cells(text, delimiter)).toStrictEqual(expected);
  });

  test("leaves out a byte order mark, and reads ISO-8859-1 byte for byte", () => {
    expect(decodeCsv(Uint8Array.of(0xef, 0xbb, 0xbf, ...bytes("a\n1"))).names).toStrictEqual(["a"]);
    expect(decodeCsv(Uint8Array.of(0x61, 0x0a, 0xe9, 0x85), { encoding: "iso-8859-1" }).columns.get("a")).toStrictEqual({ type: "string", data: ["é\u0085"] });
  });

  test.each<[string, string | Uint8Array, RegExp]>([
    ["a row with too few cells, also behind a cell of two lines", 'a,b\n"1\n2",3\n4\n', /^t\.csv: line 4 has 1 cells, line 1 has 2\. /],
    ["a row with too many cells", "a,b\n1,2,3", /line 2 has 3 cells, line 1 has 2/],
    ["text where a number is expected", "a,b\n1,2\n3,four", /line 3, column 2 \("b"\): "four" is no number/],
    ["an empty cell where a number is expected", "a,b\n1,", /line 2, column 2 \("b"\): "" is no number/],
    ["a quote that is never closed", 'a,b\n1,"2\n3', /line 2, column 2: the quote that opens here is never closed/],
    ["text behind a quote", 'a,b\n1,"2"3', /line 2, column 2: "3" follows the closing quote/],
    ["a quote within a cell", 'a,b\n1,2"3"', /line 2, column 2: a quote stands within a cell/],
    ["a column that comes twice", "a,a\n1,2", /the column "a" comes twice/],
    ["no header", "", /the file is empty/],
    ["bytes that are no UTF-8", Uint8Array.of(0x61, 0x0a, 0xc3, 0xa9, 0xe9, 0x0a), /byte 4 \(e9\) is no UTF-8.*iso-8859-1/],
  ])("refuses %s", (_, input, message) => {
    const read = (): unknown => decodeCsv(input, { where: "t.csv", types: "number" });
    expect(read).toThrow(FormatError);
    expect(read).toThrow(message);
  });

  test("refuses whole numbers that are none, or too large", () => {
    expect(() => decodeCsv("a\n1.5", { types: "integer" })).toThrow(/line 2, column 1 \("a"\): "1\.5" is no whole number of 32 bits/);
    expect(() => decodeCsv("a\n4294967296", { types: "integer" })).toThrow(FormatError);
  });

  test("refuses options that make no sense", () => {
    expect(() => decodeCsv("a", { delimiter: ",," })).toThrow(ValueError);
    expect(() => decodeCsv("a,b", { types: { c: "number" } })).toThrow(/unknown column "c"/);
    expect(() => decodeCsv("a", { types: "float" } as object)).toThrow(/unknown column type "float"/);
    expect(() => decodeCsv(bytes("a"), { encoding: "utf-16" } as object)).toThrow(ValueError);
    expect(() => decodeCsv("a", { seperator: ";" } as object)).toThrow(UnknownNameError);
  });
});

describe("encodeCsv", () => {
  test("quotes what must be quoted", () => {
    expect(encodeCsv(["a", 'b"'], [[1, "x,y"], ["", "\n"]])).toBe('a,"b"""\r\n1,"x,y"\r\n,"\n"\r\n');
    expect(encodeCsv(["a", "b"], [["1;2", "3,4"]], { delimiter: ";" })).toBe('a;b\r\n"1;2";3,4\r\n');
  });

  test("any table comes back", () => {
    const row = fc.array(fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", "\r", "é", " ") }), { minLength: 2, maxLength: 2 });
    fc.assert(fc.property(fc.array(row), (rows) => {
      expect(cells(encodeCsv(["x", "y"], rows))).toStrictEqual([["x", ...rows.map(([first]) => first)], ["y", ...rows.map(([, second]) => second)]]);
    }));
    expect(cells(encodeCsv(["x"], [[""], ["a"]]))).toStrictEqual([["x", "", "a"]]);
  });

  test("refuses rows of another width", () => {
    expect(() => encodeCsv(["a"], [["1"], ["2", "3"]])).toThrow(ShapeError);
    expect(() => encodeCsv(["a"], [["1"], ["2", "3"]])).toThrow(/row 1 has 2 cells for 1 names/);
  });
});
