import { elementwise } from "../../op/elementwise.js";
import { example } from "../../op/example.js";
import type { Example } from "../../op/example.js";
import { constant, select } from "../../expr/expr.js";
import type { Expr } from "../../expr/expr.js";
import { defineFormula, polynomial } from "./formula-op.js";

/** Numerator and denominator, lowest power first. */
type Rational = readonly [numerator: readonly number[], denominator: readonly number[]];

// The three rational functions of algorithm AS 241, PPND16 (Wichura, 1988).
const central: Rational = [
  [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
    67265.7709270087, 33430.57558358813, 2509.0809287301227,
  ],
  [1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271, 28729.085735721943, 5226.495278852854],
];
const near: Rational = [
  [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
    0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
  ],
  [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
    0.0005475938084995345, 1.0507500716444169e-9,
  ],
];
const far: Rational = [
  [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
    0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
  ],
  [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 1.8463183175100548e-5,
    1.421511758316446e-7, 2.0442631033899397e-15,
  ],
];

const ratio = (x: Expr, [numerator, denominator]: Rational): Expr => polynomial(x, numerator).div(polynomial(x, denominator));

/**
 * The standard normal quantile of p.
 * @param centred p − ½
 * @param tail min(p, 1 − p), given apart so that neither loses digits
 */
function normalQuantile(centred: Expr, tail: Expr): Expr {
  const inner = centred.mul(ratio(constant(0.180625).sub(centred.square()), central));
  const r = tail.log().neg().sqrt();
  const outer = select(tail.eq(0), Infinity, select(r.le(5), ratio(r.sub(1.6), near), ratio(r.sub(5), far)));
  return select(centred.abs().le(0.425), inner, select(centred.lt(0), outer.neg(), outer));
}

const ndtriSlope = elementwise("ndtriSlope", (y) => y.square().mul(0.5).exp().mul(Math.sqrt(2 * Math.PI)));
const erfinvSlope = elementwise("erfinvSlope", (y) => y.square().exp().mul(Math.sqrt(Math.PI) / 2));

/**
 * The standard normal quantile, inverse of `ndtr`: −∞ at 0, ∞ at 1, NaN outside of [0, 1].
 * Relative error below 1e-15 in float64, 5e-7 in float32. Shapes: any → same. (Wichura, 1988)
 */
export const ndtri = defineFormula(
  "ndtri",
  (p) => normalQuantile(p.sub(0.5), select(p.lt(0.5), p, constant(1).sub(p))),
  (_, y) => ndtriSlope(y),
);

/** The inverse of `erf`: ±∞ at ±1, NaN beyond. Relative error below 1e-15 in float64, 5e-7 in float32. Shapes: any → same. */
export const erfinv = defineFormula(
  "erfinv",
  (x) => normalQuantile(x.mul(0.5), constant(1).sub(x.abs()).mul(0.5)).mul(Math.SQRT1_2),
  (_, y) => erfinvSlope(y),
);

export const examples = (): Example[] => [
  example(ndtri, { inputs: [[0.5, 0.8, 0.975]], expect: [0, 0.8416212335729142, 1.959963984540054] }),
  example(ndtri, { inputs: [[0.001, 0.999]], expect: [-3.0902323061678136, 3.0902323061678136], gradient: false }),
  example(ndtri, { inputs: [[0, 1, 1e-30, -0.1]], expect: [-Infinity, Infinity, -11.464024688443615, NaN], gradient: false }),
  example(erfinv, { inputs: [[-0.9, 0, 0.5, 0.99]], expect: [-1.163087153676674, 0, 0.4769362762044699, 1.8213863677184496] }),
  example(erfinv, { inputs: [[-1, 1, 1.5]], expect: [-Infinity, Infinity, NaN], gradient: false }),
];
