import { arange, bernoulli, full, Generator, onesLike, tensor, tril, triu, where } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { dtypeOf } from "./dtype.js";
import type { OnnxNode, Operators } from "./node.js";

function range(node: OnnxNode): Tensor {
  const { dtype } = node.input();
  const [start, end, step] = [node.input(0).item(), node.input(1).item(), node.input(2).item()];
  return arange(start, (end - start) * step < 0 ? start : end, step, { dtype });
}

function triangle(node: OnnxNode): Tensor {
  const x = node.input();
  const diagonal = node.optional(1)?.item() ?? 0;
  return (node.flag("upper", true) ? triu : tril)(x, { diagonal }).to(x.dtype);
}

/** Ones on a diagonal of a matrix of x's shape. */
function eyeLike(node: OnnxNode): Tensor {
  const x = node.input();
  const [rows, columns] = x.shape;
  return arange(columns).sub(arange(rows).unsqueeze(1)).eq(node.number("k", 0)).to(dtypeOf(node, "dtype", x.dtype));
}

/** The identity unless training; then each element is zeroed with probability `ratio` and the others grow by 1/(1 − ratio). */
function dropout(node: OnnxNode): Tensor[] {
  const x = node.input();
  const ratio = node.optional(1)?.item() ?? node.number("ratio", 0.5);
  const isTraining = node.optional(2)?.item() === 1;
  if (!isTraining || ratio === 0) return [x, onesLike(x).to("bool")];
  const kept = bernoulli(x.shape, 1 - ratio, { generator: new Generator(node.number("seed", 0)) }).to("bool");
  return [where(kept, x.div(1 - ratio), 0), kept];
}

export const creation: Operators = {
  Constant: (node) => node.tensor("value") ?? node.refuse("it has no tensor value"),
  ConstantOfShape: (node) => {
    const value = node.tensor("value") ?? tensor(0);
    return full(node.values(0) ?? [], value.item(), { dtype: value.dtype });
  },
  EyeLike: eyeLike,
  Range: range,
  Trilu: triangle,
  Dropout: dropout,
};
