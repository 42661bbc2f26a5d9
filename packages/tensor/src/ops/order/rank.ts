import { checkOptions, checkWhole, ShapeError, ValueError } from "@dl/registry";
import { isFloat, newArray } from "../../dtype.js";
import { defineComposite } from "../../op/define.js";
import { example } from "../../op/example.js";
import type { Example } from "../../op/example.js";
import { normalizeDim, showShape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { isNaN, where } from "../comparison.js";
import { gather, indexSelect } from "../indexing.js";
import type { ReduceOptions } from "../reduction.js";
import { elementsAt, onLines } from "./selection.js";
import type { Selection } from "./selection.js";
import { argsort, refuseBeyond } from "./sort.js";

export interface RankOptions extends ReduceOptions {
  /** Default −1. */
  readonly dim?: number;
}

/** The single chosen element of each line, without its dim unless that is kept. */
function one(x: Tensor, dim: number, indices: Tensor, keepDim = false): Selection {
  const chosen = elementsAt(x, dim, indices);
  return keepDim ? chosen : { values: chosen.values.squeeze(dim), indices: chosen.indices.squeeze(dim) };
}

function refuseEmptyLines(where: string, x: Tensor, dim: number): void {
  if (x.ndim > 0 && x.shape[dim] === 0) {
    throw new ShapeError(where, `dim ${dim} of shape ${showShape(x.shape)} has no elements`, "Use a dim that has some", { dim, shape: x.shape });
  }
}

/**
 * The k-th smallest element of each line along `dim`, counted from 1, and its position. NaN counts as the largest value.
 * Shapes: [.., L, ..] → [.., ..], or [.., 1, ..] with keepDim.
 * @throws ShapeError when a line has fewer than k elements
 */
export function kthvalue(x: Tensor, k: number, options?: RankOptions): Selection {
  checkOptions("kthvalue", options, ["dim", "keepDim"]);
  const dim = normalizeDim("kthvalue", options?.dim ?? -1, x.ndim);
  checkWhole("kthvalue", "k", k, 1);
  refuseBeyond("kthvalue", x, dim, k);
  return onLines(x, (lines) => one(lines, dim, argsort(lines, { dim }).slice(dim, k - 1, k), options?.keepDim));
}

function medianOfLines(x: Tensor, dim: number, keepDim?: boolean): Selection {
  refuseEmptyLines("median", x, dim);
  const length = x.shape[dim];
  const order = argsort(x.detach(), { dim });
  // NaN stands at the end of the order; the first one makes the line's median NaN.
  const missing = isNaN(x.detach()).sum(dim, { keepDim: true });
  const rank = where(missing.gt(0), missing.neg().add(length), (length - 1) >> 1);
  return one(x, dim, gather(order, dim, rank), keepDim);
}

/** The median of all elements: the lower one of an even number, as in PyTorch. NaN where one element is. @throws ShapeError on no elements */
export function median(x: Tensor): Tensor;
/**
 * The median of each line along `dim`, the lower one of an even number, and its position. NaN where one element of the line is.
 * @throws ShapeError on no elements
 */
export function median(x: Tensor, dim: number, options?: ReduceOptions): Selection;
export function median(x: Tensor, dim?: number, options?: ReduceOptions): Tensor | Selection {
  checkOptions("median", options, ["keepDim"]);
  if (dim === undefined) return medianOfLines(x.flatten(), 0).values;
  const d = normalizeDim("median", dim, x.ndim);
  return onLines(x, (lines) => medianOfLines(lines, d, options?.keepDim));
}

export type QuantileInterpolation = "linear" | "lower" | "higher" | "midpoint" | "nearest";

export interface QuantileOptions extends ReduceOptions {
  /** By default over all elements. */
  readonly dim?: number;
  /** What lies between two elements: their mixture (linear, default), either one, the middle, or the nearer one. */
  readonly interpolation?: QuantileInterpolation;
}

/** How much of the upper neighbour a position takes, given its fraction; `even` tells whether the lower neighbour's rank is even. */
const upperShares: Readonly<Record<QuantileInterpolation, (fraction: number, even: boolean) => number>> = {
  linear: (fraction) => fraction,
  lower: () => 0,
  higher: (fraction) => (fraction > 0 ? 1 : 0),
  midpoint: (fraction) => (fraction > 0 ? 0.5 : 0),
  nearest: (fraction, even) => (fraction > 0.5 || (fraction === 0.5 && !even) ? 1 : 0),
};

/** @throws ValueError unless all quantiles lie in [0, 1] and the interpolation is one of ours */
function checkQuantile(quantiles: readonly number[], interpolation: string): asserts interpolation is QuantileInterpolation {
  const bad = quantiles.find((q) => !(q >= 0 && q <= 1));
  if (bad !== undefined) throw new ValueError("quantile", `q is ${bad}`, "Use numbers from 0 to 1", { q: bad });
  if (!Object.hasOwn(upperShares, interpolation)) {
    throw new ValueError("quantile", `unknown interpolation "${interpolation}"`, `Use ${Object.keys(upperShares).join(", ")}`, { interpolation });
  }
}

/** Quantiles of each line along dim 0: [L, ..] → [Q, ..]. */
function quantilesOfLines(lines: Tensor, quantiles: readonly number[], interpolation: QuantileInterpolation): Tensor {
  const length = lines.shape[0];
  const positions = quantiles.map((q) => q * (length - 1));
  const lower = Int32Array.from(positions, Math.floor);
  const shares = positions.map((position, i) => upperShares[interpolation](position - lower[i], lower[i] % 2 === 0));
  const order = argsort(lines.detach(), { dim: 0 });
  const at = (ranks: Int32Array): Tensor => gather(lines, 0, indexSelect(order, 0, lines.makeFrom(ranks, "int32", [ranks.length])));
  const low = at(lower);
  const high = at(lower.map((rank) => Math.min(rank + 1, length - 1)));
  const weights = newArray(lines.dtype, shares.length);
  weights.set(shares);
  const share = lines.makeFrom(weights, lines.dtype, [shares.length, ...lines.shape.slice(1).map(() => 1)]);
  const mixed = where(share.eq(0), low, where(share.eq(1), high, low.add(share.mul(high.sub(low)))));
  return where(isNaN(lines.detach()).sum(0).gt(0), NaN, mixed);
}

/**
 * The values below which a fraction q of each line along `dim` lies, by its order. A list of quantiles adds a leading dim.
 * Shapes: [.., L, ..] → [.., ..] for a number, [Q, .., ..] for a list. NaN where an element of the line is. Integers are taken as float32.
 * Defaults: over all elements, linear interpolation.
 * @throws ValueError when q leaves [0, 1], ShapeError on no elements
 */
export const quantile = /* @__PURE__ */ defineComposite("quantile", (x: Tensor, q: number | readonly number[], options?: QuantileOptions): Tensor => {
  checkOptions("quantile", options, ["dim", "keepDim", "interpolation"]);
  const { keepDim = false, interpolation = "linear" } = options ?? {};
  const quantiles = typeof q === "number" ? [q] : q;
  checkQuantile(quantiles, interpolation);
  const whole = options?.dim === undefined || x.ndim === 0;
  const dim = whole ? 0 : normalizeDim("quantile", options.dim, x.ndim);
  const source = whole ? x.flatten() : x;
  refuseEmptyLines("quantile", source, dim);
  const floats = isFloat(source.dtype) ? source : source.to("float32");
  const front = floats.permute([dim, ...floats.shape.map((_, d) => d).filter((d) => d !== dim)]);
  const found = quantilesOfLines(front, quantiles, interpolation);
  const reduced = whole ? x.shape.map(() => 1) : x.shape.with(dim, 1);
  const kept = keepDim ? found.reshape([quantiles.length, ...reduced]) : found;
  return typeof q === "number" ? kept.select(0, 0) : kept;
});

const scores = [[4, 1, 3, 2], [7, 9, 8, 8]];

export const examples = (): Example[] => [
  example(gather, { inputs: [scores], call: ([x]) => kthvalue(x, 2).values, expect: [2, 8], gradient: false }),
  example(gather, { inputs: [scores], call: ([x]) => kthvalue(x, 2, { dim: 0, keepDim: true }).indices, expect: [[1, 1, 1, 1]] }),
  example(gather, { shapes: [[2, 3]], call: ([x]) => kthvalue(x, 2).values }),
  example(gather, { shapes: [[2, 3]], call: ([x]) => kthvalue(x, 4).values, throws: "k is 4, but dim 1 of shape [2, 3] has 3 elements" }),
  example(gather, { inputs: [scores], call: ([x]) => median(x, 1).values, expect: [2, 8], gradient: false }),
  example(gather, { inputs: [scores], call: ([x]) => median(x, 1).indices, expect: [3, 2] }),
  example(gather, { inputs: [scores], call: ([x]) => median(x), expect: 4 }),
  example(gather, { inputs: [[[1, NaN, 2, NaN], [1, 2, 3, 4]]], call: ([x]) => median(x, -1, { keepDim: true }).indices, expect: [[1], [1]] }),
  example(gather, { inputs: [3], call: ([x]) => median(x, 0).values, expect: 3 }),
  example(gather, { shapes: [[3, 4]], call: ([x]) => median(x, 0).values }),
  example(gather, { shapes: [[2, 0]], call: ([x]) => median(x, 1).values, throws: "dim 1 of shape [2, 0] has no elements" }),
  example(quantile, { inputs: [[1, 2, 3, 4]], call: ([x]) => quantile(x, [0.25, 0.5, 1]), expect: [1.75, 2.5, 4] }),
  example(quantile, { inputs: [[1, 2, 3, 4]], call: ([x]) => quantile(x, [0.25, 0.5, 1], { interpolation: "nearest" }), expect: [2, 3, 4] }),
  example(quantile, { inputs: [[1, 2, 3, 4]], call: ([x]) => quantile(x, [0.5, 0], { interpolation: "midpoint" }), expect: [2.5, 1] }),
  example(quantile, { inputs: [[1, 2, 3, 4]], call: ([x]) => quantile(x, 0.4, { interpolation: "lower" }), expect: 2 }),
  example(quantile, { inputs: [[1, 2, 3, 4]], call: ([x]) => quantile(x, 0.4, { interpolation: "higher" }), expect: 3 }),
  example(quantile, { inputs: [[[1, NaN], [2, 3]]], call: ([x]) => quantile(x, 0.5, { dim: 1 }), expect: [NaN, 2.5], gradient: false }),
  example(quantile, { inputs: [[[Infinity, 1], [2, 3]]], call: ([x]) => quantile(x, 1, { dim: 1, keepDim: true }), expect: [[Infinity], [3]], gradient: false }),
  example(quantile, { shapes: [[3, 4]], call: ([x]) => quantile(x, [0.3, 0.8], { dim: 1 }) }),
  example(quantile, { shapes: [[2, 3]], call: ([x]) => quantile(x, 0.35, { dim: 0, keepDim: true }) }),
  example(quantile, { shapes: [[3]], call: ([x]) => quantile(x, 1.5), throws: "q is 1.5" }),
];
