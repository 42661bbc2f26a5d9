import { checkOptions } from "@dl/registry";
import { isFloat, promote } from "../../dtype.js";
import { defineComposite, defineOp } from "../../op/define.js";
import type { Op } from "../../op/define.js";
import { elementwise } from "../../op/elementwise.js";
import { example } from "../../op/example.js";
import type { Example } from "../../op/example.js";
import { constant, input, select } from "../../expr/expr.js";
import type { Expr } from "../../expr/expr.js";
import { Program } from "../../expr/program.js";
import { broadcastShapes } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { asFloat, polynomial } from "./formula-op.js";

/** Coefficients of sin(u)/u in u²: (−1)ᵏ/(2k + 1)!. */
function sineSeries(): number[] {
  const coefficients = [1];
  for (let k = 1; k < 12; k++) coefficients.push(-coefficients[k - 1] / (2 * k * (2 * k + 1)));
  return coefficients;
}

/** sin(πx)/(πx), and 1 at 0; the derivatives are right there, too. Shapes: any → same. */
export const sinc = elementwise("sinc", (x) => {
  const isSmall = x.abs().lt(0.5);
  const away = select(isSmall, 1, x);
  const nearest = away.round();
  const sine = away.sub(nearest).mul(Math.PI).sin().mul(constant(1).sub(nearest.mod(2).mul(2)));
  return select(isSmall, polynomial(x.mul(Math.PI).square(), sineSeries()), sine.div(away.mul(Math.PI)));
});

function hypotenuse(a: Expr, b: Expr): Expr {
  const [larger, smaller] = [a.abs().max(b.abs()), a.abs().min(b.abs())];
  const unscaled = larger.mul(smaller.div(larger).square().add(1).sqrt());
  return select(larger.eq(0), 0, select(larger.eq(Infinity), Infinity, unscaled));
}

let hypotProgram: Program | undefined;

/** x/h; 0 at the origin, where there is no direction. */
const direction = elementwise("direction", (x, h) => select(h.eq(0), 0, x.div(h)));

const hypotOfEqualShapes: Op<[a: Tensor, b: Tensor]> = /* @__PURE__ */ defineOp({
  name: "hypot",
  parse: (a: Tensor, b: Tensor) => [[a, b], null],
  shape: ([a]) => a.shape,
  forward: (backend, inputs, out) => { backend.map((hypotProgram ??= new Program([hypotenuse(input(0), input(1))], 2, 0)), inputs, [out], []); },
  backward: ({ grad, inputs, output, needs }) => inputs.map((x, i) => (needs[i] ? grad.mul(direction(x, output)) : null)),
  flops: (_, output) => 6 * output.size,
});

/** √(a² + b²), without overflow on the way; the gradient at the origin is 0. Shapes: broadcast. */
export const hypot = /* @__PURE__ */ defineComposite("hypot", (a: Tensor, b: Tensor): Tensor => {
  const shape = broadcastShapes("hypot", a.shape, b.shape);
  const dtype = promote(asFloat(a).dtype, asFloat(b).dtype);
  return hypotOfEqualShapes(a.to(dtype).expand(shape), b.to(dtype).expand(shape));
});

/** x − trunc(x), with the sign of x. Shapes: any → same. */
export const frac = elementwise("frac", (x) => x.sub(select(x.lt(0), x.ceil(), x.floor())));

/** 0 for x < 0, 1 for x > 0, `values` at 0. Shapes: broadcast. */
export const heaviside = elementwise("heaviside", (x, values) => select(x.eq(0), values, select(x.gt(0), 1, 0)));

/** |a| with the sign of b; −0 counts as negative. Shapes: broadcast. */
export const copysign = elementwise("copysign", (a, b) => {
  const isNegative = b.lt(0).or(constant(1).div(b).lt(0));
  return a.abs().mul(select(isNegative, -1, 1));
});

export interface NanToNumOptions {
  /** What stands for NaN. Default 0. */
  readonly nan?: number;
  /** What stands for ∞. Default: the largest number of the dtype. */
  readonly posInf?: number;
  /** What stands for −∞. Default: the smallest number of the dtype. */
  readonly negInf?: number;
}

const replaced = elementwise("replaced", (x, nan, posInf, negInf) =>
  select(x.isNaN(), nan, select(x.abs().eq(Infinity), select(x.gt(0), posInf, negInf), x)),
);

/** x with finite numbers for NaN and infinities, where no gradient flows. Integers are left as they are. Shapes: any → same. */
export const nanToNum = /* @__PURE__ */ defineComposite("nanToNum", (x: Tensor, options: NanToNumOptions = {}): Tensor => {
  checkOptions("nanToNum", options, ["nan", "posInf", "negInf"]);
  if (!isFloat(x.dtype)) return x;
  const largest = x.dtype === "float64" ? Number.MAX_VALUE : 3.4028234663852886e38;
  return replaced(x, options.nan ?? 0, options.posInf ?? largest, options.negInf ?? -largest);
});

export const examples = (): Example[] => [
  example(sinc, { inputs: [[-1.5, 0, 0.25, 1, 2.25]], expect: [-2 / (3 * Math.PI), 1, (2 * Math.SQRT2) / Math.PI, 0, Math.SQRT1_2 / (2.25 * Math.PI)] }),
  example(hypot, { inputs: [[3, -5, 0], [4, 12, 0]], expect: [5, 13, 0], gradient: false }),
  example(hypot, { inputs: [[3e20, Infinity], [4e20, 1]], expect: [5e20, Infinity], gradient: false }),
  example(hypot, { shapes: [[2, 1], [3]], range: [0.5, 2] }),
  example(frac, { inputs: [[1.25, -1.75]], expect: [0.25, -0.75] }),
  example(heaviside, { inputs: [[-1, 0, 2], [0.5, 0.5, 0.5]], expect: [0, 0.5, 1], gradient: false }),
  example(heaviside, { inputs: [[-1, 0, 2], [0.5, 0.25, 3]], dtypes: ["int32"], expect: [0, 0.25, 1] }),
  example(copysign, { inputs: [[1, -2, 3], [-4, 5, -0]], expect: [-1, 2, -3], gradient: false }),
  example(copysign, { inputs: [[1, -2, 3], [-4, 5, -1]], dtypes: ["float32", "int32"], expect: [-1, 2, -3] }),
  example(nanToNum, { inputs: [[NaN, 1.5]], expect: [0, 1.5], gradient: false }),
  example(nanToNum, { inputs: [[Infinity, -Infinity]], call: ([x]) => nanToNum(x, { posInf: 9, negInf: -9 }), expect: [9, -9], gradient: false }),
  example(nanToNum, { inputs: [[0.5, -1.5]], expect: [0.5, -1.5] }),
];
