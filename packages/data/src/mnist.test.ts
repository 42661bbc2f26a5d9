import { gzipSync } from "node:zlib";
import { createRegistry, FormatError, UnknownNameError } from "@dl/registry";
import { describe, expect, test } from "vitest";
import { data, datasetNamed, datasets, decodeMnist } from "./index.js";

const images = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 255, 51, 102);
const labels = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 0);

describe("decodeMnist", () => {
  test("scales images to 0..1 and adds the channel", () => {
    const set = decodeMnist(images, labels);
    expect(set.sample(0).x).toStrictEqual({ dtype: "float32", shape: [1, 1, 2], data: Float32Array.of(0, 1) });
    expect(set.x.toArray()).toStrictEqual([[[[0, 1]]], [[[Math.fround(0.2), Math.fround(0.4)]]]]);
    expect(set.host.y).toStrictEqual({ dtype: "int32", shape: [2], data: Int32Array.of(7, 0) });
  });

  test("reads packed files", () => {
    expect(decodeMnist(new Uint8Array(gzipSync(images)), new Uint8Array(gzipSync(labels))).length).toBe(2);
  });

  test.each([
    ["labels in place of images", labels, labels, /^images: expected uint8 images of shape \[N, height, width\], got uint8 of shape \[2\]/],
    ["images in place of labels", images, images, /^labels: expected uint8 labels of shape \[N\], got uint8 of shape \[2, 1, 2\]/],
    ["a label above 9", images, labels.with(9, 10), /^labels: label 10 at row 1 is not in \[0, 10\)/],
    ["files of two splits", images, Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 7), /^labels: 1 labels for the 2 images of images/],
    ["a damaged archive", new Uint8Array(gzipSync(images)).subarray(0, 25), labels, /^images: the gzip file ends too early/],
  ])("rejects %s", (_, x, y, message) => {
    expect(() => decodeMnist(x, y)).toThrow(FormatError);
    expect(() => decodeMnist(x, y)).toThrow(message);
  });
});

describe("the catalogue", () => {
  test("names files, addresses, sizes and hashes", () => {
    for (const [name, { files }] of Object.entries({ mnist: datasets.mnist, "fashion-mnist": datasets["fashion-mnist"] })) {
      expect(files).toHaveLength(4);
      for (const { path, urls, bytes, sha256 } of files) {
        expect(path).toMatch(new RegExp(`^${name}/(train|t10k)-(images-idx3|labels-idx1)-ubyte\\.gz$`));
        expect(sha256).toMatch(/^[0-9a-f]{64}$/);
        expect(bytes).toBeGreaterThan(4000);
        for (const url of urls) expect(new URL(url).pathname.endsWith(path.slice(path.lastIndexOf("/")))).toBe(true);
      }
    }
  });

  test("every entry names its classes, and generates or decodes splits", () => {
    for (const entry of Object.values(datasets)) {
      if (entry.area === "images") expect(entry.classes).toHaveLength(10);
      if (entry.kind === "downloaded") expect(entry.files.every(({ urls, from }) => urls.length > 0 || from !== undefined)).toBe(true);
    }
    const [x, y] = [images, labels];
    const splits = datasets.mnist.decode((path) => (path.includes("images") ? x : y));
    expect([splits.train.length, splits.test.length]).toStrictEqual([2, 2]);
    expect(datasets.digits.generate({ train: 3, test: 2 }).test.length).toBe(2);
  });

  test("an unknown data set lists near matches", () => {
    expect(datasetNamed("mnist")).toBe(datasets.mnist);
    expect(() => datasetNamed("minst")).toThrow(UnknownNameError);
    expect(() => datasetNamed("minst")).toThrow(/unknown data set "minst"\. Did you mean "mnist"\?/);
    expect(() => datasetNamed("toString")).toThrow(UnknownNameError);
  });

  test("SYS-02 is a plugin", () => {
    expect(createRegistry(data).datasets["fashion-mnist"]).toBe(datasets["fashion-mnist"]);
  });
});
