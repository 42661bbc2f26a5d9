import { ValueError } from "@dl/registry";

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

/** A set of samples that are read by index, a batch at a time. Extend it for data of your own. */
export abstract class Dataset<Batch> implements BatchSource<Batch> {
  abstract readonly length: number;
  abstract batch(indices: ArrayLike<number>): Batch | Promise<Batch>;

  /**
   * The samples at `indices`, in that order.
   * @throws ValueError for an index out of range
   */
  subset(indices: ArrayLike<number>): Dataset<Batch> {
    return new Subset(this, indices);
  }
}

class Subset<Batch> extends Dataset<Batch> {
  readonly length: number;
  readonly #source: BatchSource<Batch>;
  readonly #indices: Float64Array;

  constructor(source: BatchSource<Batch>, indices: ArrayLike<number>) {
    super();
    checkIndices("subset", indices, source.length);
    this.#source = source;
    this.#indices = Float64Array.from(indices);
    this.length = indices.length;
  }

  batch(indices: ArrayLike<number>): Batch | Promise<Batch> {
    checkIndices("Subset.batch", indices, this.length);
    return this.#source.batch(Array.from(indices, (index) => this.#indices[index]));
  }
}
