import { ShapeError, checkWhole } from "@dl/registry";
import type { Tensor } from "../../tensor.js";
import { defineComposite } from "../../op/define.js";
import { showShape } from "../../shape.js";
import { gather } from "../indexing.js";
import { argsort, sort } from "../order/sort.js";

/**
 * The k largest elements of each line, in the order in which they stand; of equal ones the first. A maximum over time that keeps the
 * rhythm of a sentence. Shapes: [.., L] → [.., k]. (Kalchbrenner et al., 2014)
 *
 * @example kMaxPool1d(tensor([3, 71, 9, 2, 1, 19, 27, 13, 6, 49]), 4) // [71, 19, 27, 49]
 * @throws ShapeError when a line has fewer than k elements
 */
export const kMaxPool1d = /* @__PURE__ */ defineComposite("kMaxPool1d", (x: Tensor, k: number): Tensor => {
  checkWhole("kMaxPool1d", "k", k, 1);
  const length = x.shape.at(-1) ?? 0;
  if (k > length) throw new ShapeError("kMaxPool1d", `x of shape ${showShape(x.shape)} has fewer than ${k} elements in its last dim`, `Use a k of at most ${length}, or pad first`, { k, shape: x.shape });
  const largest = argsort(x.detach(), { descending: true }).slice(-1, 0, k);
  return gather(x, x.ndim - 1, sort(largest).values);
});

export interface DynamicKOptions {
  /** Which convolution the pool follows, from 1. */
  readonly layer: number;
  /** Convolutions in all. */
  readonly layers: number;
  /** k of the last pool. */
  readonly top: number;
}

/** k for a pool in the middle of a network: max(top, ⌈(layers − layer)/layers·length⌉), so that sentences shrink evenly. (Kalchbrenner et al., 2014) */
export function dynamicK(length: number, { layer, layers, top }: DynamicKOptions): number {
  return Math.max(top, Math.ceil(((layers - layer) / layers) * length));
}
