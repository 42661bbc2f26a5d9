import type { Backend, DeviceBuffer } from "./backend/contract.js";
import type { DType } from "./dtype.js";
import { state } from "./state.js";

/** The memory behind one tensor and all its views. */
export class Storage {
  /** Whether more than one tensor shows this memory, or did. */
  shared = false;
  /** Made between two layers that keep nothing: nobody but the tape can have seen it, so it ends with that. */
  inner = false;
  /** Gradients in flight that show this memory. */
  private holders = 0;
  /** Made by a gradient rule: it ends with its last holder. */
  private temporary = false;

  constructor(
    readonly backend: Backend,
    readonly buffer: DeviceBuffer,
    readonly dtype: DType,
    /** In elements. */
    readonly size: number,
  ) {
    if (state.made !== null) {
      this.temporary = true;
      state.made.push(this);
    }
  }

  /** Counts holders up or down. What a gradient rule made is given back with the last of them; `Infinity` keeps it for good. */
  hold(change: number): void {
    this.holders += change;
    if (this.holders === 0 && this.temporary) {
      this.temporary = false;
      this.backend.free(this.buffer);
    }
  }
}
