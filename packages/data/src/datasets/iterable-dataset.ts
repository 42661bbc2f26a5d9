import { checkOptions, checkWhole, ValueError } from "@dl/registry";
import { Generator, splitGenerator } from "@dl/tensor";
import type { Pass } from "../pass.js";
import { collateValues } from "./collate.js";
import type { Collated } from "./collated.js";
import { shuffleBuffer } from "./shuffle-buffer.js";

/** Opens the source for a pass. */
export type Open<T> = (pass: Pass) => AsyncIterable<T> | Iterable<T>;

const firstPass: Pass = { epoch: 0, seed: 0 };

async function* one<T>(source: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T, void, undefined> {
  yield* source;
}

async function* several<T>(passes: readonly AsyncIterable<T>[]): AsyncGenerator<T, void, undefined> {
  for (const pass of passes) yield* pass;
}

async function* window<T>(source: AsyncIterable<T>, from: number, to: number): AsyncGenerator<T, void, undefined> {
  if (from >= to) return;
  let index = 0;
  for await (const sample of source) {
    if (index++ >= from) yield sample;
    if (index >= to) return;
  }
}

async function* mapped<T, To>(source: AsyncIterable<T>, fn: (sample: T) => To | Promise<To>): AsyncGenerator<Awaited<To>, void, undefined> {
  for await (const sample of source) yield await fn(sample);
}

async function* filtered<T>(source: AsyncIterable<T>, predicate: (sample: T) => boolean | Promise<boolean>): AsyncGenerator<T, void, undefined> {
  for await (const sample of source) if (await predicate(sample)) yield sample;
}

/** A batch and how many samples are in it. */
export interface Piece<Batch> {
  readonly batch: Batch;
  readonly samples: number;
}

/** What a `DataLoader` reads from where nothing can be read by index. */
export interface BatchStream<Batch> {
  /** The batches of one pass, after the first `skip` samples. */
  pieces(pass: Pass, cut: { readonly batchSize: number; readonly dropLast: boolean; readonly skip: number }): AsyncIterable<Piece<Batch>>;
}

export interface IterableDatasetOptions<T, Batch> {
  /** Joins samples into a batch. Default: the function `collate`. */
  readonly collate?: (samples: readonly T[]) => Batch | Promise<Batch>;
}

async function* grouped<T>(source: AsyncIterable<T>, size: number, dropLast: boolean): AsyncGenerator<T[], void, undefined> {
  let group: T[] = [];
  for await (const sample of source) {
    group.push(sample);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0 && !dropLast) yield group;
}

async function* batchesOf<Batch>(pieces: AsyncIterable<Piece<Batch>>): AsyncGenerator<Batch, void, undefined> {
  for await (const { batch } of pieces) yield batch;
}

/**
 * Samples that come one after the other from a file, a network or a formula, as `IterableDataset` of PyTorch:
 *
 *     const lines = new IterableDataset(() => readLines("huge.txt"));
 *     for await (const line of lines.filter((line) => line !== "").shuffle(1000, { seed: 1 }).take(10)) …
 *
 * `open` is called anew for every loop over it, so it has to begin at the start each time. Nothing is read before it is needed;
 * a loop that is left early closes the source.
 */
export class IterableDataset<T, Batch = Collated<T>> implements AsyncIterable<T>, BatchStream<Batch> {
  readonly #open: Open<T>;
  readonly #collate: (samples: readonly T[]) => Batch | Promise<Batch>;

  /** @throws ValueError unless `open` is a function */
  constructor(open: Open<T>, options: IterableDatasetOptions<T, Batch> = {}) {
    const given: unknown = open;
    if (typeof given !== "function") throw new ValueError("IterableDataset", `open is of type ${typeof given}`, "Give a function that opens the source: () => source");
    checkOptions("IterableDataset", options, ["collate"]);
    this.#open = open;
    this.#collate = options.collate ?? ((samples) => collateValues(samples) as Batch);
  }

  /** The samples of one pass. */
  pass(pass: Pass): AsyncIterable<T> {
    return one(this.#open(pass));
  }

  [Symbol.asyncIterator](): AsyncIterator<T> {
    return this.pass(firstPass)[Symbol.asyncIterator]();
  }

  async *pieces(pass: Pass, { batchSize, dropLast, skip }: Parameters<BatchStream<Batch>["pieces"]>[1]): AsyncGenerator<Piece<Batch>, void, undefined> {
    for await (const samples of grouped(window(this.pass(pass), skip, Infinity), batchSize, dropLast)) {
      yield { batch: await this.#collate(samples), samples: samples.length };
    }
  }

  /** Every sample passed through `fn`, one after the other. They are joined by the function `collate`. */
  map<To>(fn: (sample: T) => To | Promise<To>): IterableDataset<Awaited<To>> {
    return new IterableDataset((pass) => mapped(this.pass(pass), fn));
  }

  /** The samples for which `predicate` holds. */
  filter(predicate: (sample: T) => boolean | Promise<boolean>): IterableDataset<T, Batch> {
    return this.#reopened((pass) => filtered(this.pass(pass), predicate));
  }

  /** The first `count` samples, or fewer where there are no more. @throws ValueError unless `count` is a whole number from 0 */
  take(count: number): IterableDataset<T, Batch> {
    checkWhole("IterableDataset.take", "count", count, 0);
    return this.#reopened((pass) => window(this.pass(pass), 0, count));
  }

  /** All but the first `count` samples. @throws ValueError unless `count` is a whole number from 0 */
  skip(count: number): IterableDataset<T, Batch> {
    checkWhole("IterableDataset.skip", "count", count, 0);
    return this.#reopened((pass) => window(this.pass(pass), count, Infinity));
  }

  /** These samples, then those of the others. */
  concat(...others: readonly IterableDataset<T, unknown>[]): IterableDataset<T, Batch> {
    return this.#reopened((pass) => several([this.pass(pass), ...others.map((source) => source.pass(pass))]));
  }

  /**
   * The samples in an order that is random within a buffer of `size` samples. It depends on the seed (default 0) and on the pass
   * alone, so that each epoch of a loader has another one.
   * @throws ValueError unless `size` is a whole number from 1
   */
  shuffle(size: number, options: { readonly seed?: number } = {}): IterableDataset<T, Batch> {
    checkOptions("IterableDataset.shuffle", options, ["seed"]);
    checkWhole("IterableDataset.shuffle", "size", size, 1);
    const random = new Generator(options.seed ?? 0);
    return this.#reopened((pass) => shuffleBuffer(this.pass(pass), size, splitGenerator(splitGenerator(random, pass.seed), pass.epoch)));
  }

  /**
   * Batches of `size` samples; the last may be smaller, unless `dropLast`.
   * @throws ValueError unless `size` is a whole number from 1
   */
  batch(size: number, options: { readonly dropLast?: boolean } = {}): IterableDataset<Batch> {
    checkOptions("IterableDataset.batch", options, ["dropLast"]);
    checkWhole("IterableDataset.batch", "size", size, 1);
    const cut = { batchSize: size, dropLast: options.dropLast ?? false, skip: 0 };
    return new IterableDataset((pass) => batchesOf(this.pieces(pass, cut)));
  }

  /** The same samples, joined by another function. */
  withCollate<To>(collate: (samples: readonly T[]) => To | Promise<To>): IterableDataset<T, To> {
    return new IterableDataset(this.#open, { collate });
  }

  #reopened(open: Open<T>): IterableDataset<T, Batch> {
    return new IterableDataset(open, { collate: this.#collate });
  }
}
