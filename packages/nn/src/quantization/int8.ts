import { elementwise } from "@dl/tensor";
import type { Expr, Tensor } from "@dl/tensor";

/** The largest whole number of a symmetric range: −128 has no partner, and is left out. */
const largest = 127;

/** Ranges below count as this, so that zeros are not divided by zero. */
const narrowest = 1e-12;

const onGrid = (x: Expr, scale: Expr): Expr => x.div(scale).round().max(-largest).min(largest);

const scaleFormula = /* @__PURE__ */ elementwise("int8Scale", (range) => range.max(narrowest).div(largest));
const int8Formula = /* @__PURE__ */ elementwise("toInt8", (x, scale) => onGrid(x, scale).cast("int8"));
const roundedFormula = /* @__PURE__ */ elementwise("roundToInt8", (x, scale) => onGrid(x, scale).mul(scale));
const withinFormula = /* @__PURE__ */ elementwise("withinInt8", (x, scale) => x.max(scale.mul(-largest)).min(scale.mul(largest)));
const floatFormula = /* @__PURE__ */ elementwise("fromInt8", (sums, scale, inputScale) => sums.cast("float32").mul(scale).mul(inputScale));

/** What one step of int8 stands for when ±range are the ends: range/127. Shapes: any → same. */
export const scaleOf = (range: Tensor): Tensor => scaleFormula(range);

/** The largest magnitude over all dims but `kept`; the others become dims of 1. */
export function rangeOf(x: Tensor, kept: readonly number[]): Tensor {
  const dims = x.shape.map((_, d) => d).filter((d) => !kept.includes(d));
  return dims.length === 0 ? x.abs() : x.abs().max(dims, { keepDim: true });
}

/** round(x/scale) within ±127, int8. Shapes: x any, scale broadcasts to it → as x. */
export const toInt8 = (x: Tensor, scale: Tensor): Tensor => int8Formula(x, scale);

/** Sums of products of int8, as the floats that they stand for: sums·scale·inputScale. */
export const toFloat = (sums: Tensor, scale: Tensor, inputScale: Tensor): Tensor => floatFormula(sums, scale, inputScale);

/**
 * Rounds to the values that int8 can hold and stays float: clamp(round(x/scale), ±127)·scale. The gradient passes through as if nothing had been
 * rounded where x is within ±127·scale, and is 0 beyond. Shapes: x any, scale broadcasts to it → as x. (Bengio et al., 2013; Jacob et al., 2018)
 */
export function fakeQuant(x: Tensor, scale: Tensor): Tensor {
  const step = scale.detach();
  const within = withinFormula(x, step);
  return within.add(roundedFormula(x.detach(), step).sub(within.detach()));
}
