import { isFloat } from "../dtype.js";
import { defineComposite } from "../op/define.js";
import { elementwise } from "../op/elementwise.js";
import { example } from "../op/example.js";
import type { Example } from "../op/example.js";
import { constant, select } from "../expr/expr.js";
import type { Tensor } from "../tensor.js";

/** a + b. */
export const add = elementwise("add", (a, b) => a.add(b));
/** a − b. */
export const sub = elementwise("sub", (a, b) => a.sub(b));
/** a·b. */
export const mul = elementwise("mul", (a, b) => a.mul(b));
/** a/b, a float also for integers. */
export const div = elementwise("div", (a, b) => a.div(b));
const quotient = elementwise("quotient", (a, b) => a.sub(a.mod(b)).div(b).floor());
const integerQuotient = elementwise("integerQuotient", (a, b) => a.sub(a.mod(b)).div(b).floor().cast("int32"));

/** ⌊a/b⌋, int32 for integers; as torch.floor_divide. */
export const floorDivide = /* @__PURE__ */ defineComposite(
  "floorDivide",
  (a: Tensor, b: Tensor | number): Tensor => {
    const whole = !isFloat(a.dtype) && (typeof b === "number" ? Number.isInteger(b) : !isFloat(b.dtype));
    return whole ? integerQuotient(a, b) : quotient(a, b);
  },
  { differentiable: false },
);
/** The remainder with the sign of the divisor, a − b·⌊a/b⌋, as torch.remainder. */
export const remainder = elementwise("remainder", (a, b) => a.mod(b));
/** The remainder with the sign of the dividend, a − b·trunc(a/b), as torch.fmod. */
export const fmod = elementwise("fmod", (a, b) => a.abs().mod(b.abs()).mul(select(a.lt(0), -1, 1)));
/** aᵇ. */
export const pow = elementwise("pow", (a, b) => a.pow(b));
/** −x. */
export const neg = elementwise("neg", (x) => x.neg());
/** |x|; the gradient at 0 is 0. */
export const abs = elementwise("abs", (x) => x.abs());
/** −1, 0 or 1. */
export const sign = elementwise("sign", (x) => x.sign());
/** x². */
export const square = elementwise("square", (x) => x.square());
/** 1/x. */
export const reciprocal = elementwise("reciprocal", (x) => constant(1).div(x));
/** The smaller of both; ties share the gradient. */
export const minimum = elementwise("minimum", (a, b) => a.min(b));
/** The larger of both; ties share the gradient. */
export const maximum = elementwise("maximum", (a, b) => a.max(b));
/** min(max(x, low), high); the gradient is 1 inside and on the bounds. */
export const clamp = elementwise("clamp", (x, low, high) => {
  const raised = select(x.lt(low), low, x);
  return select(raised.gt(high), high, raised);
});
/** ⌊x⌋. */
export const floor = elementwise("floor", (x) => x.floor());
/** ⌈x⌉. */
export const ceil = elementwise("ceil", (x) => x.ceil());
/** To the nearest whole number, halves to even. */
export const round = elementwise("round", (x) => x.round());
/** Towards zero. */
export const trunc = elementwise("trunc", (x) => select(x.lt(0), x.ceil(), x.floor()));
/** a + weight·(b − a). */
export const lerp = elementwise("lerp", (a, b, weight) => a.add(weight.mul(b.sub(a))));

export const examples = (): Example[] => [
  example(add, { inputs: [[[1, 2], [3, 4]], [10, 20]], expect: [[11, 22], [13, 24]] }),
  example(add, { shapes: [[2, 3], [2, 1]] }),
  example(add, { shapes: [[2, 3], [4]], throws: "shapes [2, 3] and [4] do not broadcast: 3 against 4 in dimension -1" }),
  example(sub, { inputs: [[5, 7], [1, 2]], expect: [4, 5] }),
  example(sub, { shapes: [[3], [2, 3]] }),
  example(mul, { inputs: [[2, 3], [4, 5]], expect: [8, 15] }),
  example(mul, { shapes: [[2, 1, 3], [4, 1]] }),
  example(mul, { inputs: [[65536, 3]], dtypes: ["int32"], call: ([x]) => x.mul(65537), expect: [65536, 196611] }),
  example(div, { inputs: [[7, 8], [2, 4]], dtypes: ["int32", "int32"], expect: [3.5, 2], gradient: false }),
  example(div, { shapes: [[2, 3], [3]], range: [0.5, 2] }),
  example(floorDivide, { inputs: [[7, -7], [2, 2]], expect: [3, -4] }),
  example(floorDivide, { inputs: [[16777217, -7], [1, 2]], dtypes: ["int32", "int32"], expect: [16777217, -4], tolerance: 0 }),
  example(remainder, { inputs: [[7, -7, 7], [3, 3, -3]], expect: [1, 2, -2] }),
  example(remainder, { inputs: [[5.3, -5.2], [2.1, 3.1]] }),
  example(fmod, { inputs: [[7, -7, 7], [3, 3, -3]], expect: [1, -1, 1] }),
  example(fmod, { inputs: [[5.3, -5.2], [2.1, 3.1]] }),
  example(pow, { inputs: [[2, 3, 4], [3, 2, 0.5]], expect: [8, 9, 2] }),
  example(pow, { shapes: [[2, 3], [2, 3]], range: [0.5, 2] }),
  example(pow, { shapes: [[4]], call: ([x]) => pow(x, 3) }),
  example(pow, { shapes: [[4]], range: [0.5, 1.5], call: ([x]) => pow(2, x) }),
  example(neg, { inputs: [[1, -2]], expect: [-1, 2] }),
  example(abs, { inputs: [[1.5, -2]], expect: [1.5, 2] }),
  example(sign, { inputs: [[1.5, 0, -2]], expect: [1, 0, -1] }),
  example(square, { inputs: [[3, -2]], expect: [9, 4] }),
  example(reciprocal, { inputs: [[4, -2]], expect: [0.25, -0.5] }),
  example(minimum, { inputs: [[1, 5], [3, 2]], expect: [1, 2] }),
  example(minimum, { shapes: [[2, 3], [3]] }),
  example(maximum, { inputs: [[1, 5], [3, 2]], expect: [3, 5] }),
  example(maximum, { shapes: [[2, 3], [3]] }),
  example(clamp, { inputs: [[-3, 0.5, 3]], call: ([x]) => clamp(x, -1, 1), expect: [-1, 0.5, 1] }),
  example(clamp, { inputs: [[-3, 1.5, 5]], call: ([x]) => clamp(x, 2, 1), expect: [1, 1, 1] }),
  example(clamp, { inputs: [[-3, 16777217]], dtypes: ["int32"], call: ([x]) => x.clamp(0, Infinity), expect: [0, 16777217], tolerance: 0 }),
  example(floor, { inputs: [[1.5, -1.5]], expect: [1, -2] }),
  example(ceil, { inputs: [[1.5, -1.5]], expect: [2, -1] }),
  example(round, { inputs: [[0.5, 1.5, -2.5, 2.4]], expect: [0, 2, -2, 2] }),
  example(trunc, { inputs: [[1.5, -1.5]], expect: [1, -1] }),
  example(lerp, { inputs: [[0, 10], [10, 20]], call: ([a, b]) => lerp(a, b, 0.25), expect: [2.5, 12.5] }),
  example(lerp, { shapes: [[3], [3], [3]] }),
];
