import type { Tensor } from "../../tensor.js";
import { gatherChecked } from "../indexing.js";

/** Chosen elements of a tensor, and where along a dim they stood. */
export interface Selection {
  /** Differentiable: each value's gradient flows to the element it was. */
  readonly values: Tensor;
  /** int32. */
  readonly indices: Tensor;
}

/** The elements of x at `indices` along `dim`, which are known to be right. A 0-d tensor is a line of one. */
export const elementsAt = (x: Tensor, dim: number, indices: Tensor): Selection => ({ values: x.ndim === 0 ? x : gatherChecked(x, dim, indices), indices });

/** `select` for tensors with dims; a 0-d one is shown to it as a line of one. */
export function onLines(x: Tensor, select: (lines: Tensor) => Selection): Selection {
  if (x.ndim > 0) return select(x);
  const { values, indices } = select(x.reshape([1]));
  return { values: values.reshape([]), indices: indices.reshape([]) };
}
