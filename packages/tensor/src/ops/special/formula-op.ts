import { isFloat } from "../../dtype.js";
import { constant, input } from "../../expr/expr.js";
import type { Expr } from "../../expr/expr.js";
import { Program } from "../../expr/program.js";
import { defineOp } from "../../op/define.js";
import type { Op } from "../../op/define.js";
import type { Tensor } from "../../tensor.js";

/** Integers and truth values are taken as float32. */
export const asFloat = (x: Tensor): Tensor => (isFloat(x.dtype) ? x : x.to("float32"));

/**
 * An op of one tensor whose formula is an approximation: it serves the forward only, and the derivative is an exact rule,
 * written with differentiable ops. (Differentiating the approximation would lose digits with every order.)
 * @param derivative of the input and the output
 */
/* @__NO_SIDE_EFFECTS__ */
export function defineFormula(name: string, formula: (x: Expr) => Expr, derivative: (x: Tensor, y: Tensor) => Tensor): Op<[x: Tensor]> {
  let made: Program | undefined;
  // Built when first used: importing an op must cost nothing.
  const program = (): Program => (made ??= new Program([formula(input(0))], 1, 0));
  return defineOp({
    name,
    parse: (x: Tensor) => [[asFloat(x)], null],
    shape: ([x]) => x.shape,
    forward: (backend, inputs, out) => { backend.map(program(), inputs, [out], []); },
    backward: ({ grad, inputs: [x], output }) => [grad.mul(derivative(x, output))],
    flops: (_, output) => output.size * program().flops,
  });
}

/** Σ coefficients[k]·xᵏ. */
export function polynomial(x: Expr, coefficients: readonly number[]): Expr {
  const highest = constant(coefficients[coefficients.length - 1]);
  return coefficients.slice(0, -1).reduceRight((sum, coefficient) => sum.mul(x).add(coefficient), highest);
}
