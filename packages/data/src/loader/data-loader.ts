import { checkOptions, ValueError } from "@dl/registry";
import { Generator, splitGenerator } from "@dl/tensor";
import type { BatchSource } from "../dataset.js";

export interface DataLoaderOptions {
  /** Samples per batch. Default 1. */
  readonly batchSize?: number;
  /** A new order each epoch. Default false. */
  readonly shuffle?: boolean;
  /** Of the order. Default 0. */
  readonly seed?: number;
  /** Leave out a last batch that is smaller than the others. Default false. */
  readonly dropLast?: boolean;
  /** Batches to ask for ahead of their use; 0 asks when the batch is due. Default 1. */
  readonly prefetch?: number;
}

/** Where a loader stands, as plain JSON. */
export interface DataLoaderState {
  readonly seed: number;
  /** Epochs that came before the one that `position` is in. */
  readonly epoch: number;
  /** Samples of the epoch that were handed out. */
  readonly position: number;
}

type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };

/** A failure of a batch that nobody takes any more must not become an unhandled rejection, so it waits as a value. */
async function outcomeOf<T>(make: () => T | Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await make() };
  } catch (error) {
    return { ok: false, error };
  }
}

function checkWhole(where: string, name: string, value: unknown, least: number): void {
  if (!Number.isSafeInteger(value) || Number(value) < least) {
    throw new ValueError(where, `${name} is ${String(value)}`, `Give a whole number from ${least}`, { [name]: value });
  }
}

/**
 * Batches of a data set, one epoch for each `for await` loop:
 *
 *     for await (const { x, y } of new DataLoader(train, { batchSize: 64, shuffle: true, seed: 1 })) …
 *
 * The order of epoch e depends on the seed and e alone. A loop that was left early counts as an epoch: the next one starts anew.
 * After `loadStateDict` the next loop continues where the state was taken, bit for bit.
 *
 * @throws ValueError for sizes that are not whole or too small
 */
export class DataLoader<Batch> implements AsyncIterable<Batch> {
  readonly dataset: BatchSource<Batch>;
  readonly batchSize: number;
  readonly #shuffle: boolean;
  readonly #dropLast: boolean;
  readonly #prefetch: number;
  #state: DataLoaderState;
  #resume = true;

  constructor(dataset: BatchSource<Batch>, options: DataLoaderOptions = {}) {
    checkOptions("DataLoader", options, ["batchSize", "shuffle", "seed", "dropLast", "prefetch"]);
    const { batchSize = 1, shuffle = false, seed = 0, dropLast = false, prefetch = 1 } = options;
    checkWhole("DataLoader", "batchSize", batchSize, 1);
    checkWhole("DataLoader", "seed", seed, 0);
    checkWhole("DataLoader", "prefetch", prefetch, 0);
    this.dataset = dataset;
    this.batchSize = batchSize;
    this.#shuffle = shuffle;
    this.#dropLast = dropLast;
    this.#prefetch = prefetch;
    this.#state = { seed, epoch: 0, position: 0 };
  }

  /** Batches in an epoch. */
  get length(): number {
    return Math.ceil(this.#end / this.batchSize);
  }

  get #end(): number {
    const { length } = this.dataset;
    return this.#dropLast ? length - (length % this.batchSize) : length;
  }

  /** Taken while a batch is in use, it counts that batch as done. */
  stateDict(): DataLoaderState {
    return { ...this.#state };
  }

  /**
   * Makes the next loop continue from a state that `stateDict` returned.
   * @throws ValueError when it is anything else, or of a larger data set; nothing changes
   */
  loadStateDict(state: DataLoaderState): void {
    const where = "DataLoader.loadStateDict";
    const { seed, epoch, position } = state;
    checkWhole(where, "seed", seed, 0);
    checkWhole(where, "epoch", epoch, 0);
    checkWhole(where, "position", position, 0);
    if (position > this.dataset.length) {
      throw new ValueError(where, `position is ${position}, the data set has ${this.dataset.length} samples`, "Resume with the data set of the first run", {
        position,
        length: this.dataset.length,
      });
    }
    this.#state = { seed, epoch, position };
    this.#resume = true;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Batch, void, undefined> {
    let mine = this.#begin();
    const rows = this.#order(mine);
    const end = this.#end;
    const ahead: Promise<Outcome<Batch>>[] = [];
    let asked = mine.position;
    const ask = (): void => {
      const indices = rows.subarray(asked, Math.min(asked + this.batchSize, end));
      asked += indices.length;
      ahead.push(outcomeOf(() => this.dataset.batch(indices)));
    };

    // An older loop over the same loader goes on, but only the newest one moves the loader's state.
    const advance = (next: DataLoaderState): void => {
      if (this.#state === mine) this.#state = next;
      mine = next;
    };
    while (mine.position < end) {
      while (asked < end && ahead.length <= this.#prefetch) ask();
      const [due] = ahead.splice(0, 1);
      const outcome = await due;
      if (!outcome.ok) throw outcome.error;
      advance({ ...mine, position: Math.min(mine.position + this.batchSize, end) });
      yield outcome.value;
    }
    const finished = { ...mine, epoch: mine.epoch + 1, position: 0 };
    if (this.#state === mine) this.#resume = true;
    advance(finished);
  }

  /** The state that a new loop starts from; it becomes the loader's. */
  #begin(): DataLoaderState {
    const { seed, epoch, position } = this.#state;
    this.#state = this.#resume ? { seed, epoch, position } : { seed, epoch: epoch + 1, position: 0 };
    this.#resume = false;
    return this.#state;
  }

  #order({ seed, epoch }: DataLoaderState): Int32Array {
    const { length } = this.dataset;
    return this.#shuffle ? splitGenerator(new Generator(seed), epoch).permutation(length) : Int32Array.from({ length }, (_, i) => i);
  }
}
