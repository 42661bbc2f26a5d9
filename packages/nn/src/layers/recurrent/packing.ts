import { ShapeError, ValueError, checkOptions } from "@dl/registry";
import { cat, indexSelect, isTensor, showShape } from "@dl/tensor";
import type { Shape, Tensor } from "@dl/tensor";

/**
 * Sequences of different lengths without padding, step by step: first the first elements of all, longest sequence first, then
 * the second elements of those that have one, and so on. As PyTorch's.
 */
export interface PackedSequence {
  /** [Σ lengths, ..]. */
  readonly data: Tensor;
  /** How many sequences have a step t; never grows. */
  readonly batchSizes: readonly number[];
  /** Which sequence stands at each place of the batch; `null` when they came sorted. */
  readonly sortedIndices: readonly number[] | null;
  /** At which place of the batch each sequence stands: the inverse of `sortedIndices`. */
  readonly unsortedIndices: readonly number[] | null;
}

export interface PackOptions {
  /** Whether x is [N, T, ..] rather than [T, N, ..]. Default false. */
  readonly batchFirst?: boolean;
  /** Demand that lengths do not grow; with `false` they are sorted, and results come back in the order given. Default true. */
  readonly enforceSorted?: boolean;
}

export interface PadOptions {
  /** Whether the result is [N, T, ..] rather than [T, N, ..]. Default false. */
  readonly batchFirst?: boolean;
  /** What stands behind the end of a sequence. Default 0. */
  readonly paddingValue?: number;
}

export interface PadPackedOptions extends PadOptions {
  /** Pad to this length rather than to that of the longest sequence. */
  readonly totalLength?: number;
}

export const isPackedSequence = (x: Tensor | PackedSequence): x is PackedSequence => !isTensor(x) && "batchSizes" in x;

/** Rows of x at the positions of `index`, in another shape: one look-up, whose gradient is a scatter-add. */
const rowsAt = (x: Tensor, index: readonly number[], lead: Shape): Tensor =>
  indexSelect(x, 0, x.makeFrom(Int32Array.from(index), "int32", [index.length])).reshape([...lead, ...x.shape.slice(1)]);

/** x with one more row, of `value`. */
const withPaddingRow = (x: Tensor, value: number): Tensor => {
  const row = x.makeEmpty([1, ...x.shape.slice(1)], x.dtype);
  return cat([x, value === 0 ? row : row.add(value).to(x.dtype)]);
};

const sumOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

function checkLengths(where: string, x: Tensor, lengths: readonly number[], steps: number, count: number): void {
  if (lengths.length !== count) {
    throw new ShapeError(where, `${lengths.length} lengths for ${count} sequences in x of shape ${showShape(x.shape)}`, "Give one length per sequence, and say batchFirst where the batch is dim 0", {
      shape: x.shape,
      lengths,
    });
  }
  const bad = lengths.findIndex((length) => !Number.isInteger(length) || length < 1 || length > steps);
  if (bad !== -1) {
    throw new ValueError(where, `sequence ${bad} has length ${lengths[bad]}, x of shape ${showShape(x.shape)} has ${steps} steps`, `Give lengths from 1 to ${steps}, and leave empty sequences out`, {
      position: bad,
      length: lengths[bad],
      steps,
    });
  }
}

/** Places in order of falling length; `null` when they are sorted already and that is demanded. */
function orderOf(where: string, lengths: readonly number[], enforceSorted: boolean): number[] | null {
  if (!enforceSorted) return lengths.map((_, i) => i).sort((a, b) => lengths[b] - lengths[a]);
  const grows = lengths.findIndex((length, i) => i > 0 && length > lengths[i - 1]);
  if (grows !== -1) {
    throw new ValueError(where, `sequence ${grows} of length ${lengths[grows]} is longer than the one before it, ${lengths[grows - 1]}`, "Sort the sequences, longest first, or pass { enforceSorted: false }", {
      position: grows,
      lengths,
    });
  }
  return null;
}

const inverse = (order: readonly number[]): number[] => order.map((_, i) => order.indexOf(i));

/**
 * Packs padded sequences, so that recurrent layers do no work on padding and stop each sequence at its own end.
 * Shapes: x [T, N, ..] (batchFirst: [N, T, ..]) → data [Σ lengths, ..]; `lengths` in plain numbers.
 * @throws ValueError for lengths of 0, longer than T or unsorted; ShapeError unless there is one per sequence
 */
export function packPaddedSequence(x: Tensor, lengths: ArrayLike<number>, options: PackOptions = {}): PackedSequence {
  const where = "packPaddedSequence";
  checkOptions(where, options, ["batchFirst", "enforceSorted"]);
  const { batchFirst = false, enforceSorted = true } = options;
  if (x.ndim < 2) throw new ShapeError(where, `x has shape ${showShape(x.shape)}`, "Give a batch of sequences, [T, N, ..]", { shape: x.shape });
  const [steps, count] = batchFirst ? [x.shape[1], x.shape[0]] : [x.shape[0], x.shape[1]];
  const own = Array.from(lengths);
  checkLengths(where, x, own, steps, count);
  const sortedIndices = orderOf(where, own, enforceSorted);
  const order = sortedIndices ?? own.map((_, i) => i);
  const batchSizes = Array.from({ length: Math.max(0, ...own) }, (_, t) => own.filter((length) => length > t).length);
  const index = batchSizes.flatMap((size, t) => order.slice(0, size).map((n) => (batchFirst ? n * steps + t : t * count + n)));
  const data = rowsAt(x.reshape([steps * count, ...x.shape.slice(2)]), index, [index.length]);
  return { data, batchSizes, sortedIndices, unsortedIndices: sortedIndices && inverse(sortedIndices) };
}

/** Lengths of the sequences, in the order in which they were given. */
function lengthsOf({ batchSizes, unsortedIndices }: PackedSequence): number[] {
  const sorted = Array.from({ length: batchSizes[0] ?? 0 }, (_, k) => batchSizes.filter((size) => size > k).length);
  return unsortedIndices === null ? sorted : unsortedIndices.map((k) => sorted[k]);
}

/** @throws ShapeError unless the batch sizes fall, are at least 1, and add up to the rows of the data */
export function checkPacked(where: string, { data, batchSizes }: PackedSequence): void {
  const falls = batchSizes.every((size, t) => Number.isInteger(size) && size >= 1 && (t === 0 || size <= batchSizes[t - 1]));
  if (batchSizes.length === 0 || !falls || sumOf(batchSizes) !== data.shape[0]) {
    throw new ShapeError(where, `batch sizes ${showShape(batchSizes)} do not describe packed data of shape ${showShape(data.shape)}`, "They fall, are at least 1 and add up to the rows: make them with packPaddedSequence", {
      batchSizes,
      shape: data.shape,
    });
  }
}

/**
 * The inverse of packing: sequences side by side, padded at the end, with their lengths.
 * Shapes: data [Σ lengths, ..] → output [T, N, ..] (batchFirst: [N, T, ..]).
 * @throws ValueError for a totalLength below the longest sequence; ShapeError for batch sizes that do not fit the data
 */
export function padPackedSequence(packed: PackedSequence, options: PadPackedOptions = {}): { output: Tensor; lengths: number[] } {
  const where = "padPackedSequence";
  checkOptions(where, options, ["batchFirst", "paddingValue", "totalLength"]);
  checkPacked(where, packed);
  const { data, batchSizes, unsortedIndices } = packed;
  const { batchFirst = false, paddingValue = 0, totalLength = batchSizes.length } = options;
  if (!Number.isInteger(totalLength) || totalLength < batchSizes.length) {
    throw new ValueError(where, `totalLength is ${totalLength}, the longest sequence ${batchSizes.length}`, "Give at least the longest length, or leave it out", { totalLength });
  }
  const count = batchSizes[0];
  const starts = batchSizes.map((_, t) => sumOf(batchSizes.slice(0, t)));
  const rowOf = (t: number, n: number): number => {
    const place = unsortedIndices === null ? n : unsortedIndices[n];
    return t < batchSizes.length && place < batchSizes[t] ? starts[t] + place : data.shape[0];
  };
  const [outer, inner] = batchFirst ? [count, totalLength] : [totalLength, count];
  const index = Array.from({ length: outer * inner }, (_, i) => {
    const [a, b] = [Math.floor(i / inner), i % inner];
    return batchFirst ? rowOf(b, a) : rowOf(a, b);
  });
  return { output: rowsAt(withPaddingRow(data, paddingValue), index, [outer, inner]), lengths: lengthsOf(packed) };
}

/**
 * Sequences of different lengths side by side, padded at the end.
 * Shapes: N tensors [Lₙ, ..] → [T, N, ..] (batchFirst: [N, T, ..]), T the greatest Lₙ.
 * @throws ShapeError when other dims differ; ValueError without sequences
 */
export function padSequence(sequences: readonly Tensor[], options: PadOptions = {}): Tensor {
  checkOptions("padSequence", options, ["batchFirst", "paddingValue"]);
  const { batchFirst = false, paddingValue = 0 } = options;
  if (sequences.length === 0) throw new ValueError("padSequence", "got no sequences", "Give at least one");
  const lengths = sequences.map(({ shape }) => shape[0]);
  const starts = lengths.map((_, n) => sumOf(lengths.slice(0, n)));
  const [steps, paddingRow] = [Math.max(...lengths), sumOf(lengths)];
  const index = lengths.flatMap((length, n) => Array.from({ length: steps }, (_, t) => (t < length ? starts[n] + t : paddingRow)));
  const padded = rowsAt(withPaddingRow(cat(sequences), paddingValue), index, [sequences.length, steps]);
  return batchFirst ? padded : padded.transpose(0, 1);
}

/**
 * Packs sequences given one by one. Shapes: N tensors [Lₙ, ..] → data [Σ Lₙ, ..].
 * @throws as `padSequence` and `packPaddedSequence`
 */
export function packSequence(sequences: readonly Tensor[], options: Pick<PackOptions, "enforceSorted"> = {}): PackedSequence {
  checkOptions("packSequence", options, ["enforceSorted"]);
  const lengths = sequences.map(({ shape }) => shape[0]);
  return packPaddedSequence(padSequence(sequences, { batchFirst: true }), lengths, { ...options, batchFirst: true });
}
