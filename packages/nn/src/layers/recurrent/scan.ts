import { cat } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import type { CellState, CellWeights, Recurrence } from "./recurrences.js";

/**
 * Pieces of `sizes[i]` rows. Cut by halving: the gradient of a slice is as large as what it was cut from, so that the gradients
 * of T slices of one tensor would cost T² rows, and these T·log T.
 */
export function splitRows(x: Tensor, sizes: readonly number[]): Tensor[] {
  if (sizes.length <= 1) return [x];
  const half = sizes.length >> 1;
  const rows = sizes.slice(0, half).reduce((a, b) => a + b, 0);
  return [...splitRows(x.slice(0, 0, rows), sizes.slice(0, half)), ...splitRows(x.slice(0, rows), sizes.slice(half))];
}

/** One direction of one layer on a batch. */
export interface Direction {
  readonly recurrence: Recurrence;
  readonly weights: CellWeights;
  /** Packed inputs, [Σ batchSizes, I]. */
  readonly data: Tensor;
  readonly batchSizes: readonly number[];
  /** State before the first step, for the whole batch. */
  readonly initial: CellState;
  /** Go from the last step of each sequence to its first. */
  readonly isReverse: boolean;
}

export interface Ran {
  /** Hidden states of all steps, packed as the inputs. */
  readonly data: Tensor;
  /** Each sequence's last state. */
  readonly last: CellState;
}

/** Runs one direction of one layer step by step, each of them recorded. */
export function scan({ recurrence, weights, data, batchSizes, initial, isReverse }: Direction): Ran {
  const projected = splitRows(recurrence.project(data, weights), batchSizes);
  const outputs: Tensor[] = [];
  // The shorter sequences of a sorted batch: they end early when going forward, and join late when going back.
  const ended: CellState[] = [];
  let state = initial;
  const order = batchSizes.map((_, t) => (isReverse ? batchSizes.length - 1 - t : t));
  for (const [i, t] of order.entries()) {
    const [rows, size] = [state[0].shape[0], batchSizes[t]];
    if (size < rows) {
      if (i > 0) ended.unshift(state.map((part) => part.slice(0, size)));
      state = state.map((part) => part.slice(0, 0, size));
    } else if (size > rows) {
      state = state.map((part, k) => cat([part, initial[k].slice(0, rows, size)]));
    }
    state = recurrence.step(projected[t], state, weights);
    outputs[t] = state[0];
  }
  const last = ended.length === 0 ? state : state.map((part, k) => cat([part, ...ended.map((states) => states[k])]));
  return { data: outputs.length === 1 ? outputs[0] : cat(outputs), last };
}
