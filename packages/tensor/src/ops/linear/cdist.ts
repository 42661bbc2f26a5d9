import { ShapeError, ValueError, checkOptions } from "@dl/registry";
import { defineComposite } from "../../op/define.js";
import { elementwise } from "../../op/elementwise.js";
import { example } from "../../op/example.js";
import type { Example } from "../../op/example.js";
import { select } from "../../expr/expr.js";
import { showShape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";

export interface CdistOptions {
  /** The order of the norm: 2 (default), 1, any other p > 0, Infinity, or 0 for the number of coordinates that differ. */
  readonly p?: number;
}

/** √s, with a gradient of 0 at 0 in place of ∞. */
const rootOrZero = elementwise("rootOrZero", (s) => select(s.eq(0), 0, s.sqrt()));
/** |d|ᵖ, with a gradient of 0 at 0 also for p < 1. */
const powerOrZero = elementwise("powerOrZero", (d, p) => select(d.eq(0), 0, d.abs().pow(p)));

/** ‖d‖ over the last dim. */
function lengths(d: Tensor, p: number): Tensor {
  if (p === 2) return rootOrZero(d.square().sum(-1));
  if (p === 1) return d.abs().sum(-1);
  if (p === Infinity) return d.abs().max(-1);
  if (p === 0) return d.ne(0).to(d.dtype).sum(-1);
  return powerOrZero(powerOrZero(d, p).sum(-1), 1 / p);
}

/**
 * Distances between all points of two sets: ‖x1[i] − x2[j]‖ₚ. From the differences themselves, so that near points keep their digits;
 * it takes memory for P·R·M of them. The gradient at distance 0 is 0; for p = ∞ ties share it.
 * Shapes: [.., P, M], [.., R, M] → [.., P, R]; leading dims broadcast.
 * @throws ShapeError when the points differ in their number of coordinates, ValueError on a negative p
 */
export const cdist = /* @__PURE__ */ defineComposite("cdist", (x1: Tensor, x2: Tensor, options?: CdistOptions): Tensor => {
  checkOptions("cdist", options, ["p"]);
  const p = options?.p ?? 2;
  if (!(p >= 0)) throw new ValueError("cdist", `the order p is ${p}`, "Use a number of 0 or more, or Infinity", { p });
  if (x1.ndim < 2 || x2.ndim < 2 || x1.shape[x1.ndim - 1] !== x2.shape[x2.ndim - 1]) {
    throw new ShapeError("cdist", `points of shapes ${showShape(x1.shape)} and ${showShape(x2.shape)} cannot be compared`, "Give [.., P, M] and [.., R, M]", { shapes: [x1.shape, x2.shape] });
  }
  return lengths(x1.unsqueeze(-2).sub(x2.unsqueeze(-3)), p);
});

const points = [[0, 0], [3, 4]];

export const examples = (): Example[] => [
  example(cdist, { inputs: [points, [[0, 0], [0, 4], [6, 8]]], expect: [[0, 4, 10], [5, 3, 5]], gradient: false }),
  example(cdist, { inputs: [points, [[1, 1]]], call: ([a, b]) => cdist(a, b, { p: 1 }), expect: [[2], [5]] }),
  example(cdist, { inputs: [points, [[1, 2]]], call: ([a, b]) => cdist(a, b, { p: Infinity }), expect: [[2], [2]], gradient: false }),
  example(cdist, { inputs: [points, [[3, 0]]], call: ([a, b]) => cdist(a, b, { p: 0 }), expect: [[1], [1]], gradient: false }),
  example(cdist, { inputs: [points, [[1, 1]]], call: ([a, b]) => cdist(a, b, { p: 3 }), expect: [[Math.cbrt(2)], [Math.cbrt(35)]] }),
  example(cdist, { shapes: [[2, 2, 3], [1, 3]] }),
  example(cdist, { shapes: [[2, 3], [2, 4]], throws: "points of shapes [2, 3] and [2, 4] cannot be compared" }),
];
