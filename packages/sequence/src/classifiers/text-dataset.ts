import { BucketBatchSampler, MapDataset, collate, type Batch, type BucketBatchSamplerOptions } from "@dl/data";
import { ShapeError, ValueError, checkOptions, checkWhole } from "@dl/registry";
import { isTensor, type HostArray, type Tensor } from "@dl/tensor";
import { padIds } from "../batching/padded.js";
import type { Tokenizer } from "../tokenizers/tokenizer.js";
import { withBigrams } from "./hashed-bigrams.js";

export interface TextDatasetOptions {
  /** Tokens of a text that are kept, from its beginning. Default all. */
  readonly maxLength?: number;
  /** Pad every batch to at least this many tokens; with `maxLength` of the same value all batches have one shape. Default 1. */
  readonly padTo?: number;
  /** The id that fills texts up. Default: the tokenizer's own. */
  readonly paddingIdx?: number;
  /**
   * For bags of words, to tell "not good" from "good": adds an id for each pair of neighbours behind the words, one of this many from `tokenizer.vocabSize`
   * on, which pairs share by chance. Give the classifier `tokenizer.vocabSize + bigramBuckets` vectors. Default 0: none. (Joulin et al., 2017)
   */
  readonly bigramBuckets?: number;
}

/** One text as ids, and what is to be said of it. */
export interface TextSample {
  readonly ids: Int32Array;
  readonly target: HostArray;
}

/** Labels as whole numbers, or targets of any shape and dtype, the first dim counting the texts. */
export type TextTargets = Int32Array | readonly number[] | HostArray | Tensor;

function targetsOf(labels: TextTargets): HostArray {
  if (isTensor(labels)) return { dtype: labels.dtype, shape: labels.shape, data: labels.dataSync() };
  if ("data" in labels) return labels;
  return { dtype: "int32", shape: [labels.length], data: Int32Array.from(labels) };
}

/** Rows of the targets, sharing memory. */
function rowsOf({ dtype, shape, data }: HostArray): HostArray[] {
  const [count, ...rest] = shape;
  const size = count === 0 ? 0 : data.length / count;
  return Array.from({ length: count }, (_, n) => ({ dtype, shape: rest, data: data.subarray(n * size, (n + 1) * size) }));
}

/** Texts as ids with their targets; a batch is as long as its longest text. Made by `textDataset`. */
export class TextDataset extends MapDataset<TextSample, Batch> {
  readonly length: number;

  constructor(private readonly samples: readonly TextSample[], readonly paddingIdx: number, readonly padTo: number) {
    super();
    this.length = samples.length;
  }

  /** Tokens of each text. */
  get lengths(): number[] {
    return this.samples.map(({ ids }) => ids.length);
  }

  /** Batches of texts of similar length, for `new DataLoader(data, { batchSampler: data.buckets({ batchSize: 50 }) })`. */
  buckets(options: BucketBatchSamplerOptions): BucketBatchSampler {
    return new BucketBatchSampler(this.lengths, options);
  }

  /** @throws ValueError for an index out of range */
  sample(index: number): TextSample {
    if (Number.isInteger(index) && index >= 0 && index < this.length) return this.samples[index];
    throw new ValueError("TextDataset.sample", `index ${index} is not in [0, ${this.length})`, "Give whole numbers below the length", { index, length: this.length });
  }

  override collate(samples: readonly TextSample[]): Batch {
    return { x: padIds(samples.map(({ ids }) => ids), { paddingIdx: this.paddingIdx, length: this.padTo }), y: collate(samples.map(({ target }) => target)) };
  }

  /** A data set of the samples at `indices`. @throws ValueError for an index out of range */
  override subset(indices: ArrayLike<number>): TextDataset {
    return new TextDataset(Array.from(indices, (index) => this.sample(index)), this.paddingIdx, this.padTo);
  }
}

/**
 * Texts with labels, for a `DataLoader`: every batch is `{ x, y }`, ids [N, T] int32, padded to its longest text, and labels.
 *
 *     const train = textDataset(texts, labels, tokenizer, { maxLength: 60 });
 *     for await (const { x, y } of new DataLoader(train, { batchSampler: train.buckets({ batchSize: 50 }), seed: 1 })) …
 *
 * Whole numbers in a list become int32; targets for regression come as a tensor or host array [N, …].
 * @throws ShapeError for another number of labels than texts; ValueError without an id for padding
 */
export function textDataset(texts: readonly string[], labels: TextTargets, tokenizer: Tokenizer, options: TextDatasetOptions = {}): TextDataset {
  checkOptions("textDataset", options, ["maxLength", "padTo", "paddingIdx", "bigramBuckets"]);
  const { maxLength = Number.MAX_SAFE_INTEGER, padTo = 1, paddingIdx = tokenizer.specials.pad, bigramBuckets = 0 } = options;
  checkWhole("textDataset", "maxLength", maxLength, 1);
  checkWhole("textDataset", "padTo", padTo, 1);
  checkWhole("textDataset", "bigramBuckets", bigramBuckets);
  if (paddingIdx === undefined) throw new ValueError("textDataset", "the tokenizer has no padding", "Make it with one, or give paddingIdx");
  const targets = targetsOf(labels);
  if (targets.shape[0] !== texts.length) {
    throw new ShapeError("textDataset", `there are ${texts.length} texts, labels of shape [${targets.shape.join(", ")}]`, "Give one label per text", { texts: texts.length, shape: targets.shape });
  }
  const rows = rowsOf(targets);
  const idsOf = (text: string): Int32Array => {
    const ids = tokenizer.encode(text).slice(0, maxLength);
    return bigramBuckets === 0 ? ids : withBigrams(ids, tokenizer.vocabSize, bigramBuckets);
  };
  return new TextDataset(texts.map((text, n) => ({ ids: idsOf(text), target: rows[n] })), paddingIdx, padTo);
}
