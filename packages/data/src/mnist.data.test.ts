import { describe, expect, test } from "vitest";
import { loadMnist } from "./node/index.js";

const classCounts = (labels: ArrayLike<number>): number[] => {
  const counts = new Array<number>(10).fill(0);
  for (const label of Array.from(labels)) counts[label]++;
  return counts;
};

describe("MNIST from DL_DATA_DIR", async () => {
  const { train, test: held } = await loadMnist();

  test("has the published shapes, first labels and class counts", () => {
    expect(train.host.x.shape).toStrictEqual([60_000, 1, 28, 28]);
    expect(held.host.x.shape).toStrictEqual([10_000, 1, 28, 28]);
    expect([...train.host.y.data.subarray(0, 10)]).toStrictEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    expect([...held.host.y.data.subarray(0, 10)]).toStrictEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
    expect(classCounts(train.host.y.data)).toStrictEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
    expect(classCounts(held.host.y.data)).toStrictEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
  });

  test("has the published mean 0.13066 and standard deviation 0.30811", () => {
    const pixels = train.x.dataSync();
    let [sum, squares] = [0, 0];
    for (let i = 0; i < pixels.length; i++) {
      sum += pixels[i];
      squares += pixels[i] ** 2;
    }
    const mean = sum / pixels.length;
    expect(mean).toBeCloseTo(0.13066, 5);
    expect(Math.sqrt(squares / pixels.length - mean ** 2)).toBeCloseTo(0.30811, 5);
  });

  test("the first training image is a five, 28 by 28", () => {
    const { x, y } = train.batch([0]);
    expect(x.shape).toStrictEqual([1, 1, 28, 28]);
    expect(y.toArray()).toStrictEqual([5]);
    const row = Array.from(x.dataSync().subarray(5 * 28, 6 * 28), (value) => Math.round(value * 255));
    expect(row.slice(12, 24)).toStrictEqual([3, 18, 18, 18, 126, 136, 175, 26, 166, 255, 247, 127]);
  });
});
