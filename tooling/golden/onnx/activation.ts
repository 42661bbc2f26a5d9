import {
  celu, elu, gelu, geluTanh, hardswish, hardtanh, leakyRelu, logSoftmax, mish, oneHot, prelu, sizeOf, softmax, softplus, softsign, threshold, where,
} from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { fromFront, singles } from "./dims.js";
import { unary } from "./elementwise.js";
import type { OnnxNode, Operator, Operators } from "./node.js";

const swish = (x: Tensor, alpha: number): Tensor => x.mul(x.mul(alpha).sigmoid());

/** Before opset 13, all dims from `axis` on counted as one. */
const alongAxis = (f: (x: Tensor, dim: number) => Tensor): Operator => (node) => {
  const x = node.input();
  if (node.opset >= 13) return f(x, node.number("axis", -1));
  const axis = fromFront(node.number("axis", 1), x.ndim);
  const merged = x.reshape([...x.shape.slice(0, axis), sizeOf(x.shape.slice(axis))]);
  return f(merged, -1).reshape(x.shape);
};

/** 1 at the first maximum of each line, 0 elsewhere. */
function hardmax(x: Tensor, dim: number): Tensor {
  const last = x.transpose(dim, -1);
  return oneHot(last.argmax(-1), x.shape.at(dim) ?? 1).to(x.dtype).transpose(dim, -1);
}

/** Before opset 7, one slope per channel. */
function slope(node: OnnxNode): Tensor {
  const weight = node.input(1);
  const perChannel = node.opset < 7 && weight.size > 1;
  return perChannel ? weight.reshape([-1, ...singles(node.input().ndim - 2)]) : weight;
}

export const activation: Operators = {
  Relu: unary((x) => x.relu()),
  Sigmoid: unary((x) => x.sigmoid()),
  Tanh: unary((x) => x.tanh()),
  Softplus: unary((x) => softplus(x)),
  Softsign: unary(softsign),
  Mish: unary(mish),
  HardSwish: unary(hardswish),
  Gelu: (node) => (node.text("approximate", "none") === "tanh" ? geluTanh : gelu)(node.input()),
  LeakyRelu: (node) => leakyRelu(node.input(), node.number("alpha", 0.01)),
  PRelu: (node) => prelu(node.input(), slope(node)),
  Elu: (node) => elu(node.input(), node.number("alpha", 1)),
  Celu: (node) => celu(node.input(), node.number("alpha", 1)),
  Selu: (node) => elu(node.input(), node.number("alpha", 1.6732632423543772)).mul(node.number("gamma", 1.0507009873554805)),
  HardSigmoid: (node) => hardtanh(node.input().mul(node.number("alpha", 0.2)).add(node.number("beta", 0.5)), 0, 1),
  Swish: (node) => swish(node.input(), node.number("alpha", 1)),
  SwiGLU: (node) => swish(node.input(0), node.number("alpha", 1)).mul(node.input(1)),
  ThresholdedRelu: (node) => threshold(node.input(), node.number("alpha", 1), 0),
  Shrink: (node) => {
    const [x, lambda, bias] = [node.input(), node.number("lambd", 0.5), node.number("bias", 0)];
    return where(x.lt(-lambda), x.add(bias), where(x.gt(lambda), x.sub(bias), 0));
  },
  Softmax: alongAxis(softmax),
  LogSoftmax: alongAxis(logSoftmax),
  Hardmax: alongAxis(hardmax),
};
