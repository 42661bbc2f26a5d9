import type { Backend } from "@dl/tensor";
import { CheckError } from "../check.js";
import { expectEqual, identical, within } from "../compare.js";
import type { Value } from "../compare.js";
import type { KernelCase } from "./kernel-case.js";
import type { Named } from "./named.js";
import { keepsIntegers, needsOf, withinIntegers } from "./needs.js";
import type { Needs } from "./needs.js";
import { line, tracked } from "./tracked.js";

/** The backend under test, and the one that knows the answers. */
export interface Pair {
  readonly backend: Backend;
  readonly oracle: Backend;
}

async function resultOf({ run }: KernelCase, backend: Backend): Promise<Value> {
  const view = run(backend);
  return { shape: view.shape, dtype: view.dtype, data: await backend.read(view) };
}

async function verify(item: KernelCase, { backend, oracle }: Pair): Promise<void> {
  const { kernel, group, name, tolerance = 0 } = item;
  const where = [`${kernel}: ${group ?? name}`, ...(group === undefined ? [] : [name])].join(": ");
  const expected = await resultOf(item, oracle);
  const actual = await resultOf(item, backend);
  expectEqual(where, actual, expected, tolerance === 0 ? identical : within(tolerance), "Mend the kernel; the other value is the oracle's");
  expectEqual(`${where}, a second time`, await resultOf(item, backend), actual, identical, "The same call must give the same bits");
}

/** Worked out where whole numbers take part; it takes a call of each. */
const needsOfCases = (items: readonly KernelCase[]): Needs =>
  items.some(({ dtypes = [] }) => dtypes.includes("int32")) ? needsOf((backend) => { for (const { run } of items) run(backend); }) : { dtypes: new Set(), largestInteger: 0 };

/** Cases against the oracle: one check each, or one for a group of them. */
export function kernelChecks(cases: readonly KernelCase[], pair: Pair): Named[] {
  const titles = new Map<string, KernelCase[]>();
  for (const item of cases) {
    const title = `${item.kernel}: ${item.group ?? item.name}`;
    titles.set(title, [...(titles.get(title) ?? []), item]);
  }
  return [...titles].map(([name, items]) => {
    const check = { name, run: async () => { for (const item of items) await verify(item, pair); } };
    return [items[0].kernel, withinIntegers(check, needsOfCases(items), pair.backend)];
  });
}

const rounds = 3;

/**
 * A case at a time, on buffers that are all given back: what the backend then holds must not have grown. That it has shrunk says nothing,
 * as tensors of earlier checks are garbage by now.
 */
async function expectNoLeak(cases: readonly KernelCase[], inner: Backend): Promise<void> {
  const probe = line(inner.write("float32", Float32Array.of(1)), "float32", 1);
  const { backend, release } = tracked(inner);
  const held = async (): Promise<{ bytes: number; buffers: number }> => {
    // An asynchronous backend has done what was asked before once this arrives.
    await inner.read(probe);
    return inner.memory?.() ?? { bytes: 0, buffers: 0 };
  };
  const use = async (item: KernelCase): Promise<void> => {
    await resultOf(item, backend);
    release();
  };
  for (const item of cases) await use(item);
  for (let round = 0; round < rounds; round++) {
    for (const item of cases) {
      const before = await held();
      await use(item);
      const after = await held();
      if (after.bytes > before.bytes || after.buffers > before.buffers) {
        const fact = `${after.buffers} buffers of ${after.bytes} bytes are held after ${item.name}, ${before.buffers} of ${before.bytes} before, with all of its own given back`;
        throw new CheckError(item.kernel, fact, "Give back what the kernel takes for itself, and what is freed");
      }
    }
  }
  inner.free(probe.buffer);
}

/** For each kernel, where the backend counts its memory: calls that leave nothing behind. */
export function leakChecks(cases: readonly KernelCase[], backend: Backend): Named[] {
  if (backend.memory === undefined) return [];
  const single = cases.filter((item) => item.group === undefined && keepsIntegers(needsOfCases([item]), backend));
  return [...new Set(single.map(({ kernel }) => kernel))].map((kernel) => [
    kernel,
    { name: `${kernel}: leaves no memory behind`, run: () => expectNoLeak(single.filter((item) => item.kernel === kernel), backend) },
  ]);
}
