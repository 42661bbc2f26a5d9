import { Linear, Module, init, parameter } from "@dl/nn";
import type { Parameter } from "@dl/nn";
import { ShapeError } from "@dl/registry";
import { softmax, where as choose, zeros } from "@dl/tensor";
import type { Generator, Tensor } from "@dl/tensor";
import { rowsOf } from "../../language-models/cache/growing.js";
import type { Memory } from "../memory.js";

export const attentionKinds = ["luong", "dot", "bahdanau"] as const;

/** How a state is compared with a place of the memory. */
export type MemoryAttentionKind = (typeof attentionKinds)[number];

/** A memory as an attention looks at it: computed once for all steps. */
export interface Attended {
  /** What states are compared with, [N, S, hidden]. */
  readonly keys: Tensor;
  /** [N, S, memoryDim]. */
  readonly values: Tensor;
  readonly padding: Tensor | null;
}

export const rowsOfAttended = ({ keys, values, padding }: Attended, rows: readonly number[]): Attended => ({
  keys: rowsOf(keys, rows),
  values: rowsOf(values, rows),
  padding: padding === null ? null : rowsOf(padding, rows),
});

/**
 * Compares states h with places m of a memory: "luong" h·W·m, "dot" h·m, "bahdanau" v·tanh(W·h + U·m).
 * Shapes: states [N, T, hidden], memory [N, S, memoryDim] → weights [N, T, S], whose rows add up to 1; padding has 0.
 * (Luong et al., 2015; Bahdanau et al., 2015)
 * @throws ShapeError for "dot" with sizes that differ
 */
export class MemoryAttention extends Module {
  static readonly keepsNothing = true;
  /** W, or U of "bahdanau"; `null` for "dot". */
  readonly keyProjection: Linear | null;
  /** W and v of "bahdanau". */
  readonly queryProjection: Linear | null;
  readonly v: Parameter | null;

  constructor(kind: MemoryAttentionKind, hidden: number, memoryDim: number, random: { readonly generator?: Generator }) {
    super();
    if (kind === "dot" && hidden !== memoryDim) {
      throw new ShapeError(
        "MemoryAttention",
        `"dot" multiplies states of ${hidden} numbers with places of ${memoryDim}`,
        'Use one size, or "luong"',
        { hidden, memoryDim },
      );
    }
    const isAdditive = kind === "bahdanau";
    this.keyProjection = kind === "dot" ? null : new Linear(memoryDim, hidden, { bias: isAdditive, ...random });
    this.queryProjection = isAdditive ? new Linear(hidden, hidden, { bias: false, ...random }) : null;
    this.v = isAdditive ? init.normal(parameter(zeros([hidden])), 0, 1 / Math.sqrt(hidden), random) : null;
  }

  /** The part that no state changes. */
  attended({ values, padding }: Memory): Attended {
    return { keys: this.keyProjection === null ? values : this.keyProjection.forward(values), values, padding: padding ?? null };
  }

  forward(states: Tensor, { keys, padding }: Attended): Tensor {
    const scores = this.scores(states, keys);
    return softmax(padding === null ? scores : choose(padding.unsqueeze(1), -Infinity, scores), 2);
  }

  private scores(states: Tensor, keys: Tensor): Tensor {
    if (this.queryProjection === null || this.v === null) return states.matmul(keys.transpose(1, 2));
    const sums = this.queryProjection.forward(states).unsqueeze(2).add(keys.unsqueeze(1));
    return sums.tanh().matmul(this.v);
  }
}
