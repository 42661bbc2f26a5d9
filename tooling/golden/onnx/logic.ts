import { isInf, isNaN, logicalAnd, logicalNot, logicalOr, logicalXor, where } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { operands, unary } from "./elementwise.js";
import type { Operator, Operators } from "./node.js";

const test = (f: (a: Tensor, b: Tensor) => Tensor): Operator => (node) => f(...operands(node));

export const logic: Operators = {
  Equal: test((a, b) => a.eq(b)),
  Less: test((a, b) => a.lt(b)),
  LessOrEqual: test((a, b) => a.le(b)),
  Greater: test((a, b) => a.gt(b)),
  GreaterOrEqual: test((a, b) => a.ge(b)),
  And: test(logicalAnd),
  Or: test(logicalOr),
  Xor: test(logicalXor),
  Not: unary(logicalNot),
  Where: (node) => where(node.input(0), node.input(1), node.input(2)),
  IsNaN: unary(isNaN),
  IsInf: (node) => {
    const x = node.input();
    if (node.flag("detect_positive", true) && node.flag("detect_negative", true)) return isInf(x);
    if (node.flag("detect_positive", true)) return x.eq(Infinity);
    return node.flag("detect_negative", true) ? x.eq(-Infinity) : node.refuse("it detects neither sign");
  },
};
