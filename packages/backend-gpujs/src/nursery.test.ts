import { contiguousView, conv2d, createReferenceBackend, full, manualSeed, maxPool2d, randn, useBackend } from "@dl/tensor";
import { afterAll, describe, expect, test } from "vitest";
import { GpuBackend } from "./backend.js";
import { openDevice } from "./device/open.js";
import { loadLibrary } from "./library.js";

afterAll(() => useBackend(createReferenceBackend()));

async function open(budget?: number): Promise<GpuBackend> {
  const { device, facts } = await openDevice("cpu", await loadLibrary());
  return new GpuBackend(device, { mode: "cpu", runs: "cpu", notes: [], ...facts }, budget);
}

/** Values of a computation that makes garbage, without a single turn of the engine. @param visit is told how many bytes the backend holds */
async function compute(backend: GpuBackend, steps: number, visit: (bytes: number) => void = () => undefined): Promise<number[]> {
  await useBackend(backend);
  manualSeed(1);
  const [filters, x] = [randn([4, 1, 3, 3]), randn([8, 1, 8, 8])];
  let scale = full([4], 1);
  const values: number[] = [];
  for (let step = 0; step < steps; step++) {
    const seen = maxPool2d(conv2d(x, filters, { padding: 1 }).mul(scale.reshape([4, 1, 1])).relu(), 2);
    scale = scale.mul(0.99).add(seen.mean([0, 2, 3]).mul(0.01));
    values.push(scale.sum().item());
    visit(backend.memory().bytes);
  }
  return values;
}

describe("memory of synchronous loops", () => {
  test("SYS-06 300 steps without a turn of the engine stay within the budget, with the same values", async () => {
    const budget = 500_000;
    const held: number[] = [];
    const values = await compute(await open(budget), 300, (bytes) => held.push(bytes));
    expect(Math.max(...held)).toBeLessThan(1.1 * budget);
    const unlimited: number[] = [];
    expect(await compute(await open(1e12), 300, (bytes) => unlimited.push(bytes))).toEqual(values);
    expect(Math.max(...unlimited)).toBeGreaterThan(5 * budget);
    expect(new Set(values).size).toBe(300);
  });

  test("what was moved to the host is moved back when it is used, and given back once", async () => {
    const backend = await open(100);
    const views = [1, 2, 3, 4, 5, 6].map((value) => contiguousView(backend.write("float32", new Float32Array(8).fill(value)), "float32", [8]));
    // Six times 32 bytes: the first ones had to go.
    expect(backend.memory().bytes).toBeLessThanOrEqual(128);
    expect(views.map((view) => backend.readSync?.(view)[7])).toEqual([1, 2, 3, 4, 5, 6]);
    for (const { buffer } of views) {
      backend.free(buffer);
      backend.free(buffer);
    }
    expect(backend.memory()).toEqual({ bytes: 0, buffers: 0 });
  });
});
