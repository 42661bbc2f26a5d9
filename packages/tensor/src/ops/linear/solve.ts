import { DTypeError, ShapeError, ValueError } from "@dl/registry";
import { isFloat } from "../../dtype.js";
import { record } from "../../op/apply.js";
import { defineComposite } from "../../op/define.js";
import { example } from "../../op/example.js";
import type { Example } from "../../op/example.js";
import type { GradientRule } from "../../op/origin.js";
import { sumTo } from "../../op/sum-to.js";
import { broadcastShapes, showShape } from "../../shape.js";
import { withGradMode } from "../../state.js";
import type { Tensor } from "../../tensor.js";
import { remainder } from "../arithmetic.js";
import { where } from "../comparison.js";
import { gather } from "../indexing.js";
import { cat } from "../joining.js";
import { argmax, prod } from "../reduction.js";
import { diagonal } from "./diagonal.js";

/** @throws ShapeError unless x holds square matrices, DTypeError unless of floats */
function checkSquare(where: string, x: Tensor): number {
  const [rows, columns] = x.shape.slice(-2);
  if (x.ndim < 2 || rows !== columns) throw new ShapeError(where, `x of shape ${showShape(x.shape)} is no square matrix`, "Give [.., N, N]", { shape: x.shape });
  if (!isFloat(x.dtype)) throw new DTypeError(where, `x is ${x.dtype}`, 'Convert it: x.to("float32")', { dtype: x.dtype });
  return rows;
}

/** Row numbers as a column that broadcasts over matrices. */
const rowNumbers = (x: Tensor): Tensor => {
  const rows = x.shape[x.ndim - 2];
  return x.makeFrom(Int32Array.from({ length: rows }, (_, i) => i), "int32", [rows, 1]);
};

interface Elimination {
  /** 0 left of the diagonal, and with `upwards` right of it, too, as far as the square part goes. */
  readonly reduced: Tensor;
  /** How many rows were swapped; [..]. */
  readonly swaps: Tensor;
}

/**
 * Gaussian elimination of matrices [.., N, N + K], rows swapped so that the largest pivot comes first. Differentiable; a column
 * without a pivot is passed over.
 */
function eliminate(x: Tensor, upwards: boolean): Elimination {
  const rows = rowNumbers(x);
  const count = x.shape[x.ndim - 2];
  let reduced = x;
  let swaps = x.makeEmpty([...x.shape.slice(0, -2), 1, 1], "int32");
  for (let k = 0; k < count; k++) {
    const pivotRow = argmax(reduced.detach().slice(-2, k).slice(-1, k, k + 1).abs(), -2, { keepDim: true }).add(k);
    const order = where(rows.eq(k), pivotRow, where(rows.eq(pivotRow), k, rows));
    reduced = gather(reduced, reduced.ndim - 2, order.expand(reduced.shape));
    swaps = swaps.add(pivotRow.ne(k).to("int32"));
    const row = reduced.slice(-2, k, k + 1);
    const pivot = row.slice(-1, k, k + 1);
    const others = upwards ? rows.ne(k) : rows.gt(k);
    const factors = where(others, reduced.slice(-1, k, k + 1).div(where(pivot.eq(0), 1, pivot)), 0);
    reduced = reduced.sub(factors.mul(row));
  }
  return { reduced, swaps: swaps.reshape(x.shape.slice(0, -2)) };
}

/**
 * The determinant of square matrices, by elimination: N steps over whole batches, meant for small N. The gradient is that of the
 * elimination, which holds for invertible matrices. Shapes: [.., N, N] → [..].
 * @throws ShapeError unless the matrices are square
 */
export const det = /* @__PURE__ */ defineComposite("det", (x: Tensor): Tensor => {
  checkSquare("det", x);
  const { reduced, swaps } = eliminate(x, false);
  const magnitude = prod(diagonal(reduced, { dim1: -2, dim2: -1 }), -1);
  return where(remainder(swaps, 2).eq(0), magnitude, magnitude.neg());
});

/** dB = A⁻ᵀ·grad, dA = −dB·Xᵀ. */
const solveRule: GradientRule<null> = {
  name: "solve",
  backward: ({ grad, inputs: [a, b], output, needs }) => {
    const shared = solveMatrices(a.transpose(), grad);
    return [needs[0] ? sumTo(shared.matmul(output.transpose()).neg(), a.shape) : null, needs[1] ? sumTo(shared, b.shape) : null];
  },
};

/** X with A·X = B. Shapes: [.., N, N], [.., N, K] → [.., N, K]. */
function solveMatrices(a: Tensor, b: Tensor): Tensor {
  const size = a.shape[a.ndim - 1];
  const batch = broadcastShapes("solve", a.shape.slice(0, -2), b.shape.slice(0, -2));
  const output = withGradMode(false, () => {
    const joined = cat([a.expand([...batch, size, size]), b.expand([...batch, ...b.shape.slice(-2)])], -1);
    const { reduced } = eliminate(joined, true);
    const pivots = diagonal(reduced, { dim1: -2, dim2: -1 });
    if (pivots.backend.readSync !== undefined && pivots.dataSync().includes(0)) {
      throw new ValueError("solve", `a matrix of shape ${showShape(a.shape)} is singular`, "Its rows depend on each other; add a little to the diagonal, or remove one");
    }
    return reduced.slice(-1, size).div(pivots.unsqueeze(-1));
  });
  return record(output, solveRule, [a, b], null);
}

/**
 * X with A·X = B for square matrices A, by elimination: N steps over whole batches, meant for small N. Leading dims broadcast.
 * Shapes: a [.., N, N], b [N] or [.., N, K] → b's, with the common leading dims.
 * @throws ShapeError when the shapes do not fit; ValueError on a singular matrix, where the backend can be read at once
 */
export const solve = /* @__PURE__ */ defineComposite("solve", (a: Tensor, b: Tensor): Tensor => {
  const size = checkSquare("solve", a);
  const isVector = b.ndim === 1;
  const columns = isVector ? b.unsqueeze(1) : b;
  if (b.ndim === 0 || columns.shape[columns.ndim - 2] !== size) {
    throw new ShapeError("solve", `a of shape ${showShape(a.shape)} and b of shape ${showShape(b.shape)} do not fit`, `Give b as [${size}] or [.., ${size}, K]`, { shapes: [a.shape, b.shape] });
  }
  const found = solveMatrices(a, columns.to(a.dtype));
  return isVector ? found.squeeze(-1) : found;
});

/**
 * The inverse of square matrices, as `solve` finds it; to solve equations call that instead. Shapes: [.., N, N] → same.
 * @throws ShapeError unless the matrices are square; ValueError on a singular one, where the backend can be read at once
 */
export const inverse = /* @__PURE__ */ defineComposite("inverse", (x: Tensor): Tensor => {
  checkSquare("inverse", x);
  const rows = rowNumbers(x);
  return solveMatrices(x, rows.eq(rows.transpose()).to(x.dtype));
});

const matrix = [[0, 2, 1], [1, 1, 0], [3, 0, 2]];

export const examples = (): Example[] => [
  example(det, { inputs: [matrix], expect: -7 }),
  example(det, { inputs: [[[[1, 2], [2, 4]], [[2, 0], [0, 3]]]], expect: [0, 6], gradient: false }),
  example(det, { inputs: [[[[1, 2], [3, 5]], [[4, 1], [2, 3]]]], expect: [-1, 10] }),
  example(det, { shapes: [[2, 3]], throws: "x of shape [2, 3] is no square matrix" }),
  example(solve, { inputs: [matrix, [4, 3, 5]], expect: [9 / 7, 12 / 7, 4 / 7] }),
  example(solve, { inputs: [[[[2, 0], [0, 4]], [[0, 1], [1, 0]]], [[2], [8]]], expect: [[[1], [2]], [[8], [2]]] }),
  example(solve, { inputs: [[[1, 2], [2, 4]], [1, 1]], throws: "a matrix of shape [2, 2] is singular" }),
  example(solve, { shapes: [[2, 2], [3]], throws: "a of shape [2, 2] and b of shape [3] do not fit" }),
  example(inverse, { inputs: [[[0, 2], [4, 1]]], expect: [[-0.125, 0.25], [0.5, 0]] }),
  example(inverse, { inputs: [matrix], expect: [[-2 / 7, 4 / 7, 1 / 7], [2 / 7, 3 / 7, -1 / 7], [3 / 7, -6 / 7, 2 / 7]] }),
  example(inverse, { inputs: [[[1, 2], [3, 4]]], dtypes: ["int32"], throws: "inverse: x is int32" }),
];
