import { floorDivide, logicalAnd, remainder, tensor, where } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { unary } from "./elementwise.js";
import type { Operator, Operators } from "./node.js";

const powers = Array.from({ length: 31 }, (_, k) => 2 ** k);

/** The bits of a two's complement but the highest, the sign, in a new last dim. */
const bitsOf = (x: Tensor): Tensor => remainder(floorDivide(x.unsqueeze(-1), tensor(powers, { dtype: "int32" })), 2);

/** The bits that both have, bit by bit: no op of ours works on them. */
function and(a: Tensor, b: Tensor): Tensor {
  const shared = bitsOf(a).mul(bitsOf(b)).mul(tensor(powers, { dtype: "int32" })).sum(-1);
  return shared.add(where(logicalAnd(a.lt(0), b.lt(0)), -(2 ** 31), 0));
}

/** Computed in int32, which holds bytes as well. */
const bitwise = (f: (a: Tensor, b: Tensor) => Tensor): Operator => (node) => {
  const a = node.input(0);
  return f(a.to("int32"), node.input(1).to("int32")).to(a.dtype);
};

export const bits: Operators = {
  BitwiseAnd: bitwise(and),
  // What stands in both is counted twice in the sum.
  BitwiseOr: bitwise((a, b) => a.add(b).sub(and(a, b))),
  BitwiseXor: bitwise((a, b) => a.add(b).sub(and(a, b).mul(2))),
  BitwiseNot: unary((x) => (x.dtype === "uint8" ? x.mul(-1).add(255) : x.mul(-1).sub(1)).to(x.dtype)),
};
