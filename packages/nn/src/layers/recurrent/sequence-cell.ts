import type { Tensor } from "@dl/tensor";
import type { CellWeights } from "./recurrences.js";

/** What stands around one step, for the n sequences that take part in it. */
interface StepRows {
  readonly weights: CellWeights;
  /** The state's parts before and after the step, [n, H] each. */
  readonly before: readonly Tensor[];
  readonly after: readonly Tensor[];
  /** What the gradient needs beside them, [n, H] each. */
  readonly kept: readonly Tensor[];
}

/** A step forward: writes `after` and `kept`. */
export interface ForwardStep extends StepRows {
  /** The step's rows of the projected inputs, [n, gates·H]. */
  readonly inputs: Tensor;
}

/** A step back: writes `toInputs`, `toProducts` and `toBefore`, fresh and zero. */
export interface BackwardStep extends StepRows {
  /** Gradients of the state's parts after the step. */
  readonly toAfter: readonly Tensor[];
  /** What else flows to the hidden state before the step. */
  readonly given: Tensor;
  /** Gradient of the projected inputs, [n, gates·H]. */
  readonly toInputs: Tensor;
  /** Gradient of the products with the hidden state, likewise; `toInputs` itself where the two are only added. */
  readonly toProducts: Tensor;
  readonly toBefore: readonly Tensor[];
}

/** What a kind of cell does at each step where a sequence is computed as a whole, and the gradient of that. Nothing is recorded. */
export interface SequenceCell {
  readonly gates: number;
  /** Parts of the state: 2 with a cell beside the hidden state. */
  readonly parts: 1 | 2;
  /** How many tensors a step keeps for its gradient. */
  readonly kept: number;
  /** Whether products with the hidden state have a gradient of their own. */
  readonly hasProducts: boolean;
  /** Floating-point operations per hidden unit and step, beside products. */
  readonly flops: number;
  forward(step: ForwardStep): void;
  backward(step: BackwardStep): void;
  /** The gradient of the recurrent weights from all rows at once, where it is not that of one product with the states before. */
  toHiddenWeights?(toProducts: Tensor, before: Tensor, kept: readonly Tensor[]): Tensor;
}

/** a·b + offset, in fresh memory. */
export function product(a: Tensor, b: Tensor, offset?: Tensor): Tensor {
  const out = a.makeEmpty([a.shape[0], b.shape[1]], a.dtype);
  a.backend.matmul(a, b, out, offset);
  return out;
}

/** Fresh memory for `count` tensors like x, [N, H] each, one behind the other. */
export const severalLike = (x: Tensor, count: number): Tensor => x.makeEmpty([count, ...x.shape], x.dtype);

/** The slices [N, H] of a tensor [count, N, H]. */
export const slicesOf = (x: Tensor): Tensor[] => Array.from({ length: x.shape[0] }, (_, k) => x.select(0, k));

/** Copies gates [count, N, H] to where they stand side by side, [N, count·H]. */
export function layOut(gates: Tensor, target: Tensor): void {
  const sideBySide = gates.permute([1, 0, 2]);
  target.backend.copy(sideBySide, target.reshape(sideBySide.shape));
}
