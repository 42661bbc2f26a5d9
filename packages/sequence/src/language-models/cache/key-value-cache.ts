import { cat } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import type { LanguageModelCache } from "../language-model.js";
import { Growing, rowsOf } from "./growing.js";

/** Keys and values of one layer. */
export interface LayerMemory {
  readonly keys: Growing;
  readonly values: Growing;
}

/** Keys and values of all layers of a transformer, for the tokens that it has read. */
export class KeyValueCache implements LanguageModelCache {
  readonly layers: readonly LayerMemory[];
  #length = 0;
  #padding: Tensor | null = null;

  constructor(numLayers: number) {
    this.layers = Array.from({ length: numLayers }, () => ({ keys: new Growing(), values: new Growing() }));
  }

  get length(): number {
    return this.#length;
  }

  /** Where there is padding among the positions read before and `steps` new ones, bool [N, length + steps]; null where there is none. */
  paddingWith(ids: Tensor, mask: Tensor | null): Tensor | null {
    if (mask === null && this.#padding === null) return null;
    const none = (length: number): Tensor => ids.makeEmpty([ids.shape[0], length], "bool");
    const before = this.#padding ?? none(this.#length);
    const own = mask ?? none(ids.shape[1]);
    return before.shape[1] === 0 ? own : cat([before, own], 1);
  }

  /** Notes that the layers have read `steps` more positions. */
  advance(steps: number, padding: Tensor | null): void {
    this.#length += steps;
    this.#padding = padding;
  }

  selectRows(rows: readonly number[]): void {
    for (const { keys, values } of this.layers) {
      keys.selectRows(rows);
      values.selectRows(rows);
    }
    if (this.#padding !== null) this.#padding = rowsOf(this.#padding, rows);
  }
}
