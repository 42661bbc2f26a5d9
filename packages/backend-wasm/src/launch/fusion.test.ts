import fc from "fast-check";
import { elementwise, tensor } from "@dl/tensor";
import type { Backend, Tensor } from "@dl/tensor";
import { beforeAll, describe, expect, test } from "vitest";
import type { WasmBackend } from "../backend.js";
import { wasm } from "../wasm.js";

let fused: WasmBackend;
let plain: WasmBackend;
beforeAll(async () => {
  fused = await wasm({ threads: 1 }).create();
  plain = await wasm({ threads: 1, fusion: false }).create();
});

/** Just worth waiting for. */
const size = 2053;
const numbers = (seed: number): number[] => Array.from({ length: size }, (_, i) => Math.fround(Math.sin(seed * 100 + i) * 3));

const repeated = (values: number[]): number[] => Array.from({ length: size }, (_, i) => values[i % values.length]);
const begin = (x: Tensor): number[] => [...x.dataSync().subarray(0, 3)];

const mix = elementwise("mix", (x, y) => x.mul(0.75).add(y.abs()).sub(x.max(y)));

/** What can be done with two tensors; the number is a run-time scalar. */
const steps: readonly ((x: Tensor, y: Tensor, k: number) => Tensor)[] = [
  (x, y) => x.add(y),
  (x, y) => x.mul(y),
  (x, _, k) => x.sub(k),
  (x) => x.abs(),
  (x, y) => mix(x, y),
  (x) => x.square().clamp(-5, 5),
  // These read what waits as it is.
  (x, y) => x.add(y.sum()),
  (x, y) => x.mul(y.reshape([1, size]).sum(0)),
  (x) => x.reshape([size, 1]).reshape([size]),
  (x, y) => x.mul(y.slice(0, 0, 1)),
  (x) => x.slice(0, 1, size, 1).sum().add(x),
];

interface Step {
  readonly which: number;
  readonly left: number;
  readonly right: number;
  readonly k: number;
}

function run(backend: Backend, plan: readonly Step[], reads: readonly number[]): number[][] {
  const made = [1, 2, 3].map((seed) => tensor(numbers(seed), { backend }));
  const seen: number[][] = [];
  for (const { which, left, right, k } of plan) {
    made.push(steps[which % steps.length](made[left % made.length], made[right % made.length], k));
    if (reads.includes(made.length)) seen.push([...made[(left + right) % made.length].dataSync()]);
  }
  return [...seen, ...made.map((x) => [...x.dataSync()])];
}

describe("fusion of chains", () => {
  test("any program gives the same bits as without, whatever is read and when", () => {
    const step = fc.record({ which: fc.nat(), left: fc.nat(), right: fc.nat(), k: fc.integer({ min: -3, max: 3 }) });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 25 }), fc.array(fc.integer({ min: 4, max: 30 })), (plan, reads) => {
        expect(run(fused, plan, reads)).toEqual(run(plain, plan, reads));
      }),
    );
  });

  test("a chain runs as one kernel: its inner values take no memory until they are read", () => {
    const x = tensor(new Float32Array(1 << 16).fill(2), { backend: fused });
    const before = fused.memory().bytes;
    const a = x.mul(3);
    const b = a.add(1);
    const c = b.square();
    c.dataSync();
    expect(fused.memory().bytes - before).toBe(4 << 16);
    expect(b.dataSync()[0]).toBe(7);
    expect(a.dataSync()[0]).toBe(6);
    expect(c.dataSync()[0]).toBe(49);
  });

  test("memory that is given back while a formula still reads it ends with the formula", () => {
    const x = tensor(numbers(1), { backend: fused });
    const before = fused.memory();
    const a = x.mul(3);
    const b = a.add(1);
    fused.free(a.buffer);
    const c = b.mul(2);
    fused.free(b.buffer);
    expect([...c.dataSync()]).toEqual(numbers(1).map((v) => Math.fround(Math.fround(Math.fround(v * 3) + 1) * 2)));
    fused.free(c.buffer);
    expect(fused.memory()).toEqual(before);
  });

  test("a formula that nobody asked for is never computed when its memory is given back", () => {
    const before = fused.memory();
    const x = tensor(numbers(1), { backend: fused });
    const a = x.mul(3);
    fused.free(a.buffer);
    fused.free(x.buffer);
    expect(fused.memory()).toEqual(before);
  });

  test("a tensor that gets another value does not change what was computed from the old one", () => {
    const x = tensor(repeated([1, 2]), { backend: fused });
    const doubled = x.mul(2);
    const further = doubled.add(1);
    x.assign(tensor(repeated([10, 20]), { backend: fused }));
    expect([further, doubled, x].map(begin)).toEqual([[3, 5, 3], [2, 4, 2], [10, 20, 10]]);
  });

  test("kernels that write over memory leave waiting formulas their old values", () => {
    const x = tensor(repeated([1, 2, 3]), { backend: fused });
    const doubled = x.mul(2);
    const further = doubled.add(1);
    const index = tensor([0, 0, 2, 2], { backend: fused, dtype: "int32" });
    fused.scatterAdd(index, tensor([1, 1, 1, 1], { backend: fused }), 0, x);
    expect([further, doubled, x].map(begin)).toEqual([[3, 5, 7], [2, 4, 6], [3, 2, 5]]);
  });

  test("thousands of chains of which only the ends are used hold no memory", () => {
    const x = tensor(new Float32Array(size).fill(0.5), { backend: fused });
    let y = x;
    for (let i = 0; i < 200; i++) y = y.mul(0.5).add(x);
    y.dataSync();
    const held = fused.info.heap.heapBytes;
    for (let i = 0; i < 20_000; i++) y = y.mul(0.5).add(x);
    expect(y.dataSync()[0]).toBeCloseTo(1);
    expect(fused.info.heap.heapBytes - held).toBeLessThanOrEqual(64 * 2 ** 20);
  });
});
