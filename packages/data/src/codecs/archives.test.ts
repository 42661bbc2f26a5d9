import { gzipSync } from "node:zlib";
import { FormatError, UnknownNameError } from "@dl/registry";
import { zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { gunzip } from "./gzip.js";
import { untar } from "./tar.js";
import { unzip, zip } from "./zip.js";

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

/** A member as tar writes it: a header of 512 bytes, then the content in blocks of 512. */
function member(name: string, content: string, type = "0", prefix = ""): Uint8Array {
  const header = new Uint8Array(512);
  const put = (at: number, value: string): void => { header.set(text(value), at); };
  put(0, name);
  put(124, `${text(content).length.toString(8).padStart(11, "0")}\0`);
  put(148, "        ");
  put(156, type);
  put(257, "ustar\x0000");
  put(345, prefix);
  put(148, `${header.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, "0")}\0 `);
  const body = new Uint8Array(Math.ceil(text(content).length / 512) * 512);
  body.set(text(content));
  return Uint8Array.of(...header, ...body);
}

const archive = (...members: Uint8Array[]): Uint8Array => Uint8Array.from([...members, new Uint8Array(1024)].flatMap((part) => [...part]));
const contents = (bytes: Uint8Array): [string, string][] => Array.from(untar(bytes), ([name, data]) => [name, new TextDecoder().decode(data)]);

describe("untar", () => {
  test("gives files by path; folders are left out", () => {
    const bytes = archive(member("./folder/", "", "5"), member("./folder/a.txt", "hello"), member("empty", ""), member("b", "x".repeat(600), "\0"), member("c", "deep", "0", "one/two"));
    expect(contents(bytes)).toStrictEqual([["folder/a.txt", "hello"], ["empty", ""], ["b", "x".repeat(600)], ["one/two/c", "deep"]]);
  });

  test("long names of GNU and of pax", () => {
    const long = `${"long/".repeat(40)}é`;
    const record = ` path=${long}\n`;
    const extended = `${text(record).length + 3}${record}`;
    expect(contents(archive(member("././@LongLink", `${long}\0`, "L"), member("short", "1"), member("b", "2")))).toStrictEqual([[long, "1"], ["b", "2"]]);
    expect(contents(archive(member("pax", extended, "x"), member("short", "1"), member("b", "2")))).toStrictEqual([[long, "1"], ["b", "2"]]);
  });

  const good = archive(member("a", "hello"));
  test.each<[string, Uint8Array, RegExp]>([
    ["nothing", new Uint8Array(), /the tar file ends too early, at byte 0/],
    ["a header cut off", good.subarray(0, 100), /ends too early, at byte 100/],
    ["a member cut off", good.subarray(0, 515), /ends too early, at byte 515/],
    ["an end cut off", good.subarray(0, 1024), /ends too early, at byte 1024/],
    ["another file", new Uint8Array(1024).fill(65), /byte 0: there is no tar header here/],
    ["a changed header", good.with(3, 66), /its checksum does not fit/],
    ["a link", archive(member("a", "", "2")), /the member "a" is of type "2", such as a link/],
    ["a name that climbs out", archive(member("a/../../b", "x")), /the member "a\/\.\.\/\.\.\/b" would be written outside of the folder/],
    ["an absolute name", archive(member("/etc/x", "x")), /outside of the folder/],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => untar(bytes, "x.tar")).toThrow(FormatError);
    expect(() => untar(bytes, "x.tar")).toThrow(message);
  });

  test("refuses files beyond the bound", () => {
    expect(() => untar(archive(member("a", "x".repeat(60)), member("b", "x".repeat(60))), "x.tar", { maxBytes: 100 })).toThrow(/expand to 120, the bound is 100/);
  });
});

test("zip writes what unzip reads, the same bytes each time, whatever the names", () => {
  const files = new Map([["b/model.json", text("{}")], ["a.bin", Uint8Array.of(0, 255)], ["empty", new Uint8Array(0)]]);
  for (const compress of [false, true]) {
    expect(unzip(zip(files, { compress }))).toStrictEqual(files);
    expect(zip(files, { compress })).toStrictEqual(zip(new Map(files), { compress }));
  }
  expect(() => zip(files, { level: 9 } as object)).toThrow('unknown option "level"');
});

describe("archives that do harm", () => {
  test.each(["../a", "a/../../b", "/a", "\\a", "a\\..\\b", "C:a"])("a zip member named %j is refused", (name) => {
    expect(() => unzip(zipSync({ [name]: text("x") }), "x.zip")).toThrow(FormatError);
    expect(() => unzip(zipSync({ [name]: text("x") }), "x.zip")).toThrow(/would be written outside of the folder/);
  });

  test("dots that climb nowhere are fine", () => {
    expect([...unzip(zipSync({ "a..b/.c/...d": text("x") })).keys()]).toStrictEqual(["a..b/.c/...d"]);
  });

  const zeros = new Uint8Array(1_000_000);
  test("what expands beyond the bound is refused before it is unpacked", () => {
    const zip = zipSync({ a: [zeros, { level: 9 }], b: [zeros, { level: 9 }] });
    expect(() => unzip(zip, "x.zip", { maxBytes: 1_999_999 })).toThrow(/packed bytes expand to 2000000, the bound is 1999999/);
    expect(unzip(zip, "x.zip", { maxBytes: 2_000_000 }).size).toBe(2);
    const gzip = new Uint8Array(gzipSync(zeros));
    expect(() => gunzip(gzip, "x.gz", { maxBytes: 999_999 })).toThrow(FormatError);
    expect(gunzip(gzip, "x.gz", { maxBytes: 1_000_000 })).toHaveLength(1_000_000);
    expect(() => gunzip(gzip, "x.gz", { max: 1 } as object)).toThrow(UnknownNameError);
  });

  test("a trailer that promises less does not get past the bound", () => {
    const gzip = new Uint8Array(gzipSync(zeros));
    new DataView(gzip.buffer).setUint32(gzip.length - 4, 10, true);
    expect(() => gunzip(gzip, "x.gz", { maxBytes: 1000 })).toThrow(/promises 10 bytes, the stream holds more/);
    const stored = new Uint8Array(gzipSync(zeros.subarray(0, 5000), { level: 0 }));
    new DataView(stored.buffer).setUint32(stored.length - 4, 10, true);
    expect(() => gunzip(stored)).toThrow(/promises 10 bytes, the stream holds more/);
  });
});
