import { checkOptions, checkWhole, ShapeError } from "@dl/registry";
import { defineComposite } from "../../op/define.js";
import { example } from "../../op/example.js";
import type { Example } from "../../op/example.js";
import { normalizeDim, showShape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";

export interface DiffOptions {
  /** How often differences are taken. Default 1. */
  readonly n?: number;
  /** Default −1. */
  readonly dim?: number;
}

function refuseScalar(where: string, x: Tensor): void {
  if (x.ndim === 0) throw new ShapeError(where, "a 0-d tensor has no neighbours", "Give a tensor with at least one dim");
}

const neighbours = (x: Tensor, dim: number): readonly [before: Tensor, after: Tensor] => [x.slice(dim, 0, Math.max(0, x.shape[dim] - 1)), x.slice(dim, 1)];

/** x[i + 1] − x[i] along `dim`, n times over. Shapes: [.., L, ..] → [.., max(0, L − n), ..]. Defaults: n 1, dim −1. */
export const diff = /* @__PURE__ */ defineComposite("diff", (x: Tensor, options?: DiffOptions): Tensor => {
  checkOptions("diff", options, ["n", "dim"]);
  const { n = 1, dim = -1 } = options ?? {};
  refuseScalar("diff", x);
  checkWhole("diff", "n", n);
  const d = normalizeDim("diff", dim, x.ndim);
  let result = x;
  for (let order = 0; order < n; order++) {
    const [before, after] = neighbours(result, d);
    result = after.sub(before);
  }
  return result;
});

export interface TrapezoidOptions {
  /** Where the samples lie; broadcasts against y. By default they lie `dx` apart. */
  readonly x?: Tensor;
  /** Default 1. */
  readonly dx?: number;
  /** Default −1. */
  readonly dim?: number;
}

/** ∫y dx along `dim` by the trapezoidal rule, Σ (x[i + 1] − x[i])·(y[i] + y[i + 1])/2. Shapes: [.., L, ..] → [.., ..]. */
export const trapezoid = /* @__PURE__ */ defineComposite("trapezoid", (y: Tensor, options?: TrapezoidOptions): Tensor => {
  checkOptions("trapezoid", options, ["x", "dx", "dim"]);
  const { x, dx = 1, dim = -1 } = options ?? {};
  refuseScalar("trapezoid", y);
  const d = normalizeDim("trapezoid", dim, y.ndim);
  const [before, after] = neighbours(y, d);
  const heights = before.add(after).div(2);
  if (x === undefined) return heights.sum(d).mul(dx);
  if (x.ndim !== 1 && x.ndim !== y.ndim) {
    throw new ShapeError("trapezoid", `x of shape ${showShape(x.shape)} does not fit y of shape ${showShape(y.shape)}`, "Give one line of positions, or as many dims as y has", {
      shapes: [y.shape, x.shape],
    });
  }
  const placed = x.ndim === y.ndim ? x : x.reshape(y.shape.map((_, i) => (i === d ? x.size : 1)));
  return heights.mul(diff(placed, { dim: d })).sum(d);
});

export const examples = (): Example[] => [
  example(diff, { inputs: [[1, 4, 9, 16]], expect: [3, 5, 7] }),
  example(diff, { inputs: [[1, 4, 9, 16]], call: ([x]) => diff(x, { n: 2 }), expect: [2, 2] }),
  example(diff, { inputs: [[1, 4]], call: ([x]) => diff(x, { n: 0 }), expect: [1, 4] }),
  example(diff, { inputs: [[[1, 2], [5, 9]]], call: ([x]) => diff(x, { dim: 0 }), expect: [[4, 7]] }),
  example(diff, { shapes: [[2, 4]], call: ([x]) => diff(x, { n: 2, dim: 1 }) }),
  example(diff, { shapes: [[2]], call: ([x]) => diff(x, { n: 3 }) }),
  example(diff, { inputs: [1], throws: "a 0-d tensor has no neighbours" }),
  example(trapezoid, { inputs: [[1, 2, 4], [0, 1, 3]], call: ([y, x]) => trapezoid(y, { x }), expect: 7.5 }),
  example(trapezoid, { inputs: [[1, 2, 4]], call: ([y]) => trapezoid(y, { dx: 2 }), expect: 9 }),
  example(trapezoid, { shapes: [[3, 2], [3]], call: ([y, x]) => trapezoid(y, { x, dim: 0 }) }),
  example(trapezoid, { shapes: [[2, 3], [1, 2, 3]], call: ([y, x]) => trapezoid(y, { x }), throws: "x of shape [1, 2, 3] does not fit y of shape [2, 3]" }),
];
