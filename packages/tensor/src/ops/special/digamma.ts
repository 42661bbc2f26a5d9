import { checkWhole } from "@dl/registry";
import { defineComposite, defineOp } from "../../op/define.js";
import type { Op } from "../../op/define.js";
import { example } from "../../op/example.js";
import type { Example } from "../../op/example.js";
import { constant, input, select } from "../../expr/expr.js";
import type { Expr } from "../../expr/expr.js";
import { Program } from "../../expr/program.js";
import type { Tensor } from "../../tensor.js";
import { asFloat, defineFormula, polynomial } from "./formula-op.js";

/** B₂, B₄, …, B₂₀. */
const bernoulli = (): number[] => [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510, 43867 / 798, -174611 / 330];

/** How far the recurrence carries x to where the asymptotic series holds. */
const steps = 10;

const shifts = (x: Expr): Expr[] => Array.from({ length: steps }, (_, k) => x.add(k));

/** ψ(x) for x ≥ 0: ψ(x + 10) − Σ 1/(x + k), by Stirling's series. */
function positiveDigamma(x: Expr): Expr {
  const y = x.add(steps);
  const inverse = constant(1).div(y);
  const series = polynomial(inverse.square(), bernoulli().slice(0, 8).map((b, j) => b / (2 * j + 2)));
  const far = y.log().sub(inverse.mul(0.5)).sub(inverse.square().mul(series));
  return shifts(x).reduceRight((sum, shifted) => sum.sub(constant(1).div(shifted)), far);
}

/** x − its nearest whole number: what sin and cot of πx depend on. */
export const fromInteger = (x: Expr): Expr => x.sub(x.round());

function cotangent(x: Expr): Expr {
  const angle = fromInteger(x).mul(Math.PI);
  return angle.cos().div(angle.sin());
}

/** NaN where x is a whole number. */
function notAtPoles(x: Expr, value: Expr): Expr {
  const distance = fromInteger(x);
  return select(distance.eq(0), distance.div(distance), value);
}

function digammaFormula(x: Expr): Expr {
  const positive = positiveDigamma(select(x.lt(0), constant(1).sub(x), x));
  const reflected = positive.sub(cotangent(x).mul(Math.PI));
  return select(x.lt(0), notAtPoles(x, reflected), positive);
}

/** n!·ζ(n + 1, x) for x ≥ 0, ζ by the sum of Euler and Maclaurin. */
function scaledZeta(n: number, x: Expr): Expr {
  const y = x.add(steps);
  const factorial = Array.from({ length: n }, (_, k) => k + 1).reduce((a, b) => a * b, 1);
  const inverse = constant(1).div(y);
  // (s)₂ⱼ₋₁·B₂ⱼ/(2j)! for s = n + 1.
  let rising = (n + 1) / 2;
  const coefficients = bernoulli().map((b, j) => {
    const coefficient = b * rising;
    rising *= ((n + 2 * j + 2) * (n + 2 * j + 3)) / ((2 * j + 3) * (2 * j + 4));
    return coefficient;
  });
  const tail = inverse.square().mul(polynomial(inverse.square(), coefficients)).add(inverse.mul(0.5)).add(1 / n);
  const far = y.pow(-n).mul(tail);
  return shifts(x).reduceRight((sum, shifted) => sum.add(shifted.pow(-n - 1)), far).mul(factorial);
}

/** Coefficients of the polynomial in c = cot(πx) that is dⁿc/dxⁿ: each derivative multiplies P′(c) by −π(1 + c²). */
function cotangentDerivative(n: number): number[] {
  let coefficients = [0, 1];
  for (let k = 0; k < n; k++) {
    const next = new Array<number>(coefficients.length + 1).fill(0);
    for (let power = 1; power < coefficients.length; power++) {
      const slope = -Math.PI * power * coefficients[power];
      next[power - 1] += slope;
      next[power + 1] += slope;
    }
    coefficients = next;
  }
  return coefficients;
}

function polygammaFormula(n: number, x: Expr): Expr {
  const isEven = n % 2 === 0;
  const size = scaledZeta(n, select(x.lt(0), constant(1).sub(x), x));
  const positive = isEven ? size.neg() : size;
  const reflected = size.add(polynomial(cotangent(x), cotangentDerivative(n)).mul(Math.PI)).neg();
  // Poles of even order go to ∞ from both sides; at the others there is no value.
  return select(x.lt(0), isEven ? notAtPoles(x, reflected) : reflected, positive);
}

const programs = new Map<number, Program>();

function programOf(n: number): Program {
  let program = programs.get(n);
  if (program === undefined) programs.set(n, (program = new Program([polygammaFormula(n, input(0))], 1, 0)));
  return program;
}

const derivativeOf: Op<[n: number, x: Tensor]> = /* @__PURE__ */ defineOp({
  name: "polygamma",
  parse: (n: number, x: Tensor) => [[asFloat(x)], { n }],
  shape: ([x]) => x.shape,
  forward: (backend, inputs, out, { n }) => { backend.map(programOf(n), inputs, [out], []); },
  backward: ({ grad, inputs: [x], options: { n } }) => [grad.mul(derivativeOf(n + 1, x))],
  flops: (_, output, { n }) => output.size * programOf(n).flops,
});

/**
 * ψ(x) = d/dx log Γ(x): −∞ at 0, NaN at the negative whole numbers.
 * Error below 1e-15·(1 + |ψ|) in float64, 1e-6 in float32. Shapes: any → same.
 */
export const digamma: Op<[x: Tensor]> = /* @__PURE__ */ defineFormula("digamma", digammaFormula, (x) => derivativeOf(1, x));

/**
 * The nth derivative of `digamma`, n ≥ 0; `polygamma(1, x)` is the trigamma function.
 * Relative error for n ≤ 4 below 1e-15 in float64, 1e-6 in float32. Shapes: any → same.
 * @throws ValueError unless n is a whole number of at least 0
 */
export const polygamma = /* @__PURE__ */ defineComposite("polygamma", (n: number, x: Tensor): Tensor => {
  checkWhole("polygamma", "n", n);
  return n === 0 ? digamma(x) : derivativeOf(n, x);
});

const EULER = 0.5772156649015329;

export const examples = (): Example[] => [
  example(digamma, { inputs: [[0.5, 1, 10]], expect: [-EULER - 2 * Math.LN2, -EULER, 2.251752589066721] }),
  example(digamma, { inputs: [[-0.5, -2.25]], expect: [0.03648997397857652, 4.158583564657972] }),
  example(digamma, { inputs: [[0, -1, Infinity]], expect: [-Infinity, NaN, Infinity], gradient: false }),
  example(polygamma, { inputs: [[0.5, 1, 10]], call: ([x]) => polygamma(1, x), expect: [Math.PI ** 2 / 2, Math.PI ** 2 / 6, 0.10516633568168575] }),
  example(polygamma, { inputs: [[1, -0.5]], call: ([x]) => polygamma(2, x), expect: [-2.4041138063191885, -0.82879664423432] }),
  example(polygamma, { inputs: [[0.5, 2]], call: ([x]) => polygamma(0, x), expect: [-EULER - 2 * Math.LN2, 1 - EULER] }),
  example(polygamma, { inputs: [[0, -1]], call: ([x]) => polygamma(1, x), expect: [Infinity, Infinity], gradient: false }),
  example(polygamma, { shapes: [[2]], call: ([x]) => polygamma(-1, x), throws: "n is -1. Give a whole number of at least 0" }),
];
