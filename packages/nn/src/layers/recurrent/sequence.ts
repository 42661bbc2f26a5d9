import { isFloat, record, state } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import type { CellState } from "./recurrences.js";
import { scan } from "./scan.js";
import type { Direction, Ran } from "./scan.js";
import { slicesOf } from "./sequence-cell.js";
import type { SequenceCell } from "./sequence-cell.js";
import { sequenceRule } from "./sequence-gradient.js";
import { packedRows, stepsOf } from "./steps.js";
import { unrecorded } from "./unrecorded.js";

/** Copies a state of n rows to the first n rows of a slot, or from there on. */
function fill(slot: Tensor, from: Tensor, start = 0): void {
  slot.backend.copy(from.slice(0, start), slot.slice(0, start));
}

/**
 * All steps, unrecorded. The hidden states stand in slots [T + 1, N, H]; behind them, the last cell takes one more.
 * @param keeps whether a gradient is wanted
 * @returns the slots, then what the gradient needs: tensors kept step by step [kept, Σ batchSizes, H], and the cells in slots
 */
function compute(cell: SequenceCell, { recurrence, weights, data, batchSizes, initial, isReverse }: Direction, keeps: boolean): Tensor[] {
  const inputs = recurrence.project(data, weights);
  const [length, [count, size]] = [batchSizes.length, initial[0].shape];
  const hiddens = data.makeEmpty([length + cell.parts, count, size], data.dtype);
  const slots = [hiddens, ...initial.slice(1).map(() => data.makeEmpty([length + 1, count, size], data.dtype))];
  const kept = data.makeEmpty([cell.kept, keeps ? data.shape[0] : count, size], data.dtype);
  const keptParts = slicesOf(kept);
  const steps = stepsOf(batchSizes, isReverse);
  slots.forEach((part, k) => { fill(part.select(0, steps[0].before), initial[k]); });
  for (const { start, count: own, before: from, after: to } of steps) {
    const [before, after] = [from, to].map((slot) => slots.map((part) => part.select(0, slot)));
    const first = keeps ? start : 0;
    const taking = (parts: readonly Tensor[]): readonly Tensor[] => (own === count ? parts : parts.map((part) => part.slice(0, 0, own)));
    cell.forward({
      weights, inputs: inputs.slice(0, start, start + own), before: taking(before), after: taking(after), kept: keptParts.map((part) => part.slice(0, first, first + own)),
    });
    if (own < count) after.forEach((part, k) => { fill(part, before[k], own); });
  }
  for (const cells of slots.slice(1)) fill(hiddens.select(0, length + 1), cells.select(0, steps[length - 1].after));
  return keeps ? [hiddens, kept, ...slots.slice(1)] : [hiddens];
}

/** One direction of one layer as a single node of the tape. */
function sequence(cell: SequenceCell, direction: Direction): Ran {
  const { recurrence, weights, data, batchSizes, initial, isReverse } = direction;
  const biases = [weights.inputBias, weights.hiddenBias].filter((bias) => bias !== null);
  const inputs = [data, weights.input, weights.hidden, ...initial, ...biases];
  const keeps = state.gradEnabled && inputs.some((x) => x.requiresGrad);
  const [computed, ...saved] = unrecorded(() => compute(cell, direction, keeps));
  const slots = record(computed, sequenceRule, [...inputs, ...saved], { recurrence, cell, batchSizes, isReverse, numBiases: biases.length });
  for (const x of saved) x.passedOnTo(slots);
  const length = batchSizes.length;
  const last: CellState = [isReverse ? 0 : length, length + 1].slice(0, cell.parts).map((slot) => slots.select(0, slot));
  return { data: packedRows(slots, batchSizes, isReverse ? 0 : 1), last };
}

/** Runs one direction of one layer: as a whole where its cell can, otherwise step by step. */
export function runDirection(direction: Direction): Ran {
  const { recurrence, weights, data, initial } = direction;
  const { input, hidden, inputBias, hiddenBias, projection } = weights;
  // Operands that do not fit are left to the ops, which say so.
  const fit = [input, hidden, inputBias, hiddenBias, ...initial].every((x) => x === null || (x.dtype === data.dtype && x.backend === data.backend));
  return recurrence.sequence !== undefined && projection === null && fit && isFloat(data.dtype) ? sequence(recurrence.sequence, direction) : scan(direction);
}
