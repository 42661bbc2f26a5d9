import type { Pass } from "../pass.js";

/** Which samples come in an epoch, and in which order. It has no state: the same pass gives the same indices. */
export interface Sampler {
  /** Indices in an epoch. */
  readonly length: number;
  indices(pass: Pass): Int32Array;
}

/** Which samples come together in an epoch's batches. It has no state: the same pass gives the same batches. */
export interface BatchOrder {
  /** Batches in an epoch. */
  readonly length: number;
  batches(pass: Pass): Iterable<ArrayLike<number>>;
}
