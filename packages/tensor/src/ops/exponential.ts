import { elementwise } from "../op/elementwise.js";
import { example } from "../op/example.js";
import type { Example } from "../op/example.js";
import { constant, select } from "../expr/expr.js";

/** eˣ. */
export const exp = elementwise("exp", (x) => x.exp());
/** eˣ − 1, exact for small x. */
export const expm1 = elementwise("expm1", (x) => x.expm1());
/** Natural logarithm. */
export const log = elementwise("log", (x) => x.log());
/** log(1 + x), exact for small x. */
export const log1p = elementwise("log1p", (x) => x.log1p());
/** Logarithm to base 2. */
export const log2 = elementwise("log2", (x) => x.log().div(Math.LN2));
/** Logarithm to base 10. */
export const log10 = elementwise("log10", (x) => x.log().div(Math.LN10));
/** √x. */
export const sqrt = elementwise("sqrt", (x) => x.sqrt());
/** 1/√x. */
export const rsqrt = elementwise("rsqrt", (x) => x.rsqrt());
/** The error function 2/√π ∫₀ˣ e^(−t²) dt. */
export const erf = elementwise("erf", (x) => x.erf());
/** log(p/(1 − p)), the inverse of the sigmoid. */
export const logit = elementwise("logit", (p) => p.log().sub(p.neg().log1p()));
/** x·log y, and 0 where x = 0; the slope there is log y. */
export const xlogy = elementwise("xlogy", (x, y) => select(x.eq(0).and(y.le(0).or(y.eq(Infinity))), 0, x.mul(y.log())));

export const sin = elementwise("sin", (x) => x.sin());
export const cos = elementwise("cos", (x) => x.cos());
export const tan = elementwise("tan", (x) => x.sin().div(x.cos()));
export const asin = elementwise("asin", (x) => x.atan2(constant(1).sub(x).mul(x.add(1)).sqrt()));
export const acos = elementwise("acos", (x) => constant(1).sub(x).mul(x.add(1)).sqrt().atan2(x));
export const atan = elementwise("atan", (x) => x.atan2(1));
/** The angle of the point (x, y), in (−π, π]. */
export const atan2 = elementwise("atan2", (y, x) => y.atan2(x));
/** (eˣ − e⁻ˣ)/2. */
export const sinh = elementwise("sinh", (x) => x.expm1().sub(x.neg().expm1()).div(2));
/** (eˣ + e⁻ˣ)/2. */
export const cosh = elementwise("cosh", (x) => x.exp().add(x.neg().exp()).div(2));
/** Beyond this x² + 1 is x² in float64 already, and soon overflows in float32. */
const large = 1e9;
/** log(x + √(x² + 1)), through |x| so that nothing cancels. */
export const asinh = elementwise("asinh", (x) => {
  const magnitude = x.abs();
  const near = magnitude.add(x.square().div(x.square().add(1).sqrt().add(1))).log1p();
  return x.sign().mul(select(magnitude.gt(large), magnitude.log().add(Math.LN2), near));
});
/** log(x + √(x² − 1)), x ≥ 1. */
export const acosh = elementwise("acosh", (x) =>
  select(x.gt(large), x.log().add(Math.LN2), x.add(x.sub(1).mul(x.add(1)).sqrt()).log()),
);
/** ½·log((1 + x)/(1 − x)), |x| < 1. */
export const atanh = elementwise("atanh", (x) => x.log1p().sub(x.neg().log1p()).mul(0.5));

export const examples = (): Example[] => [
  example(exp, { inputs: [[0, 1, -1]], expect: [1, Math.E, 1 / Math.E] }),
  example(expm1, { inputs: [[1e-7, 1]], expect: [1.00000005e-7, Math.E - 1], tolerance: 1e-6 }),
  example(log, { inputs: [[1, Math.E, 10]], expect: [0, 1, Math.LN10] }),
  example(log1p, { inputs: [[1e-7, 1]], expect: [9.9999995e-8, Math.LN2], tolerance: 1e-6 }),
  example(log2, { inputs: [[1, 8]], expect: [0, 3] }),
  example(log10, { inputs: [[1, 1000]], expect: [0, 3] }),
  example(sqrt, { inputs: [[4, 2]], expect: [2, Math.SQRT2] }),
  example(rsqrt, { inputs: [[4, 2]], expect: [0.5, Math.SQRT1_2] }),
  example(erf, { inputs: [[0, 0.5, -2]], expect: [0, 0.5204998778, -0.9953222650] }),
  example(logit, { inputs: [[0.5, 0.75]], expect: [0, Math.log(3)] }),
  example(xlogy, { inputs: [[0, 2], [0, 3]], dtypes: ["int32", "float32"], expect: [0, 2 * Math.log(3)] }),
  example(xlogy, { shapes: [[2, 3], [3]], range: [0.5, 2] }),
  example(xlogy, { inputs: [[0, 0], [2, 3]], expect: [0, 0] }),
  example(sin, { inputs: [[0, Math.PI / 6]], expect: [0, 0.5] }),
  example(cos, { inputs: [[0, Math.PI / 3]], expect: [1, 0.5] }),
  example(tan, { inputs: [[0, Math.PI / 4]], expect: [0, 1] }),
  example(asin, { inputs: [[0, 0.5, -0.5]], expect: [0, Math.PI / 6, -Math.PI / 6] }),
  example(acos, { inputs: [[0, 0.5, -0.5]], expect: [Math.PI / 2, Math.PI / 3, (2 * Math.PI) / 3] }),
  example(atan, { inputs: [[0, 1, -1]], expect: [0, Math.PI / 4, -Math.PI / 4] }),
  example(atan2, { inputs: [[1, 1, -1], [1, -1, -1]], expect: [Math.PI / 4, (3 * Math.PI) / 4, (-3 * Math.PI) / 4] }),
  example(sinh, { inputs: [[0, 1]], expect: [0, Math.sinh(1)] }),
  example(cosh, { inputs: [[0, 1]], expect: [1, Math.cosh(1)] }),
  example(asinh, { inputs: [[0.5, 1, -3]], expect: [Math.asinh(0.5), Math.asinh(1), Math.asinh(-3)] }),
  example(asinh, { inputs: [[1e30, -1e30]], expect: [69.7707, -69.7707], gradient: false }),
  example(acosh, { inputs: [[1e30]], expect: [69.7707], gradient: false }),
  example(acosh, { inputs: [[1.5, 3]], expect: [Math.acosh(1.5), Math.acosh(3)] }),
  example(atanh, { inputs: [[0, 0.5, -0.5]], expect: [0, Math.atanh(0.5), Math.atanh(-0.5)] }),
];
