import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FormatError, ShapeError, UnknownNameError, ValueError } from "@dl/registry";
import { expect, test } from "vitest";
import { DataLoader, decodeImage, encodePng, imageFolder } from "./index.js";
import { openImageFolder } from "./node/index.js";

const grey = (...values: number[]): Uint8Array => encodePng({ dtype: "float32", shape: [1, 1, values.length], data: Float32Array.from(values) });
const files = { "dog/2.png": grey(0, 1), "cat/deep/1.PNG": grey(0.2, 0.4), "dog/10.png": grey(1, 1), "cat/notes.txt": new Uint8Array(1), "alone.png": grey(0, 0) };

test("classes are the folders in the order of their names, samples in the order of their paths", async () => {
  const set = imageFolder(files);
  expect([set.classNames, set.paths, [...set.labels]]).toStrictEqual([["cat", "dog"], ["cat/deep/1.PNG", "dog/10.png", "dog/2.png"], [0, 1, 1]]);
  const { x, y } = await set.batch([2, 0]);
  expect([x.shape, [...x.dataSync()], y.dtype, y.toArray()]).toStrictEqual([[2, 1, 1, 2], [...Float32Array.of(0, 1, 0.2, 0.4)], "int32", [1, 0]]);
});

test("a folder on disk is the same, read when it is due", async () => {
  const folder = await mkdtemp(join(tmpdir(), "dl-images-"));
  try {
    for (const [path, bytes] of Object.entries(files)) {
      await mkdir(join(folder, path, ".."), { recursive: true });
      await writeFile(join(folder, path), bytes);
    }
    const set = await openImageFolder(folder);
    expect([set.classNames, set.paths]).toStrictEqual([["cat", "dog"], imageFolder(files).paths]);
    await writeFile(join(folder, "dog/2.png"), grey(0.6, 0.6));
    for await (const { x } of new DataLoader(set, { batchSize: 3 })) expect([...x.dataSync()]).toStrictEqual([...Float32Array.of(0.2, 0.4, 1, 1, 0.6, 0.6)]);
    await expect(openImageFolder(join(folder, "nowhere"))).rejects.toThrow(/ENOENT/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("pictures of different shapes need a transform", async () => {
  const mixed = { "a/1.png": grey(0, 1), "a/2.png": grey(0.2) };
  await expect(imageFolder(mixed).batch([0, 1])).rejects.toThrow(ShapeError);
  await expect(imageFolder(mixed).batch([0, 1])).rejects.toThrow(/a\/2\.png has shape \[1, 1, 1\], a\/1\.png has \[1, 1, 2\]/);
  const first = imageFolder(mixed, { transform: ({ dtype, data }) => ({ dtype, shape: [1, 1, 1], data: data.subarray(0, 1) }) });
  expect([...(await first.batch([0, 1])).x.dataSync()]).toStrictEqual([...Float32Array.of(0, 0.2)]);
});

test("what is no picture is refused, by name", async () => {
  expect(() => imageFolder({ "alone.png": grey(0) })).toThrow(ValueError);
  expect(() => imageFolder(files, { tranform: 1 } as object)).toThrow(UnknownNameError);
  await expect(imageFolder({ "a/1.png": new Uint8Array(9) }).batch([0])).rejects.toThrow(/^a\/1\.png: byte 0: the file is neither PNG nor JPEG/);
  await expect(imageFolder({ "a/1.png": grey(0).subarray(0, 30) }).batch([0])).rejects.toThrow(FormatError);
  await expect(imageFolder(files).batch([3])).rejects.toThrow(ValueError);
  expect(decodeImage(grey(1)).shape).toStrictEqual([1, 1, 1]);
});
