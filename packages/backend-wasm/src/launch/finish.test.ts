import fc from "fast-check";
import { gelu, tensor } from "@dl/tensor";
import type { Backend, Tensor } from "@dl/tensor";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { WasmBackend } from "../backend.js";
import { wasm } from "../wasm.js";
import { Maps } from "./map.js";

let fused: WasmBackend;
let threaded: WasmBackend;
let plain: WasmBackend;
beforeAll(async () => {
  fused = await wasm({ threads: 1 }).create();
  threaded = await wasm({ threads: 2 }).create();
  plain = await wasm({ threads: 1, fusion: false }).create();
});
afterEach(() => { vi.restoreAllMocks(); });

const numbers = (backend: Backend, shape: readonly number[], seed: number): Tensor =>
  tensor(Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(seed * 100 + i)), { backend }).reshape(shape);

/** Formulas over a product, with a tensor of its shape and one of its rows. */
const formulas: readonly ((y: Tensor, other: Tensor, row: Tensor, k: number) => Tensor)[] = [
  (y) => y.relu(),
  (y) => gelu(y).mul(y),
  (y, other) => y.add(other),
  (y, other, _, k) => y.mul(k).add(other).relu(),
  (y) => y.reshape([y.size]).relu(),
  // Not one place for each output.
  (y, _, row) => y.add(row).relu(),
  (y) => y.transpose().mul(2),
  (y) => y.relu().sum(0).add(y),
];

interface Problem {
  readonly batch: number | null;
  readonly rows: number;
  readonly steps: number;
  readonly columns: number;
  readonly formula: number;
  readonly k: number;
  /** Whether the product itself is read as well. */
  readonly reads: boolean;
}

/** All have at least 2,048 outputs: few rows, one column, many blocks, batches. */
const sizes = fc.constantFrom(
  { batch: null, rows: 1, columns: 2053 }, { batch: null, rows: 4, columns: 701 }, { batch: null, rows: 2099, columns: 1 },
  { batch: null, rows: 65, columns: 67 }, { batch: null, rows: 300, columns: 130 }, { batch: 5, rows: 33, columns: 17 }, { batch: 3, rows: 70, columns: 30 },
);
const problems: fc.Arbitrary<Problem> = fc
  .tuple(sizes, fc.record({ steps: fc.constantFrom(1, 4, 15, 300), formula: fc.nat({ max: formulas.length - 1 }), k: fc.constantFrom(2, 0.5), reads: fc.boolean() }))
  .map(([size, rest]) => ({ ...size, ...rest }));

function run(backend: Backend, { batch, rows, steps, columns, formula, k, reads }: Problem): number[] {
  const outer = batch === null ? [] : [batch];
  const y = numbers(backend, [...outer, rows, steps], 1).matmul(numbers(backend, [...outer, steps, columns], 2));
  const z = formulas[formula](y, numbers(backend, y.shape, 3), numbers(backend, [columns], 4), k);
  return [...z.dataSync(), ...(reads ? y.dataSync() : [])];
}

describe("formulas over products", () => {
  test("applied block by block they give the bits that they give afterwards, with any number of threads", () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const expected = run(plain, problem);
        expect(run(fused, problem)).toEqual(expected);
        expect(run(threaded, problem)).toEqual(expected);
      }),
      { numRuns: 150 },
    );
  });

  test.each([[[], 1, 2053], [[], 2099, 1], [[], 65, 67], [[5], 33, 17]])("outputs and their activation are one kernel: batch %j, %i rows, %i columns", (outer, rows, columns) => {
    const [a, b] = [numbers(fused, [...outer, rows, 40], 1), numbers(fused, [...outer, 40, columns], 2)];
    const maps = vi.spyOn(Maps.prototype, "run");
    const y = a.matmul(b);
    const z = y.relu();
    z.dataSync();
    expect(maps).not.toHaveBeenCalled();
    expect([...z.dataSync()]).toEqual(Array.from(y.dataSync(), (v) => Math.max(v, 0)));
  });

  test("a product nobody wants any more is not computed, and holds no memory", () => {
    const [a, b] = [numbers(fused, [65, 40], 1), numbers(fused, [40, 67], 2)];
    const before = fused.memory();
    const y = a.matmul(b);
    const z = y.relu();
    fused.free(y.buffer);
    fused.free(z.buffer);
    a.dataSync();
    expect(fused.memory()).toEqual(before);
  });

  test("sides that are given back, or get other values, while the product waits: it is of what they were", () => {
    const [a, b] = [numbers(fused, [65, 40], 1), numbers(fused, [40, 67], 2)];
    const expected = [...a.matmul(b).dataSync()];
    const y = a.matmul(b);
    a.assign(numbers(fused, [65, 40], 5));
    fused.free(b.buffer);
    expect([...y.relu().dataSync()]).toEqual(expected.map((v) => Math.max(v, 0)));
    expect([...y.dataSync()]).toEqual(expected);
  });
});
