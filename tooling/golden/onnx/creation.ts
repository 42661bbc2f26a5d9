import { arange, bernoulli, full, Generator, onesLike, tensor, where } from "@dl/tensor";
import type { DType, Tensor } from "@dl/tensor";
import type { OnnxNode, Operators } from "./node.js";

/** ONNX numbers its dtypes; int64 is int32 here. */
const dtypeNumbers: Readonly<Record<number, DType>> = { 1: "float32", 2: "uint8", 3: "int8", 6: "int32", 7: "int32", 9: "bool", 11: "float64" };

function dtypeOf(node: OnnxNode, fallback: DType): DType {
  const number = node.optionalNumber("dtype");
  if (number === undefined) return fallback;
  return Object.hasOwn(dtypeNumbers, number) ? dtypeNumbers[number] : node.refuse(`dtype ${number} is not one of ours`);
}

/** Column minus row of every element of a [rows, cols] matrix; int32. */
const diagonals = (rows: number, cols: number): Tensor => arange(cols).sub(arange(rows).unsqueeze(1));

function range(node: OnnxNode): Tensor {
  const { dtype } = node.input();
  const [start, end, step] = [node.input(0).item(), node.input(1).item(), node.input(2).item()];
  return arange(start, (end - start) * step < 0 ? start : end, step, { dtype });
}

function triangle(node: OnnxNode): Tensor {
  const x = node.input();
  const [rows, cols] = x.shape.slice(-2);
  const k = node.optional(1)?.item() ?? 0;
  const distance = diagonals(rows, cols);
  return where(node.flag("upper", true) ? distance.ge(k) : distance.le(k), x, 0).to(x.dtype);
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
  EyeLike: (node) => {
    const x = node.input();
    return diagonals(x.shape[0], x.shape[1]).eq(node.number("k", 0)).to(dtypeOf(node, x.dtype));
  },
  Range: range,
  Trilu: triangle,
  Dropout: dropout,
};
