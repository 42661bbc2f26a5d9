import { createHash } from "node:crypto";
import { UnknownNameError, ValueError } from "@dl/registry";
import { describe, expect, test } from "vitest";
import { digits, type TensorDataset } from "../index.js";

const hash = ({ host: { x, y } }: TensorDataset): string =>
  createHash("sha256").update(new Uint8Array(x.data.buffer)).update(new Uint8Array(y.data.buffer)).digest("hex").slice(0, 16);

/** The test accuracy of a nearest-mean classifier: crude, but far above chance only if the labels belong to the images. */
function nearestMean(train: TensorDataset, test: TensorDataset): number {
  const size = 784;
  const means = Array.from({ length: 10 }, () => new Float64Array(size));
  const counts = new Array<number>(10).fill(0);
  const image = ({ host }: TensorDataset, i: number): ArrayLike<number> => host.x.data.subarray(i * size, (i + 1) * size);
  train.host.y.data.forEach((label, i) => {
    counts[label]++;
    const pixels = image(train, i);
    for (let p = 0; p < size; p++) means[label][p] += pixels[p];
  });
  const distance = (pixels: ArrayLike<number>, label: number): number =>
    means[label].reduce((sum, total, p) => sum + (pixels[p] - total / counts[label]) ** 2, 0);
  let right = 0;
  test.host.y.data.forEach((label, i) => {
    const pixels = image(test, i);
    const distances = means.map((_, candidate) => distance(pixels, candidate));
    right += Number(distances.indexOf(Math.min(...distances)) === label);
  });
  return right / test.length;
}

describe("digits", () => {
  test("images of shape [N, 1, 28, 28] in 256 greys from 0 to 1, and labels", () => {
    const { train, test } = digits({ train: 300, test: 50 });
    expect(train.x.shape).toStrictEqual([300, 1, 28, 28]);
    expect([train.x.dtype, train.y.dtype]).toStrictEqual(["float32", "int32"]);
    expect(test.y.shape).toStrictEqual([50]);
    const pixels = train.host.x.data;
    expect(pixels.every((value) => value >= 0 && value <= 1 && Math.fround(Math.round(value * 255) / 255) === value)).toBe(true);
    expect(pixels.filter((value) => value === 0).length / pixels.length).toBeGreaterThan(0.6);
    expect(new Set(train.host.y.data).size).toBe(10);
  });

  test("every image has ink, none of it at the border's very corner", () => {
    const { train } = digits({ train: 500, test: 0 });
    for (let i = 0; i < train.length; i++) {
      const image = train.host.x.data.subarray(i * 784, (i + 1) * 784);
      expect(image.filter((value) => value > 0.5).length).toBeGreaterThan(8);
      expect([image[0], image[27], image[756], image[783]]).toStrictEqual([0, 0, 0, 0]);
    }
  });

  test("SYS-07 the same seed gives the same bits, on every machine", () => {
    const { train, test } = digits({ seed: 1, train: 40, test: 10 });
    expect(hash(digits({ seed: 1, train: 40, test: 10 }).train)).toBe(hash(train));
    expect([hash(train), hash(test)]).toStrictEqual(["f371813c7e3ac2e7", "eaf787da3c881e3b"]);
    expect(hash(digits({ seed: 2, train: 40, test: 10 }).train)).not.toBe(hash(train));
  });

  test("a longer set begins with the shorter one; train and test differ", () => {
    const long = digits({ train: 60, test: 60 });
    expect(hash(long.train.subset([0, 1, 2]))).toBe(hash(digits({ train: 3, test: 0 }).train));
    expect(hash(long.test)).not.toBe(hash(long.train));
  });

  test("the labels belong to the images", () => {
    const { train, test } = digits({ train: 1500, test: 300 });
    const accuracy = nearestMean(train, test);
    expect(accuracy).toBeGreaterThan(0.65);
    expect(accuracy).toBeLessThan(0.97);
  });

  test("rejects bad options", () => {
    expect(() => digits({ train: -1 })).toThrow(/digits: train is -1/);
    expect(() => digits({ test: 1.5 })).toThrow(ValueError);
    expect(() => digits({ seed: -1 })).toThrow(ValueError);
    const typo: object = { sead: 1 };
    expect(() => digits(typo)).toThrow(UnknownNameError);
  });
});
