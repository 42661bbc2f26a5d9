import { collate, MapDataset } from "@dl/data";
import { ShapeError, ValueError } from "@dl/registry";
import { newArray, showShape, sizeOf, tensor, type HostArray, type Tensor } from "@dl/tensor";
import { lengthMask } from "./padded.js";

/** One sequence, and what is to be said of it. */
export interface SequenceSample {
  /** [T, ..]: the steps of this sequence. */
  readonly x: HostArray;
  /** [..], the same shape in every sample. */
  readonly y: HostArray;
}

/** Sequences of different lengths, padded with zeros. */
export interface SequenceInput {
  /** [N, T, ..], T the longest length. */
  readonly values: Tensor;
  /** Steps of each sequence: for `packPaddedSequence`. */
  readonly lengths: readonly number[];
  /** bool [N, T], true at steps that are there. */
  readonly mask: Tensor;
}

export interface SequenceBatch {
  readonly x: SequenceInput;
  /** [N, ..]. */
  readonly y: Tensor;
}

function checkSample(index: number, { x, y }: SequenceSample, first: SequenceSample): void {
  const [steps, ...features] = x.shape;
  if (x.shape.length < 2 || steps < 1) throw new ValueError("SequenceDataset", `sequence ${index} has shape ${showShape(x.shape)}`, "Give at least one step of features each, [T, ..], and leave empty sequences out", { index });
  if (showShape(features) !== showShape(first.x.shape.slice(1)) || showShape(y.shape) !== showShape(first.y.shape)) {
    throw new ShapeError("SequenceDataset", `sequence ${index} has x ${showShape(x.shape)} and y ${showShape(y.shape)}, sequence 0 x ${showShape(first.x.shape)} and y ${showShape(first.y.shape)}`, "Give the same features at every step of every sequence", { index });
  }
}

/** Zeros behind every sequence. Shapes: → [N, T, ..]. */
export function padArrays(arrays: readonly HostArray[]): Tensor {
  const [{ dtype, shape: [, ...rest] }] = arrays;
  const steps = arrays.reduce((most, { shape }) => Math.max(most, shape[0]), 0);
  const data = newArray(dtype, arrays.length * steps * sizeOf(rest));
  arrays.forEach((array, n) => { data.set(array.data, n * steps * sizeOf(rest)); });
  return tensor(data, { shape: [arrays.length, steps, ...rest], dtype });
}

/**
 * Sequences of features with different lengths, such as measurements over time; a batch is as long as its longest sequence, and says which steps are there.
 *
 *     const data = new SequenceDataset(patients.map(({ visits, outcome }) => ({ x: visits, y: outcome })));
 *     for await (const { x: { values, lengths, mask }, y } of new DataLoader(data, { batchSize: 16 })) …
 *
 * @throws ValueError for an empty sequence; ShapeError for features or targets of different shapes
 */
export class SequenceDataset extends MapDataset<SequenceSample, SequenceBatch> {
  readonly length: number;

  constructor(private readonly samples: readonly SequenceSample[]) {
    super();
    samples.forEach((sample, index) => { checkSample(index, sample, samples[0]); });
    this.length = samples.length;
  }

  /** Steps of each sequence, for a `BucketBatchSampler`. */
  get lengths(): number[] {
    return this.samples.map(({ x }) => x.shape[0]);
  }

  sample(index: number): SequenceSample {
    return this.samples[index];
  }

  override collate(samples: readonly SequenceSample[]): SequenceBatch {
    const values = padArrays(samples.map(({ x }) => x));
    const lengths = samples.map(({ x }) => x.shape[0]);
    return { x: { values, lengths, mask: lengthMask(lengths, values.shape[1]) }, y: collate(samples.map(({ y }) => y)) };
  }
}
