import { gpujs } from "@dl/backend-gpujs";
import { expect, test } from "vitest";
import { mostAfter, trainCnn } from "./train-cnn.js";

test("SYS-06 1,000 steps of a CNN without any clean-up: buffers on WebGPU stay few", { timeout: 120_000 }, async () => {
  const held = await trainCnn(await gpujs({ mode: "webgpu" }).create(), 1000);
  expect(held[999].loss).toBeLessThan(held[0].loss / 10);
  // Unfreed, 1,000 steps hold 27 MB in 15,000 buffers.
  expect(mostAfter(held, 500, "bytes")).toBeLessThan(4e6);
  expect(mostAfter(held, 500, "buffers")).toBeLessThan(2500);
});
