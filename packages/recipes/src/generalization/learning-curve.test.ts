import { TensorDataset } from "@dl/data";
import { expect, test } from "vitest";
import { learningCurve } from "./learning-curve.js";

test("CNN-10 every size is the beginning of the next", async () => {
  const y = Int32Array.from({ length: 20 }, (_, i) => i);
  const data = new TensorDataset({ x: { dtype: "float32", shape: [20, 1], data: new Float32Array(20) }, y: { dtype: "int32", shape: [20], data: y } });
  const points = await learningCurve(data, [2, 5], async (part) => Array.from(await (await part.batch([0, part.length - 1])).y.data(), Number));
  expect(points).toEqual([{ size: 2, result: [0, 1] }, { size: 5, result: [0, 4] }]);
  await expect(learningCurve(data, [21], async () => 0)).rejects.toThrow("cannot take 21 of 20 samples");
});
