import { BucketBatchSampler, MapDataset } from "@dl/data";
import type { BucketBatchSamplerOptions } from "@dl/data";
import { ValueError, checkOptions, checkWhole } from "@dl/registry";
import type { Tensor } from "@dl/tensor";
import { padIds } from "../../batching/index.js";
import type { Tokenizer } from "../../tokenizers/index.js";
import type { SourceAndTarget } from "../encoder-decoder.js";
import { endsOf, paddingOf } from "./tokenizers.js";
import type { Tokenizers } from "./tokenizers.js";

/** A sentence as text, or as its tokens. */
export type SentenceText = string | readonly string[];

export interface TextPair {
  readonly source: SentenceText;
  readonly target: SentenceText;
}

export interface TranslationDatasetOptions {
  /** Leave out pairs of which one side has more tokens. Default: all stay. */
  readonly maxLength?: number;
}

/** A pair as ids. */
export interface IdPair {
  readonly source: ArrayLike<number>;
  readonly target: ArrayLike<number>;
}

export interface TranslationBatch {
  readonly x: SourceAndTarget;
  /** Ids that are to be written, [N, T]: the target and its end, then padding. */
  readonly y: Tensor;
}

/** Ids that stand for no word. */
interface Marks {
  readonly sourcePadding: number;
  readonly targetPadding: number;
  readonly bos: number;
  readonly eos: number;
}

function idsOf(text: SentenceText, tokenizer: Tokenizer): ArrayLike<number> {
  if (typeof text === "string") return tokenizer.encode(text);
  return text.map((token) => {
    const id = tokenizer.idOf(token) ?? tokenizer.specials.unk;
    if (id === undefined) throw new ValueError("translationDataset", `${JSON.stringify(token)} is no token, and the tokenizer has none for unknown ones`, 'Train it with specials that have "unk"', { token });
    return id;
  });
}

/** Pairs of sentences as ids; a batch is as long as its longest sentences. Made by `translationDataset`. */
export class TranslationDataset extends MapDataset<IdPair, TranslationBatch> {
  readonly length: number;

  constructor(private readonly pairs: readonly IdPair[], private readonly marks: Marks) {
    super();
    this.length = pairs.length;
  }

  /** Tokens of each pair's longer side. */
  get lengths(): number[] {
    return this.pairs.map(({ source, target }) => Math.max(source.length, target.length));
  }

  /** Batches of pairs of similar length, for `new DataLoader(data, { batchSampler: data.buckets({ batchSize: 64 }) })`. */
  buckets(options: BucketBatchSamplerOptions): BucketBatchSampler {
    return new BucketBatchSampler(this.lengths, options);
  }

  /** @throws ValueError for an index out of range */
  sample(index: number): IdPair {
    if (Number.isInteger(index) && index >= 0 && index < this.length) return this.pairs[index];
    throw new ValueError(
      "TranslationDataset.sample",
      `index ${index} is not in [0, ${this.length})`,
      "Give whole numbers below the length",
      { index, length: this.length },
    );
  }

  override collate(pairs: readonly IdPair[]): TranslationBatch {
    const { sourcePadding, targetPadding, bos, eos } = this.marks;
    const targets = pairs.map(({ target }) => Array.from(target));
    return {
      x: {
        source: padIds(pairs.map(({ source }) => source), { paddingIdx: sourcePadding }),
        target: padIds(targets.map((ids) => [bos, ...ids]), { paddingIdx: targetPadding }),
      },
      y: padIds(targets.map((ids) => [...ids, eos]), { paddingIdx: targetPadding }),
    };
  }
}

/**
 * Pairs of sentences for a `DataLoader`. Every batch is what a `Trainer` takes: `x.source` [N, S], `x.target` [N, T], which begins with `<start>`, and `y`
 * [N, T], which is one step ahead and ends with `<end>`; all int32, padded to the longest of the batch.
 *
 *     const train = translationDataset(pairs, { source: english, target: french });
 *     const loader = new DataLoader(train, { batchSampler: train.buckets({ batchSize: 64 }), seed: 1 });
 *     await new Trainer({ model, optimizer, loss: sequenceCrossEntropy }).fit(loader, { epochs: 10 });
 *
 * @throws ValueError for a source without a token, and a tokenizer that lacks begin, end or padding; UnknownNameError for options
 */
export function translationDataset(pairs: readonly TextPair[], tokenizers: Tokenizers, options: TranslationDatasetOptions = {}): TranslationDataset {
  const where = "translationDataset";
  checkOptions(where, options, ["maxLength"]);
  const { maxLength = Number.MAX_SAFE_INTEGER } = options;
  checkWhole(where, "maxLength", maxLength, 1);
  const { source, target } = tokenizers;
  const marks = { sourcePadding: paddingOf(where, source), targetPadding: paddingOf(where, target), ...endsOf(where, target) };
  const ids = pairs.map((pair): IdPair => ({ source: idsOf(pair.source, source), target: idsOf(pair.target, target) }));
  const empty = ids.findIndex((pair) => pair.source.length === 0);
  if (empty !== -1) throw new ValueError(where, `the source of pair ${empty} has no token`, "Leave it out", { position: empty });
  return new TranslationDataset(ids.filter((pair) => pair.source.length <= maxLength && pair.target.length <= maxLength), marks);
}
