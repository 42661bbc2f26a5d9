import { FormatError } from "@dl/registry";
import { describe, expect, test } from "vitest";
import { decodeCifar10, decodeCifar100 } from "./cifar.js";

const record = (labels: readonly number[], pixel: number): number[] => [...labels, ...Array.from({ length: 3072 }, (_, i) => (i === 1 ? 255 : i >= 2048 ? 0 : pixel))];

describe("CIFAR", () => {
  test("records of ten classes", () => {
    const set = decodeCifar10(Uint8Array.from([...record([6], 51), ...record([9], 102)]));
    expect(set.host.y).toStrictEqual({ dtype: "int32", shape: [2], data: Int32Array.of(6, 9) });
    expect(set.host.x.shape).toStrictEqual([2, 3, 32, 32]);
    const data = set.x.dataSync();
    expect([data[0], data[1], data[1024], data[2048], data[3072]]).toStrictEqual([...Float32Array.of(0.2, 1, 0.2, 0, 0.4)]);
  });

  test("records of a hundred classes have their group first", () => {
    const { data, coarse } = decodeCifar100(Uint8Array.from(record([19, 99], 0)));
    expect([coarse, data.host.y.data, data.x.dataSync()[1]]).toStrictEqual([Int32Array.of(19), Int32Array.of(99), 1]);
  });

  test.each<[string, () => unknown, RegExp]>([
    ["a record cut off", () => decodeCifar10(Uint8Array.from(record([1], 0)).subarray(0, 3000), "x.bin"), /^x\.bin: the CIFAR file ends too early, at byte 3000/],
    ["a label that is no class", () => decodeCifar10(Uint8Array.from([...record([1], 0), ...record([10], 0)])), /byte 3073: label 10 of record 1 is not in \[0, 10\)/],
    ["a group that is none", () => decodeCifar100(Uint8Array.from(record([20, 0], 0))), /byte 0: label 20 of record 0 is not in \[0, 20\)/],
  ])("refuses %s", (_, decode, message) => {
    expect(decode).toThrow(FormatError);
    expect(decode).toThrow(message);
  });
});
