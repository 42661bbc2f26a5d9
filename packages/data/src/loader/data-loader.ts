import { checkWhole, StateError, ValueError } from "@dl/registry";
import type { BatchSource } from "../dataset.js";
import type { BatchStream, IterableDataset, Piece } from "../datasets/iterable-dataset.js";
import type { SampleSource } from "../datasets/map-dataset.js";
import { batchPlan, type BatchPlan } from "./batch-plan.js";
import { checkForStream, settingsOf, type DataLoaderOptions, type Settings } from "./options.js";
import { outcomeOf, type Outcome } from "./outcome.js";
import { indexedReader, streamReader, workerReader, type Reader } from "./readers.js";
import { isStream, withCollate, type Collate } from "./sources.js";

/** Where a loader stands, as plain JSON. */
export interface DataLoaderState {
  readonly seed: number;
  /** Epochs that came before the one that `position` is in. */
  readonly epoch: number;
  /** Samples of the epoch that were handed out. */
  readonly position: number;
}

/**
 * Batches of a data set, one epoch for each `for await` loop:
 *
 *     for await (const { x, y } of new DataLoader(train, { batchSize: 64, shuffle: true, seed: 1 })) …
 *
 * The order of epoch e depends on the seed and e alone. A loop that was left early counts as an epoch: the next one starts anew.
 * After `loadStateDict` the next loop continues where the state was taken, bit for bit. An `IterableDataset` is read again up to
 * there, so it has to give the same samples again.
 *
 * With `collate` the data set is read a sample at a time, and the function makes the batches. With `workers` threads do the reading.
 *
 * @throws ValueError for sizes that are not whole or too small, and for options that exclude each other
 */
export class DataLoader<Batch, Sample = unknown> implements AsyncIterable<Batch> {
  readonly batchSize: number;
  readonly #settings: Settings;
  readonly #source: BatchSource<Batch> | BatchStream<Batch>;
  #state: DataLoaderState;
  #resume = true;

  constructor(dataset: SampleSource<Sample> | IterableDataset<Sample, unknown>, options: DataLoaderOptions & { readonly collate: Collate<Sample, Batch> });
  constructor(dataset: BatchSource<Batch> | BatchStream<Batch>, options?: DataLoaderOptions);
  constructor(
    dataset: BatchSource<Batch> | BatchStream<Batch> | SampleSource<Sample> | IterableDataset<Sample, unknown>,
    options: DataLoaderOptions & { readonly collate?: Collate<Sample, Batch> } = {},
  ) {
    this.#settings = settingsOf(options);
    this.#source = withCollate(dataset, options.collate);
    if (isStream(this.#source)) checkForStream(this.#settings);
    this.batchSize = this.#settings.batchSize;
    this.#state = { seed: this.#settings.seed, epoch: 0, position: 0 };
  }

  /** Batches in an epoch. @throws StateError for an `IterableDataset`, whose end nobody knows */
  get length(): number {
    if (isStream(this.#source)) throw new StateError("DataLoader.length", "an IterableDataset does not know its length", "Count the batches of an epoch");
    return this.#plan(this.#source).length;
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
    const length = isStream(this.#source) ? undefined : this.#plan(this.#source).samples;
    if (length !== undefined && position > length) {
      throw new ValueError(where, `position is ${position}, the data set has ${length} samples`, "Resume with the data set of the first run", { position, length });
    }
    this.#state = { seed, epoch, position };
    this.#resume = true;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Batch, void, undefined> {
    let mine = this.#start();
    const reader = this.#open(mine);
    this.#state = mine;
    this.#resume = false;
    // An older loop over the same loader goes on, but only the newest one moves the loader's state.
    const advance = (next: DataLoaderState): void => {
      if (this.#state === mine) this.#state = next;
      mine = next;
    };
    const ahead: Promise<Outcome<Piece<Batch> | undefined>>[] = [];
    try {
      for (;;) {
        while (ahead.length <= this.#settings.prefetch) ahead.push(outcomeOf(() => reader.next()));
        const [due] = ahead.splice(0, 1);
        const outcome = await due;
        if (!outcome.ok) throw outcome.error;
        if (outcome.value === undefined) break;
        advance({ ...mine, position: mine.position + outcome.value.samples });
        yield outcome.value.batch;
      }
    } finally {
      await reader.close();
    }
    if (this.#state === mine) this.#resume = true;
    advance({ ...mine, epoch: mine.epoch + 1, position: 0 });
  }

  /** The state that a new loop starts from. */
  #start(): DataLoaderState {
    const { seed, epoch, position } = this.#state;
    return this.#resume ? { seed, epoch, position } : { seed, epoch: epoch + 1, position: 0 };
  }

  #open(state: DataLoaderState): Reader<Batch> {
    if (isStream(this.#source)) return streamReader(this.#source, this.#settings, state, state.position);
    const { workers } = this.#settings;
    const plan = this.#plan(this.#source);
    return workers === undefined ? indexedReader(this.#source, plan, state, state.position) : workerReader(this.#source, plan, state, state.position, workers);
  }

  #plan({ length }: BatchSource<Batch>): BatchPlan {
    return batchPlan(length, this.#settings);
  }
}
