import { elementwise } from "../../op/elementwise.js";
import { example } from "../../op/example.js";
import type { Example } from "../../op/example.js";
import { constant, select } from "../../expr/expr.js";

/** log(eᵃ + eᵇ) without overflow; −∞ where both are. Shapes: broadcast. */
export const logAddExp = elementwise("logAddExp", (a, b) => {
  const sum = select(a.ge(b), a.add(b.sub(a).softplus()), b.add(a.sub(b).softplus()));
  // Of two equal infinities the difference is NaN; each gets half of the gradient.
  return select(a.eq(b).and(a.abs().eq(Infinity)), a.add(b).mul(0.5), sum);
});

/** x·log(1 + y), and 0 where x = 0 (NaN where y is). Shapes: broadcast. */
export const xlog1py = elementwise("xlog1py", (x, y) => {
  // Only where the product is NaN: elsewhere the slope at x = 0 is log(1 + y).
  const isVoid = x.eq(0).and(y.le(-1).or(y.eq(Infinity)));
  return select(isVoid, 0, x.mul(y.log1p()));
});

/** −x·log x, the summand of an entropy: 0 at 0, −∞ below. Shapes: any → same. */
export const entr = elementwise("entr", (x) =>
  select(x.gt(0), x.mul(x.log()).neg(), select(x.eq(0), 0, select(x.lt(0), -Infinity, x))),
);

/** 2ˣ, a float also for integers. Shapes: any → same. */
export const exp2 = elementwise("exp2", (x) => constant(2).pow(x.div(1)));

export const examples = (): Example[] => [
  example(logAddExp, { inputs: [[0, 1000, -1000], [0, 999, 3]], expect: [Math.LN2, 1000 + Math.log1p(Math.exp(-1)), 3] }),
  example(logAddExp, { inputs: [[-Infinity, Infinity, 2], [-Infinity, Infinity, -Infinity]], expect: [-Infinity, Infinity, 2], gradient: false }),
  example(logAddExp, { shapes: [[2, 3], [3]] }),
  example(xlog1py, { inputs: [[0, 2, 0], [-1, 3, NaN]], expect: [0, 2 * Math.log(4), NaN], gradient: false }),
  example(xlog1py, { shapes: [[2, 3], [3]], range: [-0.5, 2] }),
  example(entr, { inputs: [[0.5, 1, 2]], expect: [0.5 * Math.LN2, 0, -2 * Math.LN2] }),
  example(entr, { inputs: [[0, -1, NaN]], expect: [0, -Infinity, NaN], gradient: false }),
  example(exp2, { inputs: [[-1, 0, 0.5, 10]], expect: [0.5, 1, Math.SQRT2, 1024] }),
  example(exp2, { inputs: [[3]], dtypes: ["int32"], expect: [8] }),
];
