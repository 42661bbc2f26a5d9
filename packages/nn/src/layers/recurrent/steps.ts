import { indexSelect } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";

/**
 * One step of a packed batch as a whole. States stand in slots, one more than there are steps, each with a row for every sequence; a
 * sequence that takes no part in a step keeps its state.
 */
export interface Step {
  /** Its first row in packed data. */
  readonly start: number;
  /** How many sequences take part: those in front. */
  readonly count: number;
  /** Slots of the states before and after it. */
  readonly before: number;
  readonly after: number;
}

/** The steps in the order in which a direction takes them. */
export function stepsOf(batchSizes: readonly number[], isReverse: boolean): Step[] {
  let start = 0;
  const steps = batchSizes.map((count, t): Step => {
    const step = { start, count, before: isReverse ? t + 1 : t, after: isReverse ? t : t + 1 };
    start += count;
    return step;
  });
  return isReverse ? steps.reverse() : steps;
}

/** States [.., N, H] in slots from `first` on, one per step, as packed rows [Σ batchSizes, H]. */
export function packedRows(slots: Tensor, batchSizes: readonly number[], first: number): Tensor {
  const [, count, size] = slots.shape;
  if (batchSizes.every((own) => own === count)) return slots.slice(0, first, first + batchSizes.length).reshape([-1, size]);
  const rows = batchSizes.flatMap((own, t) => Array.from({ length: own }, (_, n) => (first + t) * count + n));
  return indexSelect(slots.reshape([-1, size]), 0, slots.makeFrom(Int32Array.from(rows), "int32", [rows.length]));
}
