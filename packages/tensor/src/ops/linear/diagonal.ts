import { ShapeError, ValueError, checkOptions } from "@dl/registry";
import { defineComposite, defineOp, defineView } from "../../op/define.js";
import { example } from "../../op/example.js";
import type { Example } from "../../op/example.js";
import { normalizeDim, showShape } from "../../shape.js";
import type { Shape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { reshaped } from "../../view.js";
import { where } from "../comparison.js";

export interface DiagonalOptions {
  /** Which diagonal: 0 (default) the main one, above it for positive numbers, below it for negative ones. */
  readonly offset?: number;
  /** The rows. Default 0 for `diagonal`, −2 for `diagEmbed`. */
  readonly dim1?: number;
  /** The columns. Default 1 for `diagonal`, −1 for `diagEmbed`. */
  readonly dim2?: number;
}

interface Plane {
  readonly offset: number;
  readonly dim1: number;
  readonly dim2: number;
}

function planeOf(where: string, rank: number, options: DiagonalOptions | undefined, defaults: readonly [number, number]): Plane {
  checkOptions(where, options, ["offset", "dim1", "dim2"]);
  const { offset = 0, dim1 = defaults[0], dim2 = defaults[1] } = options ?? {};
  if (!Number.isInteger(offset)) throw new ValueError(where, `the offset is ${offset}`, "Give a whole number", { offset });
  const [first, second] = [normalizeDim(where, dim1, rank), normalizeDim(where, dim2, rank)];
  if (first === second || rank < 2) throw new ShapeError(where, `dims ${dim1} and ${dim2} of ${rank} dims span no plane`, "Name two different dims", { dim1, dim2 });
  return { offset, dim1: first, dim2: second };
}

/** How a diagonal lies in memory: the other dims, then the steps along it. */
function diagonalOf({ shape, strides, offset: start }: { shape: Shape; strides: Shape; offset: number }, { offset, dim1, dim2 }: Plane): { shape: Shape; strides: Shape; offset: number } {
  const others = shape.map((_, d) => d).filter((d) => d !== dim1 && d !== dim2);
  const length = Math.max(0, Math.min(shape[dim1] + Math.min(offset, 0), shape[dim2] - Math.max(offset, 0)));
  const first = length === 0 ? start : start + Math.max(offset, 0) * strides[dim2] - Math.min(offset, 0) * strides[dim1];
  return { shape: [...others.map((d) => shape[d]), length], strides: [...others.map((d) => strides[d]), strides[dim1] + strides[dim2]], offset: first };
}

const diagonalView = defineView({
  name: "diagonal",
  parse: (x: Tensor, plane: Plane) => [[x], plane],
  view: diagonalOf,
  backward: ({ grad, inputs: [x], options }): Tensor[] => [embedDiagonal(grad, x.shape, options)],
});

/** Zeros of `shape` with x on a diagonal: the gradient of `diagonal`. */
const embedDiagonal = defineOp({
  name: "diagEmbed",
  parse: (x: Tensor, shape: Shape, plane: Plane) => [[x], { shape, plane }],
  shape: (_, { shape }) => shape,
  forward: (backend, [x], out, { plane }) => {
    const { shape, strides, offset } = diagonalOf(out, plane);
    backend.copy(x, reshaped(out, shape, strides, offset));
  },
  backward: ({ grad, options: { plane } }): Tensor[] => [diagonalView(grad, plane)],
});

/**
 * The elements x[.., i, i + offset, ..] of each plane, as a view with the diagonal in a new last dim.
 * Shapes: [.., M, .., N, ..] → [.., .., K]. Defaults: offset 0, dim1 0, dim2 1.
 * @throws ShapeError unless dim1 and dim2 differ
 */
export const diagonal = (x: Tensor, options?: DiagonalOptions): Tensor => diagonalView(x, planeOf("diagonal", x.ndim, options, [0, 1]));

/**
 * Square matrices with the last dim of x on a diagonal and 0 elsewhere. Shapes: [.., N] → [.., N + |offset|, N + |offset|], the new dims
 * standing where dim1 and dim2 say. Defaults: offset 0, dim1 −2, dim2 −1.
 * @throws ShapeError unless dim1 and dim2 differ
 */
export function diagEmbed(x: Tensor, options?: DiagonalOptions): Tensor {
  if (x.ndim === 0) throw new ShapeError("diagEmbed", "a 0-d tensor is no diagonal", "Reshape it: x.reshape([1])");
  const plane = planeOf("diagEmbed", x.ndim + 1, options, [-2, -1]);
  const size = x.shape[x.ndim - 1] + Math.abs(plane.offset);
  const shape = x.shape.slice(0, -1);
  for (const dim of [plane.dim1, plane.dim2].sort((a, b) => a - b)) shape.splice(dim, 0, size);
  return embedDiagonal(x, shape, plane);
}

/** Which diagonal of a matrix; see `DiagonalOptions.offset`. */
export interface DiagOptions {
  /** Default 0, the main one. */
  readonly offset?: number;
}

/** The square matrix with the vector x on a diagonal, or the diagonal of the matrix x. Shapes: [N] → [N + |offset|, N + |offset|]; [M, N] → [K]. */
export function diag(x: Tensor, options?: DiagOptions): Tensor {
  checkOptions("diag", options, ["offset"]);
  if (x.ndim !== 1 && x.ndim !== 2) throw new ShapeError("diag", `x has shape ${showShape(x.shape)}`, "Give a vector or a matrix; use diagonal or diagEmbed for batches", { shape: x.shape });
  return x.ndim === 1 ? diagEmbed(x, options) : diagonal(x, options);
}

/** The sum of the main diagonal of a matrix. Shapes: [M, N] → []. */
export const trace = /* @__PURE__ */ defineComposite("trace", (x: Tensor): Tensor => {
  if (x.ndim !== 2) throw new ShapeError("trace", `x has shape ${showShape(x.shape)}`, "Give a matrix; use diagonal and sum for batches", { shape: x.shape });
  return diagonal(x).sum();
});

export interface TriangleOptions {
  /** The last (tril) or first (triu) diagonal that is kept; 0 (default) is the main one. */
  readonly diagonal?: number;
}

/** x where `keep(column − row)` holds, 0 elsewhere. */
function triangle(name: string, x: Tensor, options: TriangleOptions | undefined, keep: (distance: number, diagonal: number) => boolean): Tensor {
  checkOptions(name, options, ["diagonal"]);
  if (x.ndim < 2) throw new ShapeError(name, `x of shape ${showShape(x.shape)} is no matrix`, "Give at least two dims", { shape: x.shape });
  const offset = options?.diagonal ?? 0;
  const [rows, columns] = x.shape.slice(-2);
  const kept = Uint8Array.from({ length: rows * columns }, (_, i) => Number(keep((i % columns) - Math.floor(i / columns), offset)));
  return where(x.makeFrom(kept, "bool", [rows, columns]), x, 0);
}

/** The lower triangles: x where column − row ≤ diagonal, 0 elsewhere. Shapes: [.., M, N] → same. @throws ShapeError on fewer than two dims */
export const tril = /* @__PURE__ */ defineComposite("tril", (x: Tensor, options?: TriangleOptions): Tensor => triangle("tril", x, options, (distance, last) => distance <= last));

/** The upper triangles: x where column − row ≥ diagonal, 0 elsewhere. Shapes: [.., M, N] → same. @throws ShapeError on fewer than two dims */
export const triu = /* @__PURE__ */ defineComposite("triu", (x: Tensor, options?: TriangleOptions): Tensor => triangle("triu", x, options, (distance, first) => distance >= first));

const table = [[1, 2, 3], [4, 5, 6]];

export const examples = (): Example[] => [
  example(diagonalView, { inputs: [table], call: ([x]) => diagonal(x), expect: [1, 5] }),
  example(diagonalView, { inputs: [table], call: ([x]) => diagonal(x, { offset: 1 }), expect: [2, 6] }),
  example(diagonalView, { inputs: [table], call: ([x]) => diagonal(x, { offset: -1 }), expect: [4] }),
  example(diagonalView, { shapes: [[2, 3]], call: ([x]) => diagonal(x, { offset: 5 }) }),
  example(diagonalView, { shapes: [[2, 3, 4]], call: ([x]) => diagonal(x, { offset: 1, dim1: 2, dim2: 0 }) }),
  example(diagonalView, { inputs: [table], call: ([x]) => diag(x, { offset: 2 }), expect: [3] }),
  example(diagonalView, { shapes: [[2, 3]], call: ([x]) => diagonal(x, { dim1: 1 }), throws: "dims 1 and 1 of 2 dims span no plane" }),
  example(embedDiagonal, { inputs: [[1, 2]], call: ([x]) => diag(x), expect: [[1, 0], [0, 2]] }),
  example(embedDiagonal, { inputs: [[[1, 2], [3, 4]]], call: ([x]) => diagEmbed(x, { offset: -1 }), expect: [[[0, 0, 0], [1, 0, 0], [0, 2, 0]], [[0, 0, 0], [3, 0, 0], [0, 4, 0]]] }),
  example(embedDiagonal, { shapes: [[2, 3]], call: ([x]) => diagEmbed(x, { dim1: 0, dim2: 2 }) }),
  example(embedDiagonal, { shapes: [[2, 2, 2]], call: ([x]) => diag(x), throws: "x has shape [2, 2, 2]" }),
  example(trace, { inputs: [table], expect: 6 }),
  example(trace, { shapes: [[3]], throws: "trace: x has shape [3]" }),
  example(tril, { inputs: [table], expect: [[1, 0, 0], [4, 5, 0]] }),
  example(tril, { inputs: [table], call: ([x]) => tril(x, { diagonal: -1 }), expect: [[0, 0, 0], [4, 0, 0]] }),
  example(tril, { shapes: [[2, 3, 3]], call: ([x]) => tril(x, { diagonal: 1 }) }),
  example(tril, { shapes: [[3]], throws: "x of shape [3] is no matrix" }),
  example(triu, { inputs: [table], expect: [[1, 2, 3], [0, 5, 6]] }),
  example(triu, { inputs: [table], dtypes: ["int32"], call: ([x]) => triu(x, { diagonal: 1 }), expect: [[0, 2, 3], [0, 0, 6]] }),
];
