import { contiguousView } from "@dl/tensor";
import type { Backend, TypedArray, View } from "@dl/tensor";
import type { Check } from "../check.js";
import { expectEqual, identical } from "../compare.js";
import { program } from "./kernel-case.js";

const fix = "Let a read give what the buffer held when it was asked, whatever is called before it is awaited";

const fresh = (backend: Backend, values: readonly number[]): View => contiguousView(backend.write("float32", Float32Array.from(values)), "float32", [values.length]);

/** A read that nobody awaits yet, with what it has to give. */
interface Asked {
  readonly promise: Promise<TypedArray>;
  readonly expected: readonly number[];
}

/** Awaited from the last to the first, so that an order of answers cannot stand in for an order of questions. */
async function expectAll(where: string, asked: readonly Asked[]): Promise<void> {
  for (const [k, { promise, expected }] of [...asked.entries()].reverse()) {
    const value = { shape: [expected.length], dtype: "float32" as const };
    expectEqual(`${where}, read ${k}`, { ...value, data: await promise }, { ...value, data: expected }, identical, fix);
  }
}

const rounds = 60;

/** One buffer is written over and over, by copies and by kernels, and read in between. */
async function readsKeepTheirMoment(backend: Backend): Promise<void> {
  const target = fresh(backend, [0, 0, 0]);
  const doubled = program(1, (x) => x.mul(2));
  const asked: Asked[] = [];
  for (let round = 0; round < rounds; round++) {
    const source = fresh(backend, [round, round + 0.5, -round]);
    backend.copy(source, target);
    asked.push({ promise: backend.read(target), expected: [round, round + 0.5, -round] });
    backend.map(doubled, [source], [target], []);
    asked.push({ promise: backend.read(target), expected: [2 * round, 2 * round + 1, -2 * round] });
    backend.reduce("sum", null, [source], [], [0], { ...target, shape: [], strides: [], offset: 1 });
    asked.push({ promise: backend.read(target), expected: [2 * round, round + 0.5, -2 * round] });
  }
  await expectAll("a buffer that is written again", asked);
}

/** What was asked for before a buffer is freed still arrives, though its memory goes to the next. */
async function readsOutliveBuffers(backend: Backend): Promise<void> {
  const asked: Asked[] = [];
  for (let round = 0; round < rounds; round++) {
    const view = fresh(backend, [round, round, round, 7]);
    asked.push({ promise: backend.read(view), expected: [round, round, round, 7] });
    backend.free(view.buffer);
  }
  await expectAll("a buffer that is freed", asked);
}

/** Kernels that were called before their input is freed have read it. */
async function kernelsOutliveInputs(backend: Backend): Promise<void> {
  const increased = program(1, (x) => x.add(1));
  let x = fresh(backend, [0, 10]);
  const asked: Asked[] = [];
  for (let round = 1; round <= rounds; round++) {
    const next = contiguousView(backend.alloc("float32", 2), "float32", [2]);
    backend.map(increased, [x], [next], []);
    backend.free(x.buffer);
    x = next;
    if (round % 7 === 0) asked.push({ promise: backend.read(x), expected: [round, round + 10] });
  }
  await expectAll("a chain whose inputs are freed", asked);
}

/** Order of what is asked and what is called, with nothing awaited in between. */
export const asyncChecks = (backend: Backend): Check[] => [
  { name: "read: gives the values of its moment, though kernels write on", run: () => readsKeepTheirMoment(backend) },
  { name: "read: gives the values of its moment, though the buffer is freed", run: () => readsOutliveBuffers(backend) },
  { name: "free: kernels called before have their input", run: () => kernelsOutliveInputs(backend) },
];
