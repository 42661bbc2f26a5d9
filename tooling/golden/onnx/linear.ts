import { det, einsum } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import type { OnnxNode, Operators } from "./node.js";

/** alpha·a·b + beta·c, with a and b transposed on demand. */
function gemm(node: OnnxNode): Tensor {
  const a = node.flag("transA") ? node.input(0).transpose() : node.input(0);
  const b = node.flag("transB") ? node.input(1).transpose() : node.input(1);
  const product = a.matmul(b).mul(node.number("alpha", 1));
  const c = node.optional(2);
  return c === undefined ? product : product.add(c.mul(node.number("beta", 1)));
}

export const linear: Operators = {
  MatMul: (node) => node.input(0).matmul(node.input(1)),
  Gemm: gemm,
  Einsum: (node) => einsum(node.text("equation", ""), ...node.all()),
  Det: (node) => det(node.input()),
};
