import type { Program, View } from "@dl/tensor";

/** A formula that waits, and what it reads. */
export interface Recipe {
  readonly program: Program;
  /** Through handles of its own: for everyone else these may be garbage. */
  readonly inputs: readonly View[];
  readonly scalars: readonly number[];
  /** Where its value belongs: a whole, contiguous buffer. */
  readonly out: View;
}
