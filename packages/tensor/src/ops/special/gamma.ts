import { defineComposite } from "../../op/define.js";
import { example } from "../../op/example.js";
import type { Example } from "../../op/example.js";
import { constant, select } from "../../expr/expr.js";
import type { Expr } from "../../expr/expr.js";
import type { Tensor } from "../../tensor.js";
import { digamma, fromInteger } from "./digamma.js";
import { asFloat, defineFormula, polynomial } from "./formula-op.js";

/** ζ(k) − 1 = Σ m⁻ᵏ over m ≥ 2, the terms from 200 on by Euler and Maclaurin. */
function zetaMinusOne(k: number): number {
  const cut = 200;
  let sum = cut ** -k * (cut / (k - 1) + 0.5 + k / (12 * cut) - (k * (k + 1) * (k + 2)) / (720 * cut ** 3));
  for (let m = cut - 1; m >= 2; m--) sum += m ** -k;
  return sum;
}

/** log Γ(2 + z) = (1 − γ)z + Σ (−1)ᵏ(ζ(k) − 1)zᵏ/k, here for |z| ≤ ½: the terms fall by 4. */
const aroundTwo = (): number[] =>
  Array.from({ length: 27 }, (_, k) => (k === 0 ? 0 : k === 1 ? 0.4227843350984671 : ((k % 2 === 0 ? 1 : -1) * zetaMinusOne(k)) / k));

/** Coefficients of Stirling's series in 1/x², after 1/x. */
const stirling = (): number[] => [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400];

const largest = 8.5;

/** log Γ(x) for 0 ≤ x < 8.5: the recurrence leads to 2 + z, and its factors are all that the logarithm sees. */
function nearLogGamma(x: Expr): Expr {
  let z = select(x.lt(0.5), x, select(x.lt(1.5), x.sub(1), x.sub(2)));
  let factors = constant(1);
  for (let k = 1; k + 1.5 < largest; k++) {
    const steps = x.ge(k + 1.5);
    z = select(steps, x.sub(k + 2), z);
    factors = select(steps, factors.mul(x.sub(k)), factors);
  }
  const divisors = select(x.lt(0.5), x.mul(x.add(1)), x);
  return polynomial(z, aroundTwo()).add(select(x.lt(1.5), divisors.log().neg(), factors.log()));
}

function farLogGamma(x: Expr): Expr {
  const inverse = constant(1).div(x);
  return x.sub(0.5).mul(x.log().sub(1)).add(0.5 * Math.log(2 * Math.PI) - 0.5).add(inverse.mul(polynomial(inverse.square(), stirling())));
}

function logGamma(x: Expr): Expr {
  const positive = select(x.lt(0), constant(1).sub(x), x);
  const value = select(positive.lt(largest), nearLogGamma(positive), select(positive.eq(Infinity), Infinity, farLogGamma(positive)));
  const sine = fromInteger(x).mul(Math.PI).sin().abs();
  const reflected = constant(Math.log(Math.PI)).sub(sine.log()).sub(value);
  return select(x.lt(0), select(x.abs().eq(Infinity), Infinity, reflected), value);
}

/**
 * log |Γ(x)|, ∞ at 0 and the negative whole numbers. Its derivatives are `digamma` and `polygamma`.
 * Relative error for x > 0 below 1e-15 in float64, 5e-7 in float32; for x < 0 near the zeros it is absolute. Shapes: any → same.
 */
export const lgamma = defineFormula("lgamma", logGamma, (x) => digamma(x));

/** log B(a, b) = log Γ(a) + log Γ(b) − log Γ(a + b), a and b above 0. Shapes: broadcast. */
export const betaln = /* @__PURE__ */ defineComposite("betaln", (a: Tensor, b: Tensor): Tensor => {
  const [first, second] = [asFloat(a), asFloat(b)];
  return lgamma(first).add(lgamma(second)).sub(lgamma(first.add(second)));
});

export const examples = (): Example[] => [
  example(lgamma, { inputs: [[0.5, 1, 2, 4, 7]], expect: [0.5723649429247001, 0, 0, Math.log(6), Math.log(720)] }),
  example(lgamma, { inputs: [[0.01, 10, 100]], expect: [4.599479878042022, 12.801827480081469, 359.1342053695754] }),
  example(lgamma, { inputs: [[-0.5, -2.25]], expect: [1.2655121234846454, 0.5555015450206475] }),
  example(lgamma, { inputs: [[0, -3, Infinity, -Infinity]], expect: [Infinity, Infinity, Infinity, Infinity], gradient: false }),
  example(betaln, { inputs: [[1, 2], [1, 3]], expect: [0, -Math.log(12)] }),
  example(betaln, { shapes: [[2, 2], [2]], range: [0.5, 3] }),
];
