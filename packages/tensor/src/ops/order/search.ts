import { ShapeError, checkOptions } from "@dl/registry";
import { promote } from "../../dtype.js";
import { defineComposite } from "../../op/define.js";
import { elementwise } from "../../op/elementwise.js";
import { example } from "../../op/example.js";
import type { Example } from "../../op/example.js";
import { select } from "../../expr/expr.js";
import type { Expr } from "../../expr/expr.js";
import { sameShape, showShape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { gather } from "../indexing.js";

export interface SearchOptions {
  /** Where a value goes that equals boundaries: before them (false, default) or behind them. */
  readonly right?: boolean;
}

/** Goes `stride` boundaries on, unless that leaves the line or a boundary comes behind the value. */
const advance = (place: Expr, stride: Expr, length: Expr, isBehind: Expr): Expr => {
  const next = place.add(stride);
  return select(next.le(length).and(isBehind.not()), next, place);
};
const advanceLeft = elementwise("searchLeft", (place, stride, length, boundary, value) => advance(place, stride, length, boundary.ge(value)));
const advanceRight = elementwise("searchRight", (place, stride, length, boundary, value) => advance(place, stride, length, boundary.gt(value)));
/** The last boundary that such a step passes. */
const lastPassed = elementwise("searchProbe", (place, stride, length) => place.add(stride).min(length).sub(1));

/** Places of `values` in `sorted`, both with equal leading dims: a binary search in ever shorter strides, for all values at once. */
function search(sorted: Tensor, values: Tensor, right: boolean): Tensor {
  const length = sorted.shape[sorted.ndim - 1];
  let place = values.makeEmpty(values.shape, "int32");
  if (length === 0 || values.size === 0) return place;
  let stride = 1;
  while (2 * stride <= length) stride *= 2;
  for (; stride >= 1; stride /= 2) {
    const boundary = gather(sorted, sorted.ndim - 1, lastPassed(place, stride, length));
    place = (right ? advanceRight : advanceLeft)(place, stride, length, boundary, values);
  }
  return place;
}

/**
 * Where each value goes so that `sorted` stays in order, by binary search: int32, of the values' shape. Without `right` the place p has
 * sorted[p − 1] < v ≤ sorted[p], with it sorted[p − 1] ≤ v < sorted[p]. NaN goes to the end.
 * Shapes: sorted [L] with values of any shape, or sorted [.., L] with values [.., M].
 * @throws ShapeError when the leading dims differ
 */
export const searchsorted = /* @__PURE__ */ defineComposite(
  "searchsorted",
  (sorted: Tensor, values: Tensor, options?: SearchOptions): Tensor => {
    checkOptions("searchsorted", options, ["right"]);
    const right = options?.right ?? false;
    const dtype = promote(sorted.dtype, values.dtype);
    const [boundaries, wanted] = [sorted.detach().to(dtype), values.detach().to(dtype)];
    if (sorted.ndim === 1) return search(boundaries, wanted.reshape([values.size]), right).reshape(values.shape);
    if (sorted.ndim !== values.ndim || !sameShape(sorted.shape.slice(0, -1), values.shape.slice(0, -1))) {
      throw new ShapeError(
        "searchsorted",
        `sorted of shape ${showShape(sorted.shape)} and values of shape ${showShape(values.shape)} differ before the last dim`,
        "Give one line of boundaries, or one for each line of values",
        { shapes: [sorted.shape, values.shape] },
      );
    }
    return search(boundaries, wanted, right);
  },
  { differentiable: false },
);

/**
 * The bucket of each element between the ascending `boundaries` [L]: int32, of x's shape, from 0 to L. Boundaries belong to the bucket
 * below them, or with `right` to the one above.
 * @throws ShapeError unless the boundaries are 1-d
 */
export const bucketize = /* @__PURE__ */ defineComposite(
  "bucketize",
  (x: Tensor, boundaries: Tensor, options?: SearchOptions): Tensor => {
    if (boundaries.ndim !== 1) throw new ShapeError("bucketize", `the boundaries have shape ${showShape(boundaries.shape)}`, "Give a 1-d tensor", { shape: boundaries.shape });
    return searchsorted(boundaries, x, options);
  },
  { differentiable: false },
);

const grid = [1, 3, 5, 5, 7];

export const examples = (): Example[] => [
  example(searchsorted, { inputs: [grid, [[0, 5, 8], [3, 4, NaN]]], expect: [[0, 2, 5], [1, 2, 5]] }),
  example(searchsorted, { inputs: [grid, [[0, 5, 8], [3, 4, NaN]]], call: ([s, v]) => searchsorted(s, v, { right: true }), expect: [[0, 4, 5], [2, 2, 5]] }),
  example(searchsorted, { inputs: [[[1, 3, 5], [2, 4, 6]], [[3, 6], [3, 6]]], expect: [[1, 3], [1, 2]] }),
  example(searchsorted, { inputs: [[16777216, 16777218], [16777217]], dtypes: ["int32", "int32"], expect: [1] }),
  example(searchsorted, { shapes: [[0], [3]], expect: [0, 0, 0] }),
  example(searchsorted, { inputs: [grid, 5], expect: 2 }),
  example(searchsorted, { shapes: [[2, 3], [3, 4]], throws: "sorted of shape [2, 3] and values of shape [3, 4] differ before the last dim" }),
  example(bucketize, { inputs: [[[3, 6], [9, 1]], [1, 3, 5, 7, 9]], expect: [[1, 3], [4, 0]] }),
  example(bucketize, { inputs: [[[3, 6], [9, 1]], [1, 3, 5, 7, 9]], call: ([x, b]) => bucketize(x, b, { right: true }), expect: [[2, 3], [5, 1]] }),
  example(bucketize, { shapes: [[2], [2, 3]], throws: "the boundaries have shape [2, 3]" }),
];
