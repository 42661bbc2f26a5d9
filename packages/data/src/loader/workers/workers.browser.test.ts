import type { Tensor } from "@dl/tensor";
import { expect, test } from "vitest";
import { DataLoader, type BatchSource } from "../../index.js";

interface Named {
  readonly x: Tensor;
  readonly names: string[];
}

const remote: BatchSource<Named> = { length: 3, batch: () => Promise.reject(new Error("read here")) };
const from = (file: string): DataLoader<Named> => new DataLoader(remote, { batchSize: 2, workers: { count: 2, module: new URL(`/packages/data/src/loader/fixtures/${file}`, location.href) } });

test("Web Workers read batches, tensors and errors come back", async () => {
  const seen: unknown[] = [];
  for await (const { x, names } of from("tensors.mjs")) seen.push([x.toArray(), names]);
  expect(seen).toStrictEqual([[[[0], [1]], ["#0", "#1"]], [[[2]], ["#2"]]]);
  const failing = (async () => {
    for await (const batch of from("no-default.mjs")) seen.push(batch);
  })();
  await expect(failing).rejects.toThrow(/no-default\.mjs has no function as its default export/);
});
