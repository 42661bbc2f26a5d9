import { checkOptions, checkWhole, ValueError } from "@dl/registry";
import type { BatchOrder, Sampler } from "../sampling/sampler.js";
import { checkWorkerOptions, type WorkerOptions } from "./workers/options.js";

export interface DataLoaderOptions {
  /** Samples per batch. Default 1. */
  readonly batchSize?: number;
  /** A new order each epoch. Default false. */
  readonly shuffle?: boolean;
  /** Of the order, also of the samplers'. Default 0. */
  readonly seed?: number;
  /** Leave out a last batch that is smaller than the others. Default false. */
  readonly dropLast?: boolean;
  /** Batches to ask for ahead of their use; 0 asks when the batch is due. Default 1, with workers two for each. */
  readonly prefetch?: number;
  /** Which samples come, in place of `shuffle`. */
  readonly sampler?: Sampler;
  /** Which samples come together, in place of `batchSize`, `shuffle`, `sampler` and `dropLast`. */
  readonly batchSampler?: BatchOrder;
  /** Threads that read the batches. Default none: the data set is read here. */
  readonly workers?: WorkerOptions;
}

/** The options with their defaults. */
export interface Settings {
  readonly batchSize: number;
  readonly shuffle: boolean;
  readonly seed: number;
  readonly dropLast: boolean;
  readonly prefetch: number;
  readonly sampler: Sampler | undefined;
  readonly batchSampler: BatchOrder | undefined;
  readonly workers: WorkerOptions | undefined;
}

const known = ["batchSize", "shuffle", "seed", "dropLast", "prefetch", "sampler", "batchSampler", "workers", "collate"];

type Key = keyof DataLoaderOptions | "collate";

function refuseTogether(options: DataLoaderOptions & { readonly collate?: unknown }, one: Key, others: readonly Key[]): void {
  if (options[one] === undefined) return;
  const clash = others.find((key) => options[key] !== undefined && options[key] !== false);
  if (clash !== undefined) throw new ValueError("DataLoader", `both ${one} and ${clash} are given`, "Give one of them");
}

/** @throws UnknownNameError for unknown options, ValueError for sizes that are not whole or options that exclude each other */
export function settingsOf(options: DataLoaderOptions & { readonly collate?: unknown }): Settings {
  checkOptions("DataLoader", options, known);
  refuseTogether(options, "batchSampler", ["batchSize", "shuffle", "sampler", "dropLast"]);
  refuseTogether(options, "sampler", ["shuffle"]);
  refuseTogether(options, "workers", ["collate"]);
  const { batchSize = 1, shuffle = false, seed = 0, dropLast = false, sampler, batchSampler, workers } = options;
  if (workers !== undefined) checkWorkerOptions(workers);
  const { prefetch = workers === undefined ? 1 : 2 * workers.count } = options;
  checkWhole("DataLoader", "batchSize", batchSize, 1);
  checkWhole("DataLoader", "seed", seed, 0);
  checkWhole("DataLoader", "prefetch", prefetch, 0);
  return { batchSize, shuffle, seed, dropLast, prefetch, sampler, batchSampler, workers };
}

/** @throws ValueError for options that need samples by index */
export function checkForStream({ shuffle, sampler, batchSampler, workers }: Settings): void {
  const wrong = Object.entries({ shuffle: shuffle || undefined, sampler, batchSampler, workers }).find(([, value]) => value !== undefined);
  if (wrong === undefined) return;
  const fix = wrong[0] === "shuffle" ? "Use dataset.shuffle(size) for a shuffle buffer" : "Give a data set that is read by index";
  throw new ValueError("DataLoader", `${wrong[0]} is given, but an IterableDataset has no indices`, fix, { option: wrong[0] });
}
