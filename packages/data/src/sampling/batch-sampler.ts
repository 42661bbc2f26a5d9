import { checkOptions, checkWhole } from "@dl/registry";
import type { Pass } from "../pass.js";
import { countOf, cut } from "./cut.js";
import type { BatchOrder, Sampler } from "./sampler.js";

/**
 * The indices of a sampler in batches of `batchSize`; the last may be smaller, unless `dropLast`.
 * @throws ValueError unless `batchSize` is a whole number from 1
 */
export class BatchSampler implements BatchOrder {
  readonly #sampler: Sampler;
  readonly #batchSize: number;
  readonly #dropLast: boolean;

  constructor(sampler: Sampler, batchSize: number, options: { readonly dropLast?: boolean } = {}) {
    checkOptions("BatchSampler", options, ["dropLast"]);
    checkWhole("BatchSampler", "batchSize", batchSize, 1);
    this.#sampler = sampler;
    this.#batchSize = batchSize;
    this.#dropLast = options.dropLast ?? false;
  }

  get length(): number {
    return countOf(this.#sampler.length, this.#batchSize, this.#dropLast);
  }

  batches(pass: Pass): Iterable<Int32Array> {
    return cut(this.#sampler.indices(pass), this.#batchSize, this.#dropLast);
  }
}
