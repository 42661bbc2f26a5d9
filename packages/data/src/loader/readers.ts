import { checkIndices, type BatchSource } from "../dataset.js";
import type { BatchStream, Piece } from "../datasets/iterable-dataset.js";
import type { Pass } from "../pass.js";
import type { BatchPlan } from "./batch-plan.js";
import type { Settings } from "./options.js";
import type { WorkerOptions } from "./workers/options.js";
import { WorkerPool } from "./workers/pool.js";

/** Reads the batches of one epoch. `next` is called ahead of use, before the batch of the call before has come. */
export interface Reader<Batch> {
  /** `undefined` after the last one. */
  next(): Promise<Piece<Batch> | undefined>;
  close(): Promise<void>;
}

/** Reads here. */
export function indexedReader<Batch>(source: BatchSource<Batch>, plan: BatchPlan, pass: Pass, position: number): Reader<Batch> {
  const batches = plan.from(pass, position);
  return {
    next: async () => {
      const step = batches.next();
      if (step.done === true) return undefined;
      const indices = step.value;
      checkIndices("DataLoader", indices, source.length);
      return { batch: await source.batch(indices), samples: indices.length };
    },
    close: async () => undefined,
  };
}

/** Reads in threads of its own, which start now and end with the reader. */
export function workerReader<Batch>(source: BatchSource<Batch>, plan: BatchPlan, pass: Pass, position: number, workers: WorkerOptions): Reader<Batch> {
  const pool = new WorkerPool<Batch>(workers, source.length);
  return { ...indexedReader(pool, plan, pass, position), close: () => pool.close() };
}

export function streamReader<Batch>(source: BatchStream<Batch>, { batchSize, dropLast }: Settings, pass: Pass, position: number): Reader<Batch> {
  const pieces = source.pieces(pass, { batchSize, dropLast, skip: position })[Symbol.asyncIterator]();
  return {
    next: async () => {
      const step = await pieces.next();
      return step.done === true ? undefined : step.value;
    },
    close: async () => {
      await pieces.return?.();
    },
  };
}
