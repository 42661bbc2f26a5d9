import { checkOptions, checkWhole, DTypeError, ShapeError, ValueError } from "@dl/registry";
import { isFloat, newArray } from "../../dtype.js";
import { elementwise } from "../../op/elementwise.js";
import { select } from "../../expr/expr.js";
import { sameShape, showShape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { where } from "../comparison.js";
import { searchsorted } from "../order/search.js";
import { addSlices } from "./index-add.js";

export interface BincountOptions {
  /** What each element counts for; by default 1. Differentiable. */
  readonly weights?: Tensor;
  /** The least number of bins. Default 0. */
  readonly minLength?: number;
}

/**
 * How often each whole number 0, 1, 2, … occurs, or the sum of its weights. Asynchronous, since the number of bins, max(x) + 1, depends
 * on values. Shapes: [N] → [bins], int32 or the weights' dtype.
 * @throws ValueError on a negative number, DTypeError unless x is int32 or uint8, ShapeError unless x is 1-d and has the weights' shape
 */
export async function bincount(x: Tensor, options?: BincountOptions): Promise<Tensor> {
  checkOptions("bincount", options, ["weights", "minLength"]);
  const { weights, minLength = 0 } = options ?? {};
  checkWhole("bincount", "minLength", minLength);
  if (x.dtype !== "int32" && x.dtype !== "uint8") throw new DTypeError("bincount", `x is ${x.dtype}`, 'Convert it: x.to("int32")', { dtype: x.dtype });
  if (x.ndim !== 1 || (weights && !sameShape(weights.shape, x.shape))) {
    throw new ShapeError("bincount", `x has shape ${showShape(x.shape)}${weights ? `, the weights ${showShape(weights.shape)}` : ""}`, "Give a 1-d tensor, and one weight per element", {
      shape: x.shape,
    });
  }
  const values = await x.data();
  let bins = minLength;
  for (let i = 0; i < values.length; i++) {
    if (values[i] < 0) throw new ValueError("bincount", `element ${values[i]} at position ${i} is negative`, "Count whole numbers of 0 or more", { position: i });
    bins = Math.max(bins, values[i] + 1);
  }
  const counted = weights ?? x.makeEmpty(x.shape, "int32").add(1);
  return addSlices(x.makeEmpty([bins], counted.dtype), 0, x, counted);
}

export interface HistogramOptions {
  /** Lowest and highest value that count; by default x's own. Elements outside of it, and NaN, are left out. */
  readonly range?: readonly [low: number, high: number];
  /** What each element counts for; by default 1. */
  readonly weight?: Tensor;
  /** Divide by the total and by the bins' widths, so that the integral is 1. Default false. */
  readonly density?: boolean;
}

export interface Histogram {
  /** In x's dtype (float32 for integers): [bins]. */
  readonly counts: Tensor;
  /** The borders of the bins: [bins + 1]. */
  readonly edges: Tensor;
}

/** The bin of an element between `low` and `high`; the highest value belongs to the last bin, strangers (NaN too) to bin `bins`. */
const binOf = /* @__PURE__ */ elementwise("binOf", (x, low, high, bins) => {
  const place = x.sub(low).div(high.sub(low)).mul(bins).floor().min(bins.sub(1));
  return select(x.ge(low).and(x.le(high)), place, bins).cast("int32");
});

const floats = (x: Tensor): Tensor => (isFloat(x.dtype) ? x : x.to("float32"));

/** Equal bounds are moved apart by 1/2 on both sides, as in PyTorch. */
const widened = /* @__PURE__ */ elementwise("widened", (own, other, shift) => select(own.eq(other), own.add(shift), own));

/** Lowest and highest value that count, as tensors with one element. */
function bounds(x: Tensor, range: readonly [number, number] | undefined): readonly [low: Tensor, high: Tensor] {
  const given = (value: number): Tensor => x.makeEmpty([], x.dtype).add(value);
  const [low, high] = range ? range.map(given) : x.size === 0 ? [given(0), given(1)] : [x.min(), x.max()];
  return [widened(low, high, -0.5), widened(high, low, 0.5)];
}

/** Weights added up by bin; bin number `bins` takes those that count nowhere. */
function tally(bin: Tensor, bins: number, weight: Tensor | undefined, like: Tensor): Tensor {
  const weights = weight === undefined ? like.makeEmpty([bin.size], like.dtype).add(1) : weight.detach().to(like.dtype).reshape([bin.size]);
  return addSlices(like.makeEmpty([bins + 1], like.dtype), 0, bin.reshape([bin.size]), weights).slice(0, 0, bins);
}

function withEdges(x: Tensor, edges: readonly number[]): readonly [bin: Tensor, edges: Tensor] {
  if (edges.length < 2 || edges.some((edge, i) => i > 0 && !(edge > edges[i - 1]))) {
    throw new ValueError("histogram", `the edges are [${edges.join(", ")}]`, "Give at least two, ascending", { edges });
  }
  const values = newArray(x.dtype, edges.length);
  values.set(edges);
  const borders = x.makeFrom(values, x.dtype, [edges.length]);
  const bins = edges.length - 1;
  const found = searchsorted(borders, x, { right: true }).sub(1);
  const inside = where(x.eq(edges[bins]), bins - 1, found);
  return [where(inside.lt(0), bins, inside), borders];
}

function equalBins(x: Tensor, bins: number, range: readonly [number, number] | undefined): readonly [bin: Tensor, edges: Tensor] {
  checkWhole("histogram", "bins", bins, 1);
  if (range && !(range[0] <= range[1])) throw new ValueError("histogram", `the range is [${range.join(", ")}]`, "Give [low, high]", { range });
  const [low, high] = bounds(x, range);
  const steps = x.makeFrom(Int32Array.from({ length: bins + 1 }, (_, i) => i), "int32", [bins + 1]);
  return [binOf(x, low, high, bins), low.add(high.sub(low).mul(steps).div(bins))];
}

/**
 * Counts of x in bins: `bins` equal ones, or those between ascending edges. The last bin includes its upper edge. Not differentiable.
 * Shapes: any → [bins], [bins + 1].
 * @throws ValueError on edges that do not ascend, ShapeError when the weights do not have x's shape
 */
export function histogram(x: Tensor, bins: number | readonly number[] = 100, options?: HistogramOptions): Histogram {
  checkOptions("histogram", options, ["range", "weight", "density"]);
  const { range, weight, density = false } = options ?? {};
  if (weight && !sameShape(weight.shape, x.shape)) {
    throw new ShapeError("histogram", `the weights have shape ${showShape(weight.shape)}, x has ${showShape(x.shape)}`, "Give one weight per element", { shapes: [x.shape, weight.shape] });
  }
  const source = floats(x.detach());
  const [bin, edges] = typeof bins === "number" ? equalBins(source, bins, range) : withEdges(source, bins);
  const counts = tally(bin, edges.size - 1, weight, source);
  if (!density) return { counts, edges };
  const widths = edges.slice(0, 1).sub(edges.slice(0, 0, edges.size - 1));
  return { counts: counts.div(widths).div(counts.sum()), edges };
}
