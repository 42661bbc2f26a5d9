import type { Tensor } from "@dl/tensor";
import { rowsOf } from "../cache/growing.js";
import type { LanguageModelCache } from "../language-model.js";

/** [hidden], or [hidden, cell] of an LSTM: each [layers, N, hiddenSize]. */
export type RecurrentState = readonly Tensor[];

/** The state behind what a recurrent model has read: all that it needs to go on. */
export class RecurrentCache implements LanguageModelCache {
  #state: RecurrentState | null = null;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** `null` before anything was read. */
  get state(): RecurrentState | null {
    return this.#state;
  }

  /** Notes the state behind `steps` more ids. */
  advance(steps: number, state: RecurrentState): void {
    this.#length += steps;
    this.#state = state;
  }

  selectRows(rows: readonly number[]): void {
    this.#state = this.#state?.map((part) => rowsOf(part.transpose(0, 1), rows).transpose(0, 1)) ?? null;
  }
}
