// Where `gridSample` reads along one spatial dim, and how much of it: tensors, since positions have a gradient.
import { elementwise } from "../../op/elementwise.js";
import { likeOf } from "../../op/like.js";
import { select } from "../../expr/expr.js";
import type { Expr } from "../../expr/expr.js";
import type { Tensor } from "../../tensor.js";
import { floor, round } from "../arithmetic.js";

export type GridSampleMode = "bilinear" | "nearest" | "bicubic";
export type GridPadding = "zeros" | "border" | "reflection";

export interface GridRules {
  readonly mode: GridSampleMode;
  readonly paddingMode: GridPadding;
  readonly alignCorners: boolean;
}

/** For N images and P positions, K taps each. Shapes: [N, K, P] both. */
export interface GridTaps {
  /** Whole numbers within the dim. */
  readonly index: Tensor;
  /** 0 for taps outside of the dim. */
  readonly weight: Tensor;
}

// Spelled as in PyTorch, so that halves round alike.
const fromCentres = elementwise("fromCentres", (g, size) => g.add(1).div(2).mul(size.sub(1)));
const fromEdges = elementwise("fromEdges", (g, size) => g.add(1).mul(size).sub(1).div(2));

/** On the last element and beyond it the gradient is 0, as in PyTorch. */
const clipped = elementwise("clipped", (p, last) => select(p.le(0), 0, select(p.ge(last), last, p)));

/** Thrown back at `low` and `low + span`, as often as it takes. */
function bounced(p: Expr, low: Expr, span: Expr): Expr {
  const distance = select(p.lt(low), low.sub(p), p.sub(low));
  const extra = distance.mod(span);
  const isOdd = distance.div(span).floor().mod(2).eq(1);
  return select(isOdd, span.sub(extra), extra).add(low);
}

const reflected = elementwise("reflected", bounced);

function reflect(p: Tensor, size: number, alignCorners: boolean): Tensor {
  if (!alignCorners) return reflected(p, -0.5, size);
  return size === 1 ? p.mul(0) : reflected(p, 0, size - 1);
}

function padded(p: Tensor, size: number, { paddingMode, alignCorners }: GridRules): Tensor {
  if (paddingMode === "zeros") return p;
  return clipped(paddingMode === "reflection" ? reflect(p, size, alignCorners) : p, size - 1);
}

/** Weights of the neighbours at these offsets from ⌊p⌋, as polynomials in p − ⌊p⌋, the constant first. */
interface Neighbours {
  readonly offsets: readonly number[];
  readonly polynomials: readonly (readonly number[])[];
}

const linear: Neighbours = { offsets: [0, 1], polynomials: [[1, -1], [0, 1]] };

/** (Keys, 1981) with a = −0.75. */
const cubic: Neighbours = {
  offsets: [-1, 0, 1, 2],
  polynomials: [[0, -0.75, 1.5, -0.75], [1, 0, -2.25, 1.25], [0, 0.75, 1.5, -1.25], [0, 0, -0.75, 0.75]],
};

const horner = elementwise("horner", (sum, t, coefficient) => sum.mul(t).add(coefficient));
const weightWithin = elementwise("weightWithin", (weight, index, last) => select(index.ge(0).and(index.le(last)), weight, 0));

/** The polynomials at t. Shapes: [N, 1, P] → [N, K, P]. */
function weightsAt(t: Tensor, polynomials: readonly (readonly number[])[]): Tensor {
  const degree = polynomials[0].length - 1;
  const coefficient = (power: number): Tensor => likeOf(t, polynomials.map((polynomial) => polynomial[power]), [polynomials.length, 1]);
  let sum = coefficient(degree);
  for (let power = degree - 1; power >= 0; power--) sum = horner(sum, t, coefficient(power));
  return sum;
}

const within = (index: Tensor, weight: Tensor | number, size: number): GridTaps => ({
  index: index.clamp(0, size - 1).to("int32"),
  weight: weightWithin(weight, index, size - 1),
});

/**
 * The taps along a dim of `size` elements for positions g in [−1, 1]. Shapes: g [N, 1, P].
 * Bicubic sampling pads every tap, the other modes the position itself, as in PyTorch.
 */
export function gridTaps(g: Tensor, size: number, rules: GridRules): GridTaps {
  const raw = rules.alignCorners ? fromCentres(g, size) : fromEdges(g, size);
  const p = rules.mode === "bicubic" ? raw : padded(raw, size, rules);
  if (rules.mode === "nearest") return within(round(p.detach()), 1, size);
  const { offsets, polynomials } = rules.mode === "bicubic" ? cubic : linear;
  const base = floor(p.detach());
  const index = base.add(likeOf(p, offsets, [offsets.length, 1]));
  return within(rules.mode === "bicubic" ? padded(index, size, rules) : index, weightsAt(p.sub(base), polynomials), size);
}
