import { ShapeError, ValueError, checkOptions } from "@dl/registry";
import { defineComposite } from "../../op/define.js";
import { example } from "../../op/example.js";
import type { Example } from "../../op/example.js";
import { broadcastShapes, normalizeDim, normalizeDims, showShape, sizeOf } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { stack } from "../joining.js";

function checkVectors(where: string, a: Tensor, b: Tensor): void {
  if (a.ndim !== 1 || b.ndim !== 1) {
    throw new ShapeError(where, `operands have shapes ${showShape(a.shape)} and ${showShape(b.shape)}`, "Give two vectors; use einsum for others", { shapes: [a.shape, b.shape] });
  }
}

/** All products a[i]·b[j]. Shapes: [M], [N] → [M, N]. @throws ShapeError unless both are vectors */
export const outer = /* @__PURE__ */ defineComposite("outer", (a: Tensor, b: Tensor): Tensor => {
  checkVectors("outer", a, b);
  return a.unsqueeze(1).mul(b.unsqueeze(0));
});

/** Σ a[i]·b[i]. Shapes: [N], [N] → []. @throws ShapeError unless both are vectors of one length */
export const dot = /* @__PURE__ */ defineComposite("dot", (a: Tensor, b: Tensor): Tensor => {
  checkVectors("dot", a, b);
  if (a.size !== b.size) throw new ShapeError("dot", `operands have ${a.size} and ${b.size} elements`, "Give vectors of one length", { shapes: [a.shape, b.shape] });
  return a.matmul(b);
});

export interface AlongOptions {
  /** Default −1. */
  readonly dim?: number;
}

/** Σ a·b along `dim` (default −1); other dims broadcast. Shapes: [.., N], [.., N] → [..]. */
export const vecdot = /* @__PURE__ */ defineComposite("vecdot", (a: Tensor, b: Tensor, options?: AlongOptions): Tensor => {
  checkOptions("vecdot", options, ["dim"]);
  return a.mul(b).sum(options?.dim ?? -1);
});

/**
 * The vector product a × b along a dim of size 3 (default −1); other dims broadcast. Shapes: [.., 3], [.., 3] → [.., 3].
 * @throws ShapeError when the dim has another size
 */
export const cross = /* @__PURE__ */ defineComposite("cross", (a: Tensor, b: Tensor, options?: AlongOptions): Tensor => {
  checkOptions("cross", options, ["dim"]);
  const shape = broadcastShapes("cross", a.shape, b.shape);
  const dim = normalizeDim("cross", options?.dim ?? -1, shape.length);
  if (shape[dim] !== 3) throw new ShapeError("cross", `dim ${dim} of shape ${showShape(shape)} has not size 3`, "Name a dim of 3 coordinates", { shape, dim });
  const [u, v] = [a.expand(shape), b.expand(shape)].map((x) => [0, 1, 2].map((i) => x.select(dim, i)));
  const minor = (i: number, j: number): Tensor => u[i].mul(v[j]).sub(u[j].mul(v[i]));
  return stack([minor(1, 2), minor(2, 0), minor(0, 1)], dim);
});

/** The dims of a and of b that are contracted, pair by pair. */
function contractedDims(a: Tensor, b: Tensor, dims: number | readonly [readonly number[], readonly number[]]): readonly [number[], number[]] {
  if (typeof dims === "number") {
    if (!Number.isInteger(dims) || dims < 0 || dims > Math.min(a.ndim, b.ndim)) {
      throw new ValueError("tensordot", `${dims} dims cannot be contracted between shapes ${showShape(a.shape)} and ${showShape(b.shape)}`, "Use a count that both have", { dims });
    }
    return [Array.from({ length: dims }, (_, i) => a.ndim - dims + i), Array.from({ length: dims }, (_, i) => i)];
  }
  const [first, second] = [dims[0].map((d) => normalizeDim("tensordot", d, a.ndim)), dims[1].map((d) => normalizeDim("tensordot", d, b.ndim))];
  normalizeDims("tensordot", first, a.ndim);
  normalizeDims("tensordot", second, b.ndim);
  if (first.length !== second.length) throw new ValueError("tensordot", `${first.length} dims against ${second.length}`, "Name the dims in pairs", { dims });
  return [first, second];
}

/**
 * Sums of products over several dims: the last `dims` of a with the first of b (default 2), or the dims named in pairs.
 * Shapes: a without its dims, then b without its.
 * @throws ShapeError when paired dims differ in size
 */
export const tensordot = /* @__PURE__ */ defineComposite("tensordot", (a: Tensor, b: Tensor, dims: number | readonly [readonly number[], readonly number[]] = 2): Tensor => {
  const [first, second] = contractedDims(a, b, dims);
  first.forEach((d, i) => {
    if (a.shape[d] !== b.shape[second[i]]) {
      throw new ShapeError("tensordot", `dim ${d} of ${showShape(a.shape)} and dim ${second[i]} of ${showShape(b.shape)} differ`, "Contracted dims must have equal sizes", {
        shapes: [a.shape, b.shape],
      });
    }
  });
  const rows = a.shape.map((_, d) => d).filter((d) => !first.includes(d));
  const columns = b.shape.map((_, d) => d).filter((d) => !second.includes(d));
  const [rowShape, columnShape] = [rows.map((d) => a.shape[d]), columns.map((d) => b.shape[d])];
  const depth = sizeOf(first.map((d) => a.shape[d]));
  const left = a.permute([...rows, ...first]).reshape([sizeOf(rowShape), depth]);
  const right = b.permute([...second, ...columns]).reshape([depth, sizeOf(columnShape)]);
  return left.matmul(right).reshape([...rowShape, ...columnShape]);
});

/** The Kronecker product: a with every element replaced by that element times b. Shapes: sizes multiply; missing leading dims count as 1. */
export const kron = /* @__PURE__ */ defineComposite("kron", (a: Tensor, b: Tensor): Tensor => {
  const rank = Math.max(a.ndim, b.ndim);
  const padded = (x: Tensor): number[] => [...new Array<number>(rank - x.ndim).fill(1), ...x.shape];
  const [m, n] = [padded(a), padded(b)];
  const blocks = a.reshape(m.flatMap((size) => [size, 1]));
  const inside = b.reshape(n.flatMap((size) => [1, size]));
  return blocks.mul(inside).reshape(m.map((size, d) => size * n[d]));
});

const square = [[1, 2], [3, 4]];

export const examples = (): Example[] => [
  example(outer, { inputs: [[1, 2], [3, 4, 5]], expect: [[3, 4, 5], [6, 8, 10]] }),
  example(outer, { shapes: [[2, 1], [3]], throws: "outer: operands have shapes [2, 1] and [3]" }),
  example(dot, { inputs: [[1, 2, 3], [4, 5, 6]], expect: 32 }),
  example(dot, { shapes: [[2], [3]], throws: "operands have 2 and 3 elements" }),
  example(vecdot, { inputs: [square, [5, 6]], expect: [17, 39] }),
  example(vecdot, { shapes: [[2, 3], [2, 1]], call: ([a, b]) => vecdot(a, b, { dim: 0 }) }),
  example(cross, { inputs: [[1, 0, 0], [0, 1, 0]], expect: [0, 0, 1] }),
  example(cross, { shapes: [[3, 2], [3, 1]], call: ([a, b]) => cross(a, b, { dim: 0 }) }),
  example(cross, { shapes: [[2], [2]], throws: "dim 0 of shape [2] has not size 3" }),
  example(tensordot, { inputs: [square, [[5, 6], [7, 8]]], expect: 70 }),
  example(tensordot, { inputs: [square, [[5, 6], [7, 8]]], call: ([a, b]) => tensordot(a, b, [[0], [-1]]), expect: [[23, 31], [34, 46]] }),
  example(tensordot, { inputs: [[1, 2], [3, 4]], call: ([a, b]) => tensordot(a, b, 0), expect: [[3, 4], [6, 8]] }),
  example(tensordot, { shapes: [[2, 3, 2], [3, 2, 2]], call: ([a, b]) => tensordot(a, b, [[1, 2], [0, 2]]) }),
  example(tensordot, { shapes: [[2, 3], [4, 5]], call: ([a, b]) => tensordot(a, b, 1), throws: "dim 1 of [2, 3] and dim 0 of [4, 5] differ" }),
  example(kron, { inputs: [[[1, 2]], [[1, 0], [0, 1]]], expect: [[1, 0, 2, 0], [0, 1, 0, 2]] }),
  example(kron, { shapes: [[2], [2, 2]] }),
];
