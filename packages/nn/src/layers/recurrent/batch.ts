import { ShapeError } from "@dl/registry";
import { indexSelect, showShape } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { checkPacked, isPackedSequence } from "./packing.js";
import type { PackedSequence } from "./packing.js";

/** Sequences as the cells run them, packed, and the way back to what came in. */
export interface Batch {
  /** [Σ batchSizes, I]. */
  readonly data: Tensor;
  readonly batchSizes: readonly number[];
  /** False for a single sequence [T, I]: then states have no batch dim either. */
  readonly isBatched: boolean;
  /** Hidden states [Σ batchSizes, R], in the form of the input. */
  restore(data: Tensor): Tensor | PackedSequence;
  /** States [S, N, R] of the caller's order, as the cells need them. */
  arrangeState(state: Tensor): Tensor;
  /** The inverse of that. */
  restoreState(state: Tensor): Tensor;
}

function reorder(state: Tensor, order: readonly number[] | null): Tensor {
  if (order === null) return state;
  return indexSelect(state, 1, state.makeFrom(Int32Array.from(order), "int32", [order.length]));
}

function packedBatch(where: string, packed: PackedSequence, inputSize: number): Batch {
  checkPacked(where, packed);
  const { data, batchSizes, sortedIndices, unsortedIndices } = packed;
  if (data.ndim !== 2 || data.shape[1] !== inputSize) {
    throw new ShapeError(where, `expected packed data of shape [.., ${inputSize}], got ${showShape(data.shape)}`, `Give ${inputSize} features per step, or make the layer with inputSize ${data.shape.at(-1) ?? 1}`, {
      shape: data.shape,
      inputSize,
    });
  }
  return {
    data,
    batchSizes,
    isBatched: true,
    restore: (own) => ({ ...packed, data: own }),
    arrangeState: (state) => reorder(state, sortedIndices),
    restoreState: (state) => reorder(state, unsortedIndices),
  };
}

function paddedBatch(where: string, x: Tensor, inputSize: number, batchFirst: boolean): Batch {
  const wanted = batchFirst ? `[N, T, ${inputSize}]` : `[T, N, ${inputSize}]`;
  if ((x.ndim !== 2 && x.ndim !== 3) || x.shape[x.ndim - 1] !== inputSize || x.size === 0) {
    const fix = x.ndim === 2 || x.ndim === 3 ? `Give ${inputSize} features per step, at least one step, or make the layer with inputSize ${x.shape[x.ndim - 1]}` : "Give one feature vector per step";
    throw new ShapeError(where, `expected x of shape ${wanted} or [T, ${inputSize}], got ${showShape(x.shape)}`, fix, { shape: x.shape, inputSize });
  }
  const isBatched = x.ndim === 3;
  const byTime = !isBatched ? x.unsqueeze(1) : batchFirst ? x.transpose(0, 1) : x;
  const [steps, count] = byTime.shape;
  return {
    data: byTime.reshape([steps * count, inputSize]),
    batchSizes: new Array<number>(steps).fill(count),
    isBatched,
    restore: (own) => {
      const output = own.reshape([steps, count, own.shape[1]]);
      return !isBatched ? output.squeeze(1) : batchFirst ? output.transpose(0, 1) : output;
    },
    arrangeState: (state) => (isBatched ? state : state.unsqueeze(1)),
    restoreState: (state) => (isBatched ? state : state.squeeze(1)),
  };
}

/** @throws ShapeError unless x is [T, N, I], [T, I] (batchFirst: [N, T, I]) or packed sequences with I features */
export const batchOf = (where: string, x: Tensor | PackedSequence, inputSize: number, batchFirst: boolean): Batch =>
  isPackedSequence(x) ? packedBatch(where, x, inputSize) : paddedBatch(where, x, inputSize, batchFirst);
