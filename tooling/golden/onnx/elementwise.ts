import {
  acos, acosh, asin, asinh, atan, atanh, ceil, cos, cosh, erf, floor, fmod, isFloat, maximum, minimum, reciprocal, remainder, round, sign,
  sin, sinh, tan, trunc,
} from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { singles } from "./dims.js";
import type { OnnxNode, Operator, Operators } from "./node.js";

export const unary = (f: (x: Tensor) => Tensor): Operator => (node) => f(node.input());

/** Both operands. Before opset 7 the second one could be laid against the first from `axis` on, not only from the right. */
export function operands(node: OnnxNode): readonly [Tensor, Tensor] {
  const [a, b] = [node.input(0), node.input(1)];
  const axis = node.opset < 7 ? node.optionalNumber("axis") : undefined;
  if (axis === undefined) return [a, b];
  return [a, b.reshape([...b.shape, ...singles(a.ndim - axis - b.ndim)])];
}

/** ONNX keeps the first operand's dtype, also for bytes, which ours promote to int32. */
const binary = (f: (a: Tensor, b: Tensor) => Tensor): Operator => (node) => {
  const [a, b] = operands(node);
  return f(a, b).to(a.dtype);
};

/** Integers are cut towards zero; float64 holds every quotient of int32 well enough for that. */
const quotient = (a: Tensor, b: Tensor): Tensor => (isFloat(a.dtype) ? a.div(b) : trunc(a.to("float64").div(b)));

const variadic = (f: (a: Tensor, b: Tensor) => Tensor): Operator => (node) =>
  node.all().reduce((a, b) => f(a, b)).to(node.input().dtype);

export const elementwise: Operators = {
  Add: binary((a, b) => a.add(b)),
  Sub: binary((a, b) => a.sub(b)),
  Mul: binary((a, b) => a.mul(b)),
  Div: binary(quotient),
  Pow: binary((a, b) => a.pow(b)),
  Mod: (node) => binary(node.flag("fmod") ? fmod : remainder)(node),
  Max: variadic(maximum),
  Min: variadic(minimum),
  Sum: variadic((a, b) => a.add(b)),
  Mean: (node) => node.all().reduce((a, b) => a.add(b)).div(node.all().length),
  Neg: unary((x) => x.neg()),
  Abs: unary((x) => x.abs()),
  Sign: unary(sign),
  Reciprocal: unary(reciprocal),
  Floor: unary(floor),
  Ceil: unary(ceil),
  Round: unary(round),
  Sqrt: unary((x) => x.sqrt()),
  Exp: unary((x) => x.exp()),
  Log: unary((x) => x.log()),
  Erf: unary(erf),
  Sin: unary(sin),
  Cos: unary(cos),
  Tan: unary(tan),
  Asin: unary(asin),
  Acos: unary(acos),
  Atan: unary(atan),
  Sinh: unary(sinh),
  Cosh: unary(cosh),
  Asinh: unary(asinh),
  Acosh: unary(acosh),
  Atanh: unary(atanh),
  Clip: (node) => {
    const x = node.input();
    const low = node.optionalNumber("min") ?? node.optional(1);
    const high = node.optionalNumber("max") ?? node.optional(2);
    const raised = low === undefined ? x : maximum(x, low);
    return (high === undefined ? raised : minimum(raised, high)).to(x.dtype);
  },
  Identity: unary((x) => x),
};
