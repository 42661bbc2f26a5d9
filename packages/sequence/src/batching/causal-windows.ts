import { Dataset, type Batch } from "@dl/data";
import { ValueError, checkOptions, checkWhole } from "@dl/registry";
import { tensor, type Generator } from "@dl/tensor";

export interface CausalWindowsOptions {
  /** Tokens of a sample, T. */
  readonly length: number;
  /** Tokens from the start of one sample to that of the next. Default `length`: every token is a target once. */
  readonly stride?: number;
}

export interface StreamsOptions {
  /** Rows side by side: the batch size that it is to be read with. */
  readonly streams: number;
  /** Tokens of a sample, T: how far gradients go back. */
  readonly length: number;
}

export interface RandomWindowsOptions {
  readonly length: number;
  /** How many samples. */
  readonly count: number;
  readonly generator: Generator;
}

/** Rows of `length` ids from each start on. */
function rowsFrom(ids: Int32Array, starts: ArrayLike<number>, length: number): Int32Array {
  const rows = new Int32Array(starts.length * length);
  for (let n = 0; n < starts.length; n++) rows.set(ids.subarray(starts[n], starts[n] + length), n * length);
  return rows;
}

/**
 * Windows of a long text's token ids, to learn by what comes next: x holds `length` ids, y the same moved on by one. From "I like deep learning" and a
 * length of 3, x is "I like deep" and y "like deep learning". Shapes: batches x and y [N, T], int32.
 */
export class CausalLMDataset extends Dataset<Batch> {
  readonly length: number;

  private constructor(private readonly ids: Int32Array, private readonly starts: ArrayLike<number>, readonly windowLength: number) {
    super();
    this.length = starts.length;
  }

  /** Windows one after the other; tokens that no longer fill one are left out. @throws ValueError for fewer ids than one window and its last target need */
  static windows(ids: Int32Array, options: CausalWindowsOptions): CausalLMDataset {
    const where = "CausalLMDataset.windows";
    checkOptions(where, options, ["length", "stride"]);
    const { length, stride = length } = options;
    checkEnough(where, ids, length);
    checkWhole(where, "stride", stride, 1);
    const count = Math.floor((ids.length - length - 1) / stride) + 1;
    return new CausalLMDataset(ids, Int32Array.from({ length: count }, (_, n) => n * stride), length);
  }

  /**
   * The text as `streams` rows that run on from batch to batch, for truncated backpropagation through time: read in order, `streams` samples at a time, row n
   * of a batch begins where row n of the one before ended, so that a recurrent model may carry its state over (`CarriedState`).
   *
   *     new DataLoader(CausalLMDataset.streams(ids, { streams: 64, length: 64 }), { batchSize: 64 })   // not shuffled
   *
   * (Williams & Peng, 1990)
   * @throws ValueError for fewer ids than one window of each stream needs
   */
  static streams(ids: Int32Array, options: StreamsOptions): CausalLMDataset {
    const where = "CausalLMDataset.streams";
    checkOptions(where, options, ["streams", "length"]);
    const { streams, length } = options;
    checkWhole(where, "streams", streams, 1);
    checkWhole(where, "length", length, 1);
    const perStream = Math.floor((ids.length - 1) / streams);
    const windows = Math.floor(perStream / length);
    if (windows < 1) throw new ValueError(where, `there are ${ids.length} tokens for ${streams} streams of windows of ${length}`, "Give a longer text, fewer streams, or a smaller length", { tokens: ids.length, streams, length });
    return new CausalLMDataset(ids, Int32Array.from({ length: windows * streams }, (_, k) => (k % streams) * perStream + Math.floor(k / streams) * length), length);
  }

  /** Windows that begin anywhere, drawn now. @throws ValueError for fewer ids than one window and its last target need */
  static random(ids: Int32Array, options: RandomWindowsOptions): CausalLMDataset {
    const where = "CausalLMDataset.random";
    checkOptions(where, options, ["length", "count", "generator"]);
    const { length, count, generator } = options;
    checkEnough(where, ids, length);
    checkWhole(where, "count", count, 1);
    return new CausalLMDataset(ids, Int32Array.from({ length: count }, () => generator.int(ids.length - length)), length);
  }

  /** @throws ValueError for an index out of range */
  batch(indices: ArrayLike<number>): Batch {
    const { ids, windowLength } = this;
    const starts = Array.from(indices, (index, position) => {
      if (index in this.starts) return this.starts[index];
      throw new ValueError("CausalLMDataset.batch", `index ${index} at position ${position} is not in [0, ${this.length})`, "Give whole numbers below the length", { index, position });
    });
    const part = (shift: number) => tensor(rowsFrom(ids, starts.map((start) => start + shift), windowLength), { shape: [starts.length, windowLength], dtype: "int32" });
    return { x: part(0), y: part(1) };
  }
}

function checkEnough(where: string, ids: Int32Array, length: number): void {
  checkWhole(where, "length", length, 1);
  if (ids.length > length) return;
  throw new ValueError(where, `there are ${ids.length} tokens for windows of ${length} and the token behind`, "Give a longer text, or a smaller length", { tokens: ids.length, length });
}
