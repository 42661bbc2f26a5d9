import { passOn } from "@dl/nn";
import type { Module } from "@dl/nn";
import { state } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";

/**
 * `passOn` for what whole blocks made, while a tape would keep it. Without one, looking for hooks in all that is in a block would take a third
 * of the time of a generated token, for memory of a few numbers.
 */
export function passOnRecorded(between: Tensor, next: Tensor, ...modules: readonly Module[]): void {
  if (state.gradEnabled) passOn(between, next, ...modules);
}
