import { BackendError } from "@dl/registry";
import type { Backend, DeviceBuffer, TypedArray } from "@dl/tensor";
import { CheckError } from "../check.js";
import type { Check } from "../check.js";
import { expectEqual, identical } from "../compare.js";
import { line } from "./tracked.js";

const size = 1000;

const filled = (backend: Backend, value: number): DeviceBuffer => backend.write("float32", new Float32Array(size).fill(value));

async function expectFilled(where: string, backend: Backend, buffer: DeviceBuffer, value: number, fix: string): Promise<void> {
  const view = line(buffer, "float32", size);
  expectEqual(where, { ...view, data: await backend.read(view) }, { ...view, data: new Float32Array(size).fill(value) }, identical, fix);
}

/** A second free of memory that has a new owner must not take it away from them. */
async function freesOnce(backend: Backend): Promise<void> {
  const buffer = filled(backend, 1);
  backend.free(buffer);
  backend.free(buffer);
  const owners = [2, 3, 4].map((value) => ({ value, own: filled(backend, value) }));
  backend.free(buffer);
  owners.push(...[5, 6].map((value) => ({ value, own: filled(backend, value) })));
  for (const { value, own } of owners) await expectFilled(`the buffer of ${value} after another one was freed again`, backend, own, value, "Let a second free do nothing");
  for (const { own } of owners) backend.free(own);
}

/** What a freed buffer still shows; `null` where reading it is refused. */
async function readFreed(backend: Backend, buffer: DeviceBuffer): Promise<TypedArray | null> {
  try {
    return await backend.read(line(buffer, "float32", size));
  } catch (error) {
    if (error instanceof BackendError) return null;
    throw new CheckError("read of a freed buffer", `it throws ${String(error)}, which is no BackendError`, "Throw a BackendError that says so, or show what the buffer held");
  }
}

async function keepsApart(backend: Backend): Promise<void> {
  const freed = filled(backend, 1);
  backend.free(freed);
  const owners = [2, 3].map((value) => filled(backend, value));
  const data = await readFreed(backend, freed);
  const view = line(freed, "float32", size);
  if (data !== null) expectEqual("read of a freed buffer", { ...view, data }, { ...view, data: new Float32Array(size).fill(1) }, identical, "Refuse it with a BackendError: its memory has other owners");
  for (const own of owners) backend.free(own);
}

const countCheck = (backend: Backend, memory: Required<Backend>["memory"]): Check => ({
  name: "memory: counts what is allocated and what is freed",
  run: () => {
    const before = memory();
    const buffers = [backend.alloc("float32", size), filled(backend, 1)];
    const [held, wanted] = [memory(), before.bytes + 8 * size];
    const fix = "Count every buffer of alloc and write, until free";
    if (held.bytes < wanted) throw new CheckError("memory", `it counts ${held.bytes} bytes where at least ${wanted} are held`, fix);
    if (held.buffers !== before.buffers + 2) throw new CheckError("memory", `it counts ${held.buffers} buffers, not ${before.buffers + 2}`, fix);
    for (const buffer of buffers) backend.free(buffer);
    const after = memory();
    if (after.bytes > before.bytes || after.buffers > before.buffers) {
      throw new CheckError("memory", `it counts ${after.buffers} buffers of ${after.bytes} bytes after they are freed, ${before.buffers} of ${before.bytes} before`, fix);
    }
  },
});

/** What `free` gives back, and that what is freed belongs to nobody. */
export const freeChecks = (backend: Backend): Check[] => {
  const memory = backend.memory?.bind(backend);
  return [
    { name: "free: a second time does nothing", run: () => freesOnce(backend) },
    { name: "read: a freed buffer shows nobody else's values", run: () => keepsApart(backend) },
    ...(memory ? [countCheck(backend, memory)] : []),
  ];
};
