import { checkOptions, checkWhole, ValueError } from "@dl/registry";

/** Threads that read batches: worker_threads in Node, Web Workers in browsers. */
export interface WorkerOptions {
  /** Number of threads. */
  readonly count: number;
  /**
   * A JavaScript module whose default export makes the data set, `export default (options) => dataset`; it may be async.
   * Each thread imports it: `new URL("./my-dataset.js", import.meta.url)`. Any object with `length` and `batch(indices)` will do.
   */
  readonly module: URL | string;
  /** Passed to that function. Anything that `structuredClone` copies. */
  readonly options?: unknown;
}

/** @throws ValueError unless there is a whole number of threads and an absolute address */
export function checkWorkerOptions(workers: WorkerOptions): void {
  const where = "DataLoader.workers";
  checkOptions(where, workers, ["count", "module", "options"]);
  checkWhole(where, "count", workers.count, 1);
  const address: unknown = workers.module;
  if (address instanceof URL || (typeof address === "string" && URL.canParse(address))) return;
  throw new ValueError(where, `module is ${String(address)}`, 'Give an absolute address: new URL("./my-dataset.js", import.meta.url)', { module: address });
}
