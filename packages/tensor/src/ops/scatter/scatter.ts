import { ValueError, checkOptions } from "@dl/registry";
import { isFloat } from "../../dtype.js";
import { record } from "../../op/apply.js";
import { defineComposite } from "../../op/define.js";
import { example } from "../../op/example.js";
import type { Example } from "../../op/example.js";
import type { GradientRule } from "../../op/origin.js";
import { normalizeDim } from "../../shape.js";
import { withGradMode } from "../../state.js";
import type { Tensor } from "../../tensor.js";
import { floorDivide, maximum, minimum } from "../arithmetic.js";
import { where } from "../comparison.js";
import { gather, scatterAdd } from "../indexing.js";
import { checkIndices, checkScatter, coveredBy } from "./indices.js";
import { combineRuns, lastOfRuns, runsOf } from "./runs.js";

export type ScatterReduction = "none" | "sum" | "prod" | "mean" | "amax" | "amin";

export interface ScatterOptions {
  /** What becomes of several values for one place: the last stays (none, default), or they are reduced. */
  readonly reduce?: ScatterReduction;
  /** Whether x's own value takes part in the reduction. Default true; none always replaces it. */
  readonly includeSelf?: boolean;
}

/** A scatter whose arguments are checked. */
interface Scatter {
  readonly x: Tensor;
  readonly dim: number;
  readonly index: Tensor;
  /** One value per index, in x's dtype. */
  readonly src: Tensor;
  /** How many values go to each place of x; int32. */
  readonly counts: Tensor;
  readonly includeSelf: boolean;
}

/** How many values the fullest place gets, at most: the exact number where it can be read at once. */
function mostPerPlace({ counts, index, dim }: Scatter): number {
  return counts.backend.readSync === undefined || counts.size === 0 ? index.shape[dim] : counts.max().item();
}

const untouched = ({ counts }: Scatter): Tensor => counts.eq(0);

/** x with 0 at the places that get values. */
const cleared = (call: Scatter): Tensor => where(untouched(call), call.x, 0);

const zerosLike = (x: Tensor): Tensor => x.makeEmpty(x.shape, x.dtype);

function replace(call: Scatter): Tensor {
  const { dim, index, src } = call;
  const most = mostPerPlace(call);
  if (most <= 1) return scatterAdd(cleared(call), dim, index, src);
  const runs = runsOf(index, dim, most);
  return scatterAdd(cleared(call), dim, runs.places, lastOfRuns(runs.arrange(src), runs));
}

const total = (call: Scatter): Tensor => scatterAdd(call.includeSelf ? call.x : cleared(call), call.dim, call.index, call.src);

function mean(call: Scatter): Tensor {
  const divisor = call.includeSelf ? call.counts.add(1) : call.counts.clamp(1, Infinity);
  return isFloat(call.x.dtype) ? total(call).div(divisor) : floorDivide(total(call), divisor);
}

/** The combination of all values for each place, 0 where there are none. */
function combined(call: Scatter, combine: (before: Tensor, here: Tensor) => Tensor): Tensor {
  const runs = runsOf(call.index, call.dim, mostPerPlace(call));
  return scatterAdd(zerosLike(call.x), call.dim, runs.places, combineRuns(call.src, runs, combine));
}

function product(call: Scatter): Tensor {
  const values = combined(call, (before, here) => before.mul(here));
  return where(untouched(call), call.x, call.includeSelf ? call.x.mul(values) : values);
}

/** Everything that attains the extreme of its place shares the place's gradient evenly. */
const extremeRule: GradientRule<Pick<Scatter, "dim" | "includeSelf">> = {
  name: "scatterExtreme",
  backward: ({ grad, inputs: [x, src, index, counts], output, options: { dim, includeSelf } }) => {
    const alone = counts.eq(0);
    const selfWins = (includeSelf ? where(alone, 1, x.eq(output)) : alone).to(grad.dtype);
    const srcWins = src.eq(gather(output, dim, index)).to(grad.dtype);
    const winners = scatterAdd(selfWins, dim, index, srcWins);
    const share = grad.div(winners.clamp(1, Infinity));
    return [selfWins.mul(share), srcWins.mul(gather(share, dim, index)), null, null];
  },
};

function extreme(call: Scatter, better: (a: Tensor, b: Tensor) => Tensor): Tensor {
  const { x, dim, index, src, counts, includeSelf } = call;
  const output = withGradMode(false, () => {
    const values = combined(call, better);
    return where(untouched(call), x, includeSelf ? better(x, values) : values);
  });
  return record(output, extremeRule, [x, src, index, counts], { dim, includeSelf });
}

const reductions: Readonly<Record<ScatterReduction, (call: Scatter) => Tensor>> = {
  none: replace,
  sum: total,
  mean,
  prod: product,
  amax: (call) => extreme(call, (a, b) => maximum(a, b)),
  amin: (call) => extreme(call, (a, b) => minimum(a, b)),
};

/**
 * x with values put, or reduced, at the places that `gather` would read: for dim 0 src[i][j] goes to out[index[i][j]][j]. Places without
 * values keep x. Of several values for one place the last stays, unless `reduce` says sum, prod, mean, amax or amin; mean of integers
 * rounds down. amax and amin share the gradient between ties; prod is right where values are 0. prod, amax, amin, and none where
 * places repeat, sort the index (and scan over what meets), so they cost O(n log n).
 * Shapes: index with x's dims, none larger but the one along dim; src a number, or covering the index → x's.
 * @throws ValueError on an index out of range or an unknown reduction, ShapeError when the shapes do not fit, DTypeError unless the index is int32
 */
export const scatter = defineComposite("scatter", (x: Tensor, dim: number, index: Tensor, src: Tensor | number, options?: ScatterOptions): Tensor => {
  checkOptions("scatter", options, ["reduce", "includeSelf"]);
  const { reduce = "none", includeSelf = true } = options ?? {};
  if (!Object.hasOwn(reductions, reduce)) {
    throw new ValueError("scatter", `unknown reduction "${reduce}"`, `Use ${Object.keys(reductions).join(", ")}`, { reduce });
  }
  const d = normalizeDim("scatter", dim, x.ndim);
  const values = typeof src === "number" ? x.makeEmpty(x.shape.map(() => 1), x.dtype).add(src).expand(index.shape) : src;
  checkScatter("scatter", x, d, index, values);
  checkIndices("scatter", index, x.shape[d]);
  const counts = scatterAdd(x.makeEmpty(x.shape, "int32"), d, index, index.makeEmpty(index.shape, "int32").add(1));
  return reductions[reduce]({ x, dim: d, index, src: coveredBy(index, values).to(x.dtype), counts, includeSelf });
});

const line = [10, 20, 30];
const index = [0, 2, 0, 0];
const dtypes = ["float32", "int32", "float32"] as const;
const reduced = (reduce: ScatterReduction, includeSelf = true) => ([x, i, s]: readonly Tensor[]): Tensor => scatter(x, 0, i, s, { reduce, includeSelf });

export const examples = (): Example[] => [
  example(scatter, { inputs: [line, [2, 0], [1, 2]], dtypes, call: reduced("none"), expect: [2, 20, 1] }),
  example(scatter, { inputs: [line, index, [1, 2, 3, 4]], dtypes, call: reduced("none"), expect: [4, 20, 2] }),
  example(scatter, { inputs: [line, index, [1, 2, 3, 4]], dtypes, call: reduced("sum"), expect: [18, 20, 32] }),
  example(scatter, { inputs: [line, index, [1, 2, 3, 4]], dtypes, call: reduced("sum", false), expect: [8, 20, 2] }),
  example(scatter, { inputs: [line, index, [1, 2, 3, 4]], dtypes, call: reduced("mean"), expect: [4.5, 20, 16] }),
  example(scatter, { inputs: [line, index, [1, 2, 3, 4]], dtypes, call: reduced("mean", false), expect: [8 / 3, 20, 2] }),
  example(scatter, { inputs: [line, index, [1, 2, 3, 5]], dtypes: ["int32", "int32", "int32"], call: reduced("mean"), expect: [4, 20, 16] }),
  example(scatter, { inputs: [line, index, [1, 2, 3, 4]], dtypes, call: reduced("prod"), expect: [120, 20, 60] }),
  example(scatter, { inputs: [line, index, [0, 2, 0, 4]], dtypes, call: reduced("prod", false), expect: [0, 20, 2] }),
  example(scatter, { inputs: [line, index, [1, 42, 3, 14]], dtypes, call: reduced("amax"), expect: [14, 20, 42] }),
  example(scatter, { inputs: [line, index, [-1, 2, -3, -4]], dtypes, call: reduced("amax", false), expect: [-1, 20, 2] }),
  example(scatter, { inputs: [line, index, [1, 2, 3, 4]], dtypes, call: reduced("amin"), expect: [1, 20, 2] }),
  example(scatter, { inputs: [line, index, [1, 2, 3, 4]], dtypes, call: reduced("amin", false), expect: [1, 20, 2] }),
  example(scatter, { inputs: [[[1, 2, 3], [4, 5, 6]], [[2, 0], [2, 2]]], dtypes: ["float32", "int32"], call: ([x, i]) => scatter(x, 1, i, 9), expect: [[9, 2, 9], [4, 5, 9]] }),
  example(scatter, {
    inputs: [[[1, 2, 3], [4, 5, 6]], [[1, 1, 0], [1, 0, 0]], [[0.1, 0.2, 0.3], [0.4, 0.5, 0.7]]], dtypes, call: ([x, i, s]) => scatter(x, 0, i, s, { reduce: "prod" }),
    expect: [[1, 1, 0.63], [0.16, 1, 6]],
  }),
  example(scatter, { inputs: [line, [3], [1]], dtypes, call: reduced("none"), throws: "scatter: index 3 at position 0 is not in [0, 3)" }),
  example(scatter, { inputs: [line, [0, 1], [1]], dtypes, call: reduced("sum"), throws: "src of shape [1] does not cover the index of shape [2]" }),
  example(scatter, { inputs: [line, [[0]], [1]], dtypes, call: reduced("sum"), throws: "index of shape [1, 1] does not fit [3] along dim 0" }),
  example(scatter, { inputs: [line, [0], [1]], dtypes: ["float32", "float32", "float32"], call: reduced("sum"), throws: "indices are float32" }),
];
