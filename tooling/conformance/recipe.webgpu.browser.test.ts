import { gpujs } from "@dl/backend-gpujs";
import { wasm } from "@dl/backend-wasm";
import { expect, test } from "vitest";
import { digitsMlpAccuracy } from "./recipe-accuracy.js";

test("SYS-04 the recipe digits-mlp is as accurate on webgpu as on wasm", { timeout: 120_000 }, async () => {
  const expected = await digitsMlpAccuracy(wasm(), 1);
  expect(expected).toBeGreaterThan(80);
  expect(Math.abs((await digitsMlpAccuracy(gpujs({ mode: "webgpu" }), 1)) - expected)).toBeLessThanOrEqual(0.3);
});
