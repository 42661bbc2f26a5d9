import type { DType } from "@dl/tensor";
import type { Block } from "./allocator.js";
import type { Recipe } from "./recipe.js";

/** Where the memory of one tensor is: in the heap, or moved out of it to an ordinary array. */
export class Cell {
  /** Its place in the heap; null while moved out, or freed. */
  block: Block | null = null;
  /** The bytes while moved out. */
  moved: Uint8Array | null = null;
  freed = false;
  /** Promised to be zero, but not filled yet: a kernel that writes all of it saves the filling. */
  awaitsZeros = true;
  /** Number of the kernel call that uses it: it must stay where it is until that returns. */
  pinnedBy = 0;
  /** The formula that its content comes from, while that was not computed; then it has no block. */
  recipe: Recipe | null = null;
  /** How many formulas that were not computed read it. */
  readers = 0;
  /** Given back by its owner, but still read by such formulas. */
  dying = false;
  /** Neighbours in order of last use. */
  older: Cell | null = null;
  newer: Cell | null = null;

  constructor(readonly bytes: number) {}
}

/**
 * What a tensor holds. The heap knows cells only, never this: once no tensor holds it, the garbage collector may say so.
 */
export class WasmBuffer {
  /** Never touched: the collector counts its size, and so learns that there is something to collect. */
  ballast: ArrayBuffer | null = null;

  constructor(
    /** Replaced when it is written while formulas still want what was there. */
    public cell: Cell,
    readonly dtype: DType,
    readonly size: number,
  ) {}
}
