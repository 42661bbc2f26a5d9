import { DTypeError, checkOptions } from "@dl/registry";
import { broadcastShapes, normalizeDim, sizeOf } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { indexSelect } from "../indexing.js";
import { any } from "../reduction.js";
import { argsort } from "./sort.js";

export interface UniqueOptions {
  /** Compares whole slices along this dim; by default single elements of the flattened tensor. */
  readonly dim?: number;
}

export interface Unique {
  /** The distinct elements (or slices) in ascending order. Differentiable: the gradient flows to each one's first occurrence. */
  readonly values: Tensor;
  /** For every element (or slice) of x, where it stands in `values`; int32. */
  readonly inverse: Tensor;
  /** How often each value occurs; int32. */
  readonly counts: Tensor;
}

const line = (x: Tensor, data: Int32Array): Tensor => x.makeFrom(data, "int32", [data.length]);

/** The order that sorts rows [N, M] by their first column, then by their second, …: stable sorts from the last column on. */
function lexicographic(rows: Tensor): Tensor {
  let order = line(rows, Int32Array.from({ length: rows.shape[0] }, (_, i) => i));
  for (let column = rows.shape[1] - 1; column >= 0; column--) {
    order = indexSelect(order, 0, argsort(indexSelect(rows.select(1, column), 0, order)));
  }
  return order;
}

/**
 * The distinct elements of x in ascending order, where each element of x went, and how often it occurs. Every NaN is its own value.
 * Asynchronous, since the number of results depends on values.
 * Shapes: any → [K], x's shape, [K]; along a dim [.., L, ..] → [.., K, ..], [L], [K].
 */
export async function unique(x: Tensor, options?: UniqueOptions): Promise<Unique> {
  checkOptions("unique", options, ["dim"]);
  const whole = options?.dim === undefined;
  const source = whole ? x.flatten() : x;
  const dim = normalizeDim("unique", options?.dim ?? 0, source.ndim);
  const length = source.shape[dim];
  const front = source.detach().permute([dim, ...source.shape.map((_, d) => d).filter((d) => d !== dim)]);
  const rows = front.reshape([length, sizeOf(front.shape.slice(1))]);
  const order = lexicographic(rows);
  const sorted = indexSelect(rows, 0, order);
  const differs = any(sorted.slice(0, 1).ne(sorted.slice(0, 0, Math.max(0, length - 1))), 1);
  const [breaks, positions] = await Promise.all([differs.data(), order.data()]);

  const inverse = new Int32Array(length);
  const firsts: number[] = [];
  const counts: number[] = [];
  for (let i = 0; i < length; i++) {
    if (i === 0 || breaks[i - 1] !== 0) {
      firsts.push(positions[i]);
      counts.push(0);
    }
    counts[counts.length - 1]++;
    inverse[positions[i]] = firsts.length - 1;
  }
  return {
    values: indexSelect(source, dim, line(x, Int32Array.from(firsts))),
    inverse: line(x, inverse).reshape(whole ? x.shape : [length]),
    counts: line(x, Int32Array.from(counts)),
  };
}

/** Positions, row-major, where `data` is not 0. */
function positionsOf(data: ArrayLike<number>): Int32Array {
  const found: number[] = [];
  for (let i = 0; i < data.length; i++) if (data[i] !== 0) found.push(i);
  return Int32Array.from(found);
}

/** The indices of all elements that are not 0, row-major: int32, [K, ndim]. Asynchronous, since K depends on values. */
export async function nonzero(x: Tensor): Promise<Tensor> {
  const positions = positionsOf(await x.data());
  const indices = new Int32Array(positions.length * x.ndim);
  positions.forEach((position, k) => {
    let rest = position;
    for (let d = x.ndim - 1; d >= 0; d--) {
      indices[k * x.ndim + d] = rest % x.shape[d];
      rest = Math.floor(rest / x.shape[d]);
    }
  });
  return x.makeFrom(indices, "int32", [positions.length, x.ndim]);
}

/**
 * The elements of x where `mask` is true, row-major: [K]. Both broadcast. Differentiable in x. Asynchronous, since K depends on values.
 * @throws DTypeError unless the mask is bool
 */
export async function maskedSelect(x: Tensor, mask: Tensor): Promise<Tensor> {
  if (mask.dtype !== "bool") throw new DTypeError("maskedSelect", `the mask is ${mask.dtype}`, "Compare first: x.gt(0)", { dtype: mask.dtype });
  const shape = broadcastShapes("maskedSelect", x.shape, mask.shape);
  const positions = positionsOf(await mask.expand(shape).data());
  return indexSelect(x.expand(shape).reshape([sizeOf(shape)]), 0, line(x, positions));
}
