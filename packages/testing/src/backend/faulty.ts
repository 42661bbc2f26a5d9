// For tests of the suite itself: what fails on a backend, and backends whose workings can be broken.
import { DTypeError } from "@dl/registry";
import { bytesOf, createReferenceBackend } from "@dl/tensor";
import type { Backend, DType, DeviceBuffer } from "@dl/tensor";
import { runChecks } from "../check.js";
import type { Check, CheckResult } from "../check.js";
import { testBackend } from "./backend.js";
import type { BackendOptions } from "./backend.js";

export const suite = async (backend: Backend, options: BackendOptions = {}): Promise<Check[]> => testBackend(() => backend, options);

/** The checks whose name begins with `part` and that fail. */
export async function failures(backend: Backend, part = ""): Promise<CheckResult[]> {
  const checks = (await suite(backend)).filter(({ name }) => name.startsWith(part));
  return (await runChecks(checks)).filter(({ outcome }) => outcome === "failed");
}

export const messages = (results: readonly CheckResult[]): string[] => results.map(({ message }) => message);

/** The reference backend with these dtypes only, one output per call. */
export function narrowed(dtypes: readonly DType[]): Backend {
  const inner = createReferenceBackend();
  const require = (dtype: DType): void => { if (!dtypes.includes(dtype)) throw new DTypeError("narrow", `it has no ${dtype}`, "Use another one"); };
  return {
    ...inner,
    capabilities: { dtypes, readSync: true, maxOutputs: 1 },
    alloc: (dtype, size) => {
      require(dtype);
      return inner.alloc(dtype, size);
    },
    write: (dtype, data) => {
      require(dtype);
      return inner.write(dtype, data);
    },
  };
}

/** The reference backend as a device that answers later: what is read is taken at once and given in another turn of the event loop. */
export function asynchronous(): Backend {
  const inner = createReferenceBackend();
  const backend: Backend = {
    ...inner,
    capabilities: { ...inner.capabilities, readSync: false, maxOutputs: 1 },
    read: async (view) => {
      const data = await inner.read(view);
      return new Promise((resolve) => { setTimeout(resolve, 0, data); });
    },
  };
  delete backend.readSync;
  return backend;
}

/** The reference backend, counting what it holds. */
export function counted(): Backend {
  const inner = createReferenceBackend();
  const held = new Map<DeviceBuffer, number>();
  const enter = (buffer: DeviceBuffer, bytes: number): DeviceBuffer => {
    held.set(buffer, bytes);
    return buffer;
  };
  return {
    ...inner,
    alloc: (dtype, size) => enter(inner.alloc(dtype, size), size * bytesOf(dtype)),
    write: (dtype, data) => enter(inner.write(dtype, data), data.byteLength),
    free: (buffer) => { held.delete(buffer); },
    memory: () => ({ bytes: [...held.values()].reduce((a, b) => a + b, 0), buffers: held.size }),
  };
}

/** One that hands out freed memory of the same size again, without asking how often it was freed. */
export function pooled(): Backend {
  const inner = createReferenceBackend();
  const pool: Float32Array[] = [];
  const reused = (size: number): Float32Array | undefined => {
    const at = pool.findIndex(({ length }) => length === size);
    return at === -1 ? undefined : pool.splice(at, 1)[0];
  };
  return {
    ...inner,
    alloc: (dtype, size) => (dtype === "float32" ? reused(size)?.fill(0) : undefined) ?? inner.alloc(dtype, size),
    write: (dtype, data) => {
      const buffer = dtype === "float32" ? reused(data.length) : undefined;
      buffer?.set(data);
      return buffer ?? inner.write(dtype, data);
    },
    free: (buffer) => { if (buffer instanceof Float32Array) pool.push(buffer); },
  };
}

/** One whose maps wait until something is read, as on a device with a queue. */
export function queued(): Backend {
  const inner = createReferenceBackend();
  const queue: (() => void)[] = [];
  const flush = (): void => { for (const run of queue.splice(0)) run(); };
  return {
    ...inner,
    map: (...args) => { queue.push(() => { inner.map(...args); }); },
    read: async (view) => {
      flush();
      return inner.read(view);
    },
    readSync: (view) => {
      flush();
      return inner.readSync?.(view) ?? new Float32Array(0);
    },
    free: (buffer) => { if (buffer instanceof Float32Array) buffer.fill(NaN); },
  };
}
