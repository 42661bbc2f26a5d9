import { checkOptions, ValueError } from "@dl/registry";
import { Generator, splitGenerator } from "@dl/tensor";
import { checkWhole } from "../checks.js";
import { collateAs, type CollateOptions } from "./collate.js";
import type { Collated } from "./collated.js";
import { shuffleBuffer } from "./shuffle-buffer.js";

/** Which pass over the data is made; what is random in it depends on these two alone. */
export interface Pass {
  readonly epoch: number;
  readonly seed: number;
}

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

/**
 * Samples that come one after the other from a file, a network or a formula, as `IterableDataset` of PyTorch:
 *
 *     const lines = new IterableDataset(() => readLines("huge.txt"));
 *     for await (const line of lines.filter((line) => line !== "").shuffle(1000, { seed: 1 }).take(10)) …
 *
 * `open` is called anew for every loop over it, so it has to begin at the start each time. Nothing is read before it is needed;
 * a loop that is left early closes the source.
 */
export class IterableDataset<T> implements AsyncIterable<T> {
  readonly #open: Open<T>;

  /** @throws ValueError unless `open` is a function */
  constructor(open: Open<T>) {
    const given: unknown = open;
    if (typeof given !== "function") throw new ValueError("IterableDataset", `open is of type ${typeof given}`, "Give a function that opens the source: () => source");
    this.#open = open;
  }

  /** The samples of one pass. A `DataLoader` asks for one after the other. */
  pass(pass: Pass): AsyncIterable<T> {
    return one(this.#open(pass));
  }

  [Symbol.asyncIterator](): AsyncIterator<T> {
    return this.pass(firstPass)[Symbol.asyncIterator]();
  }

  /** Every sample passed through `fn`, one after the other. */
  map<To>(fn: (sample: T) => To | Promise<To>): IterableDataset<Awaited<To>> {
    return new IterableDataset((pass) => mapped(this.pass(pass), fn));
  }

  /** The samples for which `predicate` holds. */
  filter(predicate: (sample: T) => boolean | Promise<boolean>): IterableDataset<T> {
    return new IterableDataset((pass) => filtered(this.pass(pass), predicate));
  }

  /** The first `count` samples, or fewer where there are no more. @throws ValueError unless `count` is a whole number from 0 */
  take(count: number): IterableDataset<T> {
    checkWhole("IterableDataset.take", "count", count, 0);
    return new IterableDataset((pass) => window(this.pass(pass), 0, count));
  }

  /** All but the first `count` samples. @throws ValueError unless `count` is a whole number from 0 */
  skip(count: number): IterableDataset<T> {
    checkWhole("IterableDataset.skip", "count", count, 0);
    return new IterableDataset((pass) => window(this.pass(pass), count, Infinity));
  }

  /** These samples, then those of the others. */
  concat(...others: readonly IterableDataset<T>[]): IterableDataset<T> {
    return new IterableDataset((pass) => several([this, ...others].map((source) => source.pass(pass))));
  }

  /**
   * The samples in an order that is random within a buffer of `size` samples. It depends on the seed (default 0), the pass's seed and epoch
   * alone, so that each epoch of a loader has another one.
   * @throws ValueError unless `size` is a whole number from 1
   */
  shuffle(size: number, options: { readonly seed?: number } = {}): IterableDataset<T> {
    checkOptions("IterableDataset.shuffle", options, ["seed"]);
    checkWhole("IterableDataset.shuffle", "size", size, 1);
    const random = new Generator(options.seed ?? 0);
    return new IterableDataset((pass) => shuffleBuffer(this.pass(pass), size, splitGenerator(splitGenerator(random, pass.seed), pass.epoch)));
  }

  /**
   * Batches of `size` samples, joined as by the function `collate`; the last may be smaller, unless `dropLast`.
   * @throws ValueError unless `size` is a whole number from 1
   */
  batch(size: number, options: CollateOptions & { readonly dropLast?: boolean } = {}): IterableDataset<Collated<T>> {
    checkOptions("IterableDataset.batch", options, ["dtypes", "dropLast"]);
    const { dropLast = false, ...rest } = options;
    return this.groups(size, dropLast).map((samples) => collateAs<Collated<T>>(samples, rest)) as IterableDataset<Collated<T>>;
  }

  /** Lists of `size` samples. @throws ValueError unless `size` is a whole number from 1 */
  groups(size: number, dropLast = false): IterableDataset<T[]> {
    checkWhole("IterableDataset.batch", "size", size, 1);
    return new IterableDataset((pass) => grouped(this.pass(pass), size, dropLast));
  }
}
