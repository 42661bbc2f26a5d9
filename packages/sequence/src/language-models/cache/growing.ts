import { ShapeError } from "@dl/registry";
import { indexSelect, showShape } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";

const firstRoom = 16;

/** Rows of x along the batch, in this order. */
export const rowsOf = (x: Tensor, rows: readonly number[]): Tensor => indexSelect(x, 0, x.makeFrom(Int32Array.from(rows), "int32", [rows.length]));

/** Keys or values of one layer, [N, heads, length, E], in memory that doubles when it is full: a step costs its own size, not that of all before it. */
export class Growing {
  /** [N, heads, room, E]; what lies behind `#length` is not written yet. */
  #memory: Tensor | null = null;
  #length = 0;

  /** Adds steps [N, heads, T, E]; gives all there are, as a view. What was given before stays as it was: places are written once. */
  append(x: Tensor): Tensor {
    const end = this.#length + x.shape[2];
    const memory = this.#roomFor(x, end);
    x.backend.copy(x, memory.slice(2, this.#length, end));
    this.#length = end;
    return memory.slice(2, 0, end);
  }

  selectRows(rows: readonly number[]): void {
    if (this.#memory !== null) this.#memory = rowsOf(this.#memory, rows);
  }

  #roomFor(x: Tensor, end: number): Tensor {
    const old = this.#memory;
    if (old !== null && old.shape[0] !== x.shape[0]) {
      throw new ShapeError(
        "KeyValueCache", `the cache holds ${old.shape[0]} rows, x of shape ${showShape(x.shape)} has ${x.shape[0]}`,
        "Start a cache for each batch",
        { shape: x.shape },
      );
    }
    if (old !== null && end <= old.shape[2]) return old;
    const room = Math.max(end, 2 * (old?.shape[2] ?? firstRoom / 2));
    const memory = x.makeEmpty(x.shape.with(2, room), x.dtype);
    if (old !== null) x.backend.copy(old.slice(2, 0, this.#length), memory.slice(2, 0, this.#length));
    this.#memory = memory;
    return memory;
  }
}
