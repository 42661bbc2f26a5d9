import { DataLoader, type BatchSource, type DataLoaderOptions } from "@dl/data";
import type { Row } from "./measure.js";

const steps = 40;
const loadMs = 15;
const stepMs = 20;
const batchSize = 32;
const module = new URL("./slow-images.mjs", import.meta.url);
const options = { length: steps * batchSize, milliseconds: loadMs };

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

interface Images {
  readonly x: Float32Array;
}

/** Occupies the processor, as a training on it does; loading in the same thread has to wait. */
function busy(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

/** A step that is computed here, and one that waits for a GPU. */
const stepKinds: Readonly<Record<string, () => void | Promise<void>>> = { "computed step": () => busy(stepMs), "awaited step": () => pause(stepMs) };

const waiting: BatchSource<Images> = {
  length: options.length,
  batch: async () => {
    await pause(loadMs);
    return { x: new Float32Array(batchSize * 3 * 64 * 64) };
  },
};

async function imagesHere(): Promise<BatchSource<Images>> {
  const { default: create } = (await import(module.href)) as { default: (given: typeof options) => BatchSource<Images> };
  return create(options);
}

/** Milliseconds per step after the first three batches, in which threads start. */
async function measure(source: BatchSource<Images>, loading: DataLoaderOptions, step: () => void | Promise<void>): Promise<number> {
  let [taken, start] = [0, 0];
  for await (const { x } of new DataLoader(source, { batchSize, ...loading })) {
    if (x.length === 0) throw new Error("an empty batch");
    if (taken++ === 3) start = performance.now();
    await step();
  }
  return (performance.now() - start) / (taken - 3);
}

/** How much of the loading hides behind a training step; milliseconds per step. */
export async function loadingRows(): Promise<Row[]> {
  const here = await imagesHere();
  const cases: readonly (readonly [string, BatchSource<Images>, DataLoaderOptions])[] = [
    ["waits for a disk, prefetch 0", waiting, { prefetch: 0 }],
    ["waits for a disk, prefetch 2", waiting, { prefetch: 2 }],
    ["computes, no workers", here, { prefetch: 2 }],
    ["computes, 1 worker", here, { workers: { count: 1, module, options } }],
    ["computes, 2 workers", here, { workers: { count: 2, module, options } }],
  ];
  const rows: Row[] = [];
  for (const [kind, step] of Object.entries(stepKinds)) {
    for (const [name, source, loading] of cases) rows.push({ name: `${kind}; loading ${name}`, value: await measure(source, loading, step), unit: "ms" });
  }
  return rows;
}

export const loadingTitle = `${steps} batches of ${batchSize}: loading one takes ${loadMs} ms, a step ${stepMs} ms`;
