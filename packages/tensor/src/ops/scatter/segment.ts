import { checkWhole, ShapeError } from "@dl/registry";
import { record } from "../../op/apply.js";
import { defineComposite } from "../../op/define.js";
import type { Op } from "../../op/define.js";
import { example } from "../../op/example.js";
import type { Example } from "../../op/example.js";
import type { GradientRule } from "../../op/origin.js";
import { showShape } from "../../shape.js";
import { withGradMode } from "../../state.js";
import type { Tensor } from "../../tensor.js";
import { maximum, minimum } from "../arithmetic.js";
import { isFinite, where } from "../comparison.js";
import { indexSelect } from "../indexing.js";
import { argsort } from "../order/sort.js";
import { addSlices } from "./index-add.js";
import { alongDim, checkIndices } from "./indices.js";
import { combineRuns } from "./runs.js";
import type { Runs } from "./runs.js";

type SegmentOp = Op<[x: Tensor, segmentIds: Tensor, numSegments: number]>;

/** Rows [E, ..] and the segment that each belongs to; checked. */
interface Segments {
  readonly ids: Tensor;
  readonly count: number;
}

function check(where: string, x: Tensor, segmentIds: Tensor, numSegments: number): Segments {
  checkWhole(where, "numSegments", numSegments);
  if (segmentIds.ndim !== 1 || x.ndim === 0 || x.shape[0] !== segmentIds.size) {
    throw new ShapeError(where, `segment ids of shape ${showShape(segmentIds.shape)} for x of shape ${showShape(x.shape)}`, "Give one id per row of x: [E] for [E, ..]", {
      shapes: [x.shape, segmentIds.shape],
    });
  }
  checkIndices(where, segmentIds, numSegments);
  return { ids: segmentIds, count: numSegments };
}

/* @__NO_SIDE_EFFECTS__ */
function defineSegment(name: string, call: (x: Tensor, segments: Segments) => Tensor): SegmentOp {
  return defineComposite(name, (x: Tensor, segmentIds: Tensor, numSegments: number) => call(x, check(name, x, segmentIds, numSegments)));
}

const total = (x: Tensor, { ids, count }: Segments): Tensor => addSlices(x.makeEmpty([count, ...x.shape.slice(1)], x.dtype), 0, ids, x);

/** Each row's own segment's value. */
const spread = (perSegment: Tensor, ids: Tensor): Tensor => indexSelect(perSegment, 0, ids);

const sizes = ({ ids, count }: Segments): Tensor => total(ids.makeEmpty(ids.shape, "int32").add(1), { ids, count });

/** The rows sorted by segment. */
function runsOf(x: Tensor, segments: Segments): Runs {
  const { ids } = segments;
  const order = argsort(ids);
  const known = ids.backend.readSync !== undefined && segments.count > 0;
  return {
    dim: 0,
    places: alongDim(indexSelect(ids, 0, order), 0, x.ndim),
    arrange: (rows) => indexSelect(rows, 0, order),
    longest: known ? sizes(segments).max().item() : ids.size,
  };
}

function combined(x: Tensor, segments: Segments, combine: (before: Tensor, here: Tensor) => Tensor): Tensor {
  const runs = runsOf(x, segments);
  return total(combineRuns(x, runs, combine), { ids: runs.places.reshape([segments.ids.size]), count: segments.count });
}

/** All rows that attain the extreme of their segment share its gradient evenly. */
const extremeRule: GradientRule<{ readonly count: number }> = {
  name: "segmentExtreme",
  backward: ({ grad, inputs: [x, ids], output, options: { count } }) => {
    const winners = x.eq(spread(output, ids)).to(grad.dtype);
    const share = grad.div(total(winners, { ids, count }).clamp(1, Infinity));
    return [winners.mul(spread(share, ids)), null];
  },
};

function extreme(x: Tensor, segments: Segments, better: (a: Tensor, b: Tensor) => Tensor): Tensor {
  const output = withGradMode(false, () => combined(x, segments, better));
  return record(output, extremeRule, [x, segments.ids], { count: segments.count });
}

/** Sum of each segment's rows; 0 for an empty one. Shapes: [E, ..], int32 [E] in any order → [numSegments, ..]. */
export const segmentSum = defineSegment("segmentSum", total);

/** Mean of each segment's rows; 0 for an empty one. Shapes: as `segmentSum`. */
export const segmentMean = defineSegment("segmentMean", (x, segments) => total(x, segments).div(alongDim(sizes(segments).clamp(1, Infinity), 0, x.ndim)));

/** Product of each segment's rows; 0 for an empty one, as for all segment ops. The gradient is right where rows are 0. Shapes: as `segmentSum`. */
export const segmentProd = defineSegment("segmentProd", (x, segments) => combined(x, segments, (before, here) => before.mul(here)));

/** Largest element of each segment's rows; 0 for an empty one. Ties share the gradient evenly. Shapes: as `segmentSum`. */
export const segmentMax = defineSegment("segmentMax", (x, segments) => extreme(x, segments, (a, b) => maximum(a, b)));

/** Smallest element of each segment's rows; 0 for an empty one. Ties share the gradient evenly. Shapes: as `segmentSum`. */
export const segmentMin = defineSegment("segmentMin", (x, segments) => extreme(x, segments, (a, b) => minimum(a, b)));

/**
 * Softmax over the rows of each segment, element by element: eˣ/Σeˣ, shifted by the segment's maximum so that nothing overflows.
 * Shapes: [E, ..], int32 [E] in any order → [E, ..]. Attention over the edges that enter a node.
 */
export const segmentSoftmax = defineSegment("segmentSoftmax", (x, segments) => {
  const top = withGradMode(false, () => spread(extreme(x, segments, (a, b) => maximum(a, b)), segments.ids));
  const powers = x.sub(where(isFinite(top), top, 0)).exp();
  return powers.div(spread(total(powers, segments), segments.ids));
});

const rows = [[1, 2], [3, 4], [5, 0], [7, 8]];
const ids = [2, 0, 2, 2];
const dtypes = ["float32", "int32"] as const;
const over = (op: SegmentOp, count: number) => ([x, i]: readonly Tensor[]): Tensor => op(x, i, count);

export const examples = (): Example[] => [
  example(segmentSum, { inputs: [rows, ids], dtypes, call: over(segmentSum, 4), expect: [[3, 4], [0, 0], [13, 10], [0, 0]] }),
  example(segmentSum, { inputs: [[113, 125], [1, 1]], dtypes, call: over(segmentSum, 3), expect: [0, 238, 0] }),
  example(segmentSum, { inputs: [rows, [0, 1, 2]], dtypes, call: over(segmentSum, 3), throws: "segment ids of shape [3] for x of shape [4, 2]" }),
  example(segmentSum, { inputs: [rows, ids], dtypes, call: over(segmentSum, 2), throws: "segmentSum: index 2 at position 0 is not in [0, 2)" }),
  example(segmentSum, { inputs: [rows, ids], call: over(segmentSum, 3), throws: "indices are float32" }),
  example(segmentMean, { inputs: [rows, ids], dtypes, call: over(segmentMean, 3), expect: [[3, 4], [0, 0], [13 / 3, 10 / 3]] }),
  example(segmentProd, { inputs: [rows, ids], dtypes, call: over(segmentProd, 3), expect: [[3, 4], [0, 0], [35, 0]] }),
  example(segmentMax, { inputs: [rows, ids], dtypes, call: over(segmentMax, 4), expect: [[3, 4], [0, 0], [7, 8], [0, 0]] }),
  example(segmentMax, { inputs: [[-3, -5, -Infinity, NaN, 2], [0, 0, 1, 2, 2]], dtypes, call: over(segmentMax, 3), expect: [-3, -Infinity, NaN], gradient: false }),
  example(segmentMin, { inputs: [rows, ids], dtypes, call: over(segmentMin, 4), expect: [[3, 4], [0, 0], [1, 0], [0, 0]] }),
  example(segmentSoftmax, { inputs: [[0, 1000, Math.log(3), 5], [1, 0, 1, 2]], dtypes, call: over(segmentSoftmax, 3), expect: [0.25, 1, 0.75, 1] }),
  example(segmentSoftmax, { inputs: [rows, ids], dtypes, call: over(segmentSoftmax, 3) }),
];
