import type { Op } from "../../op/define.js";
import { elementwise } from "../../op/elementwise.js";
import { example } from "../../op/example.js";
import type { Example } from "../../op/example.js";
import { constant, select } from "../../expr/expr.js";
import type { Expr } from "../../expr/expr.js";
import type { Tensor } from "../../tensor.js";
import { defineFormula } from "./formula-op.js";

/** From here on the asymptotic series is exact to the last digit. */
const far = 20;

/** Σ (x²/4)ᵏ/(k!·(k + order)!) as nested products, whose terms are all positive. */
function nearSeries(order: number, x: Expr): Expr {
  const t = x.square().mul(0.25);
  let sum = constant(1);
  for (let k = 36; k >= 1; k--) sum = t.mul(1 / (k * (k + order))).mul(sum).add(1);
  return sum;
}

/** 1 − (4·order² − 1)/(8x) + … for x > 0. */
function farSeries(order: number, x: Expr): Expr {
  const inverse = constant(1).div(x);
  let sum = constant(1);
  for (let k = 24; k >= 1; k--) sum = inverse.mul(((2 * k - 1) ** 2 - 4 * order ** 2) / (8 * k)).mul(sum).add(1);
  return sum;
}

function besselI(order: 0 | 1, x: Expr): Expr {
  const magnitude = x.abs();
  const near = nearSeries(order, magnitude);
  // eˣ in two halves: the result may be finite where eˣ is not.
  const half = magnitude.mul(0.5).exp();
  const wide = half.mul(farSeries(order, magnitude).div(magnitude.mul(2 * Math.PI).sqrt())).mul(half);
  const value = select(magnitude.lt(far), order === 0 ? near : near.mul(magnitude).mul(0.5), select(magnitude.eq(Infinity), Infinity, wide));
  return order === 0 ? value : value.mul(select(x.lt(0), -1, 1));
}

const i1Slope = elementwise("i1Slope", (x, y0, y1) => y0.sub(select(x.eq(0), 0.5, y1.div(x))));

/**
 * The modified Bessel function of the first kind and order 0, as the Kaiser window needs it.
 * Relative error below 2e-15 in float64, 1e-6 in float32. Shapes: any → same.
 */
export const i0: Op<[x: Tensor]> = /* @__PURE__ */ defineFormula("i0", (x) => besselI(0, x), (x) => i1(x));

/** The modified Bessel function of the first kind and order 1, derivative of `i0`. Accurate as `i0`. Shapes: any → same. */
export const i1: Op<[x: Tensor]> = /* @__PURE__ */ defineFormula("i1", (x) => besselI(1, x), (x, y) => i1Slope(x, i0(x), y));

export const examples = (): Example[] => [
  example(i0, { inputs: [[0, 1, -2.5]], expect: [1, 1.2660658777520084, 3.289839144050123] }),
  example(i0, { inputs: [[30]], expect: [781672297823.9775], tolerance: 1e-5, gradient: false }),
  example(i1, { inputs: [[0, 1, -2.5]], expect: [0, 0.565159103992485, -2.5167162452886984] }),
  example(i1, { inputs: [[30]], expect: [768532038938.957], tolerance: 1e-5, gradient: false }),
];
