import { wasm } from "@dl/backend-wasm";
import { tensor } from "@dl/tensor";
import { expect, test } from "vitest";

test("without cross-origin isolation the wasm backend computes on one thread, and says why", async () => {
  const backend = await wasm({ threads: 2 }).create();
  expect(backend.info.threads).toBe(1);
  expect(backend.info.notes.join(" ")).toContain("not cross-origin isolated");
  expect(tensor([1, 2, 3], { backend }).mul(2).sum().item()).toBe(12);
});
