import { ValueError } from "@dl/registry";
import { when } from "./datasets/promises.js";

/** What a `DataLoader` reads from. */
export interface BatchSource<Batch> {
  /** Number of samples. */
  readonly length: number;
  /** The samples at `indices`, in that order, as one batch. */
  batch(indices: ArrayLike<number>): Batch | Promise<Batch>;
}

/** @throws ValueError unless every index is a whole number in [0, length) */
export function checkIndices(where: string, indices: ArrayLike<number>, length: number): void {
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i];
    if (!(Number.isInteger(index) && index >= 0 && index < length)) {
      throw new ValueError(where, `index ${index} at position ${i} is not in [0, ${length})`, "Give whole numbers below the length", { index, position: i, length });
    }
  }
}

/** @throws ValueError unless 0 ≤ count ≤ length */
export function checkTake(where: string, count: number, length: number): void {
  if (Number.isInteger(count) && count >= 0 && count <= length) return;
  throw new ValueError(where, `cannot take ${count} of ${length} samples`, "Give a whole number that is not larger", { count, length });
}

/** A set of samples that are read by index, a batch at a time. Extend it for data of your own; `MapDataset` reads single samples. */
export abstract class Dataset<Batch> implements BatchSource<Batch> {
  abstract readonly length: number;
  abstract batch(indices: ArrayLike<number>): Batch | Promise<Batch>;

  /**
   * The samples at `indices`, in that order.
   * @throws ValueError for an index out of range
   */
  subset(indices: ArrayLike<number>): Dataset<Batch> {
    checkIndices("subset", indices, this.length);
    return new Subset(this, Float64Array.from(indices));
  }

  /** The first `count` samples. @throws ValueError unless 0 ≤ count ≤ length */
  take(count: number): Dataset<Batch> {
    checkTake("take", count, this.length);
    return new Subset(this, Float64Array.from({ length: count }, (_, i) => i));
  }

  /** The same samples; `fn` changes every batch when it is read: `mapBatches(({ x, y }) => ({ x: x.sub(mean).div(std), y }))`. */
  mapBatches<To>(fn: (batch: Batch) => To | Promise<To>): Dataset<To> {
    return new BatchMapped(this, fn);
  }
}

class Subset<Batch> extends Dataset<Batch> {
  readonly length: number;

  constructor(private readonly source: BatchSource<Batch>, private readonly indices: Float64Array) {
    super();
    this.length = indices.length;
  }

  batch(indices: ArrayLike<number>): Batch | Promise<Batch> {
    checkIndices("Subset.batch", indices, this.length);
    return this.source.batch(Array.from(indices, (index) => this.indices[index]));
  }
}

class BatchMapped<From, To> extends Dataset<To> {
  readonly length: number;

  constructor(private readonly source: BatchSource<From>, private readonly fn: (batch: From) => To | Promise<To>) {
    super();
    this.length = source.length;
  }

  batch(indices: ArrayLike<number>): To | Promise<To> {
    return when(this.source.batch(indices), this.fn);
  }
}
