import { argmin, flip, full, isFloat, logSumExp, norm, prod } from "@dl/tensor";
import type { DType, Tensor } from "@dl/tensor";
import { dimsOf, fromFront } from "./dims.js";
import type { Operator, Operators } from "./node.js";

type Reduction = (x: Tensor, dims: readonly number[], options: { readonly keepDim: boolean }) => Tensor;

/** Axes are an attribute or, in newer operator sets, input 1; none means all, unless the node says that none means none. */
const reduction = (f: Reduction): Operator => (node) => {
  const x = node.input();
  const axes = node.list("axes", 1) ?? [];
  if (axes.length === 0 && node.flag("noop_with_empty_axes")) return x;
  const dims = axes.length === 0 ? dimsOf(x) : axes.map((axis) => fromFront(axis, x.ndim));
  return f(x, dims, { keepDim: node.flag("keepdims", true) });
};

const lowestInt = -(2 ** 31);

const lowest = (dtype: DType): number => (isFloat(dtype) ? -Infinity : dtype === "bool" ? 0 : lowestInt);
const highest = (dtype: DType): number => (isFloat(dtype) ? Infinity : dtype === "bool" ? 1 : -1 - lowestInt);

/** ONNX reduces no elements to a neutral one, where ours (as PyTorch) refuses: a line of that one stands in. */
const orNeutral = (f: Reduction, neutral: (dtype: DType) => number): Reduction => (x, dims, options) => {
  const isEmpty = dims.some((d) => x.shape[d] === 0);
  if (!isEmpty) return f(x, dims, options);
  const shape = x.shape.map((size, d) => (dims.includes(d) ? 1 : size));
  return f(full(shape, neutral(x.dtype), { dtype: x.dtype }), dims, options);
};

/** The index of the extreme along one axis: the first one or, on demand, the last one. */
const extreme = (f: (x: Tensor, dim: number, options: { readonly keepDim: boolean }) => Tensor): Operator => (node) => {
  const x = node.input();
  const axis = node.number("axis", 0);
  const options = { keepDim: node.flag("keepdims", true) };
  if (!node.flag("select_last_index")) return f(x, axis, options);
  return f(flip(x, axis), axis, options).neg().add((x.shape.at(axis) ?? 1) - 1);
};

export const reductions: Operators = {
  ReduceSum: reduction((x, dims, options) => x.sum(dims, options)),
  ReduceMean: reduction((x, dims, options) => x.mean(dims, options)),
  ReduceProd: reduction(prod),
  ReduceMax: reduction(orNeutral((x, dims, options) => x.max(dims, options), lowest)),
  ReduceMin: reduction(orNeutral((x, dims, options) => x.min(dims, options), highest)),
  ReduceL1: reduction((x, dims, options) => norm(x, dims, { ...options, p: 1 })),
  ReduceL2: reduction(norm),
  ReduceSumSquare: reduction((x, dims, options) => x.square().sum(dims, options)),
  ReduceLogSum: reduction((x, dims, options) => x.sum(dims, options).log()),
  ReduceLogSumExp: reduction(orNeutral(logSumExp, lowest)),
  ArgMax: extreme((x, dim, options) => x.argmax(dim, options)),
  ArgMin: extreme(argmin),
  GlobalAveragePool: (node) => node.input().mean(dimsOf(node.input(), 2), { keepDim: true }),
  GlobalMaxPool: (node) => node.input().max(dimsOf(node.input(), 2), { keepDim: true }),
};
