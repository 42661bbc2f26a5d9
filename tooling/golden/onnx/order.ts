import { arange, argsort, cumprod, cumsum, flip, indexSelect, nonzero, onesLike, pad, scatter, topk, unique } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { dimsOf, fromFront } from "./dims.js";
import type { OnnxNode, Operator, Operators } from "./node.js";

/** Each line moved on by one place: `first` enters, the last element drops out. */
const delayed = (x: Tensor, axis: number, first: number): Tensor =>
  pad(x, [...dimsOf(x, axis + 1).flatMap(() => [0, 0]), 1, -1], { value: first });

/** Sums or products along a line, without the element itself where `exclusive` says so, from the end where `reverse` does. */
const cumulative = (f: (x: Tensor, dim: number) => Tensor, neutral: number): Operator => (node) => {
  const x = node.input();
  const axis = fromFront(node.values(1)?.[0] ?? node.refuse("it has no axis"), x.ndim);
  const turn = (y: Tensor): Tensor => (node.flag("reverse") ? flip(y, axis) : y);
  const line = node.flag("exclusive") ? delayed(turn(x), axis, neutral) : turn(x);
  return turn(f(line, axis)).to(x.dtype);
};

function topK(node: OnnxNode): Tensor[] {
  const k = node.optionalNumber("k") ?? node.values(1)?.[0] ?? node.refuse("it has no k");
  const { values, indices } = topk(node.input(), k, { dim: node.number("axis", -1), largest: node.flag("largest", true) });
  return [values, indices];
}

/** The distinct elements, or slices along `axis`: in ascending order, or in that of their first occurrence. */
async function distinct(node: OnnxNode): Promise<Tensor[]> {
  const x = node.input();
  const axis = node.optionalNumber("axis");
  const { values, inverse, counts } = await unique(x, axis === undefined ? {} : { dim: axis });
  const places = inverse.flatten();
  const firsts = scatter(onesLike(counts), 0, places, arange(places.size), { reduce: "amin", includeSelf: false });
  if (node.flag("sorted", true)) return [values, firsts, places, counts];
  const order = argsort(firsts);
  const inOrder = (y: Tensor, dim = 0): Tensor => indexSelect(y, dim, order);
  return [inOrder(values, axis), inOrder(firsts), indexSelect(argsort(order), 0, places), inOrder(counts)];
}

export const ordering: Operators = {
  CumSum: cumulative(cumsum, 0),
  CumProd: cumulative(cumprod, 1),
  TopK: topK,
  Unique: distinct,
  NonZero: async (node) => (await nonzero(node.input())).transpose(),
};
