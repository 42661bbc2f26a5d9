import { gpujs } from "@dl/backend-gpujs";
import { expect, test, vi } from "vitest";
import { mostAfter, trainCnn } from "./train-cnn.js";

test("SYS-06 1,000 steps of a CNN without any clean-up: tensors and textures on WebGL 2 stay few", { timeout: 120_000 }, async () => {
  const [made, deleted] = (["createTexture", "deleteTexture"] as const).map((name) => vi.spyOn(WebGL2RenderingContext.prototype, name));
  const backend = await gpujs({ mode: "webgl2" }).create();
  const early = await trainCnn(backend, 100);
  const late = await trainCnn(backend, 900);
  expect(late.at(-1)?.loss).toBeLessThan(early[0].loss / 10);
  // Unfreed, 1,000 steps hold 27 MB in 15,000 buffers.
  expect(mostAfter(late, 400, "bytes")).toBeLessThan(4e6);
  expect(mostAfter(late, 400, "buffers")).toBeLessThan(2500);
  expect(made.mock.calls.length - deleted.mock.calls.length).toBeLessThan(3000);
});
