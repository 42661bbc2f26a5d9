import { checkNumber, checkOptions, checkWhole } from "@dl/registry";
import { generatorOf, type Pass } from "../pass.js";
import { countOf, cut } from "./cut.js";
import type { BatchOrder } from "./sampler.js";

export interface BucketBatchSamplerOptions {
  readonly batchSize: number;
  /** Batches that are sorted together: more gives lengths that are closer, and less chance. Default 100. */
  readonly bucket?: number;
  /** Default true: another order each epoch. Otherwise shortest first, always the same. */
  readonly shuffle?: boolean;
  /** Leave out a last batch that is smaller than the others. Default false. */
  readonly dropLast?: boolean;
}

/**
 * Batches of samples of similar length, so that little padding is needed. All samples are shuffled and divided into buckets of
 * `bucket · batchSize`; each bucket is sorted by length and cut into batches; the batches are shuffled.
 *
 *     new DataLoader(data, { batchSampler: new BucketBatchSampler(sentences.map(({ length }) => length), { batchSize: 32 }) })
 *
 * @throws ValueError for sizes that are not whole numbers from 1, and lengths that are negative
 */
export class BucketBatchSampler implements BatchOrder {
  readonly length: number;
  readonly #lengths: Float64Array;
  readonly #options: Required<BucketBatchSamplerOptions>;

  constructor(lengths: ArrayLike<number>, options: BucketBatchSamplerOptions) {
    const where = "BucketBatchSampler";
    checkOptions(where, options, ["batchSize", "bucket", "shuffle", "dropLast"]);
    const { batchSize, bucket = 100, shuffle = true, dropLast = false } = options;
    checkWhole(where, "batchSize", batchSize, 1);
    checkWhole(where, "bucket", bucket, 1);
    for (let i = 0; i < lengths.length; i++) checkNumber(where, `length ${i}`, lengths[i], 0);
    this.#lengths = Float64Array.from(lengths);
    this.#options = { batchSize, bucket, shuffle, dropLast };
    this.length = countOf(lengths.length, batchSize, dropLast);
  }

  batches(pass: Pass): Int32Array[] {
    const { batchSize, bucket, shuffle, dropLast } = this.#options;
    const count = this.#lengths.length;
    if (!shuffle) return [...cut(this.#sorted(Int32Array.from({ length: count }, (_, i) => i)), batchSize, dropLast)];
    const random = generatorOf(pass);
    const buckets = [...cut(random.permutation(count), bucket * batchSize, false)];
    const batches = buckets.flatMap((part) => [...cut(this.#sorted(part), batchSize, dropLast)]);
    return Array.from(random.permutation(batches.length), (at) => batches[at]);
  }

  #sorted(indices: Int32Array): Int32Array {
    return indices.sort((a, b) => this.#lengths[a] - this.#lengths[b] || a - b);
  }
}
