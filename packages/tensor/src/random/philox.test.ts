import { describe, expect, test } from "vitest";
import { philox4x32 } from "./philox.js";
import { WordStream } from "./word-stream.js";

const hex = (words: Iterable<number>): string[] => Array.from(words, (word) => word.toString(16).padStart(8, "0"));

type Words = readonly [number, number, number, number];

function block([c0, c1, c2, c3]: Words, k0: number, k1: number): Uint32Array {
  const out = new Uint32Array(4);
  philox4x32(out, 0, c0, c1, c2, c3, k0, k1);
  return out;
}

/** The same function by the paper's definition, in arbitrary precision. */
function definition(counter: Words, key: readonly [number, number]): number[] {
  const word = 0xffffffffn;
  let [c0, c1, c2, c3] = counter.map(BigInt);
  let [k0, k1] = key.map(BigInt);
  for (let round = 0; round < 10; round++) {
    const product0 = 0xd2511f53n * c0;
    const product1 = 0xcd9e8d57n * c2;
    [c0, c1, c2, c3] = [(product1 >> 32n) ^ c1 ^ k0, product1 & word, (product0 >> 32n) ^ c3 ^ k1, product0 & word];
    k0 = (k0 + 0x9e3779b9n) & word;
    k1 = (k1 + 0xbb67ae85n) & word;
  }
  return [c0, c1, c2, c3].map(Number);
}

describe("SYS-07 Philox4x32-10", () => {
  const ones = 0xffffffff;
  test.each<[string, Words, number, number, string[]]>([
    ["zeros", [0, 0, 0, 0], 0, 0, ["6627e8d5", "e169c58d", "bc57ac4c", "9b00dbd8"]],
    ["ones", [ones, ones, ones, ones], ones, ones, ["408f276d", "41c83b0e", "a20bc7c6", "6d5451fd"]],
    [
      "digits of pi",
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      0xa4093822,
      0x299f31d0,
      ["d16cfe09", "94fdcceb", "5001e420", "24126ea1"],
    ],
  ])("gives the published answer for %s", (_, counter, k0, k1, expected) => {
    expect(hex(block(counter, k0, k1))).toEqual(expected);
  });

  test("equals its definition in arbitrary precision on 500 chained inputs", () => {
    let counter: Words = [1, 2, 3, 4];
    let key: [number, number] = [5, 6];
    for (let i = 0; i < 500; i++) {
      const expected = definition(counter, key);
      expect([...block(counter, ...key)]).toEqual(expected);
      counter = [expected[0], expected[1], expected[2], expected[3]];
      key = [expected[2] ^ i, expected[3]].map((word) => word >>> 0) as [number, number];
    }
  });

  test("writes four words and no others", () => {
    const out = new Uint32Array(8).fill(7);
    philox4x32(out, 2, 0, 0, 0, 0, 0, 0);
    expect(hex(out)).toEqual(["00000007", "00000007", "6627e8d5", "e169c58d", "bc57ac4c", "9b00dbd8", "00000007", "00000007"]);
  });
});

describe("SYS-07 word stream", () => {
  const id = { key: [11, 12], stream: [13, 14] } as const;
  const drawn = (position: number, length: number): number[] => {
    const stream = new WordStream(id, position);
    return Array.from({ length }, () => stream.next());
  };

  test("words 0 and 1 of the counter are the block number, words 2 and 3 the stream", () => {
    expect(drawn(4, 4)).toEqual([...block([1, 0, 13, 14], 11, 12)]);
    expect(drawn(2 ** 34, 4)).toEqual([...block([0, 1, 13, 14], 11, 12)]);
  });

  test("carries from counter word 0 into word 1 within a fill", () => {
    const words = new Uint32Array(8);
    new WordStream(id, (2 ** 32 - 1) * 4).fill(words, 8);
    expect([...words]).toEqual([...block([0xffffffff, 0, 13, 14], 11, 12), ...block([0, 1, 13, 14], 11, 12)]);
  });

  test("a fill gives what single draws give, from every offset and for every length", () => {
    for (let start = 0; start < 6; start++) {
      for (let length = 0; length < 14; length++) {
        const stream = new WordStream(id, start);
        const words = new Uint32Array(14);
        stream.fill(words, length);
        expect([...words.subarray(0, length)]).toEqual(drawn(start, length));
        expect(stream.position).toBe(start + length);
        expect(stream.next()).toBe(drawn(start + length, 1)[0]);
      }
    }
  });
});
