import { describe, expect, test } from "vitest";
import { createReferenceBackend } from "../../backend/reference/backend.js";
import { sort as sortLinesOf } from "../../backend/host/sort.js";
import type { Backend, View } from "../../backend/contract.js";
import { tensor } from "../../create.js";
import type { DType } from "../../dtype.js";
import { Generator } from "../../random/generator.js";
import { sizeOf } from "../../shape.js";
import { contiguousView } from "../../view.js";
import { sort } from "./sort.js";
import { sortByNetwork } from "./network.js";

const required = createReferenceBackend();

const output = (dtype: DType, shape: readonly number[]): View => contiguousView(required.alloc(dtype, sizeOf(shape)), dtype, shape);

/** Values and indices as plain numbers; NaN and −0 survive. */
function results(run: NonNullable<Backend["sort"]>, x: View, dim: number, descending: boolean): number[][] {
  const [values, indices] = [output(x.dtype, x.shape), output("int32", x.shape)];
  run(x, dim, descending, values, indices);
  return [values, indices].map((view) => Array.from(required.readSync?.(view) ?? []));
}

/** Few distinct values, so that ties abound; every seventh is NaN where the dtype has it. */
function sample(shape: readonly number[], dtype: DType, seed: number): View {
  const drawn = new Float64Array(sizeOf(shape));
  new Generator(seed).fillUniform(drawn, -4, 4);
  const values = drawn.map((value, i) => (dtype.startsWith("float") && i % 7 === 3 ? NaN : Math.trunc(value)));
  return tensor(values, { shape, dtype, backend: required });
}

describe.each(["float32", "float64", "int32", "bool", "uint8", "int8"] as const)("the sorting network on %s", (dtype) => {
  test.each([[[1], 0], [[2, 2], 1], [[17], 0], [[3, 9, 2], 1], [[33, 4], 0], [[2, 64], 1]] as const)("agrees with the host on shape %j along dim %i", (shape, dim) => {
    for (const together of [true, false]) {
      const backend: Backend = { ...required, capabilities: { ...required.capabilities, maxOutputs: together ? 16 : 1 } };
      for (const descending of [false, true]) {
        const x = sample(shape, dtype, shape.length);
        const byNetwork = results((...args) => { sortByNetwork(backend, ...args); }, x, dim, descending);
        const byHost = results(sortLinesOf, x, dim, descending);
        expect(byNetwork).toEqual(byHost);
      }
    }
  });
});

test("reads strided inputs", () => {
  const x = tensor([[3, 1], [2, 5], [1, 4]], { backend: required }).transpose().slice(1, 1);
  expect(results((...args) => { sortByNetwork(required, ...args); }, x, 1, false)).toEqual([[1, 2, 4, 5], [1, 0, 1, 0]]);
});

test("gives all its scratch memory back", async () => {
  const held = new Set<object>();
  const keep = (buffer: object): object => {
    held.add(buffer);
    return buffer;
  };
  const counting: Backend = {
    ...required,
    alloc: (dtype, size) => keep(required.alloc(dtype, size)),
    write: (dtype, data) => keep(required.write(dtype, data)),
    free: (buffer) => held.delete(buffer),
  };
  delete counting.readSync;
  const x = tensor([[3, 1, 2]], { backend: counting });
  const before = held.size;
  const { values, indices } = sort(x);
  expect(held.size - before).toBe(2);
  expect([await values.data(), await indices.data()]).toEqual([Float32Array.of(1, 2, 3), Int32Array.of(1, 2, 0)]);
});
