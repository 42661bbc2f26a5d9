import type { Backend, CumulativeKind, View } from "../../backend/contract.js";
import { cumulative as scanLines } from "../../backend/host/cumulative.js";
import { isReadable, onHost } from "../../backend/host/on-host.js";
import { isFloat } from "../../dtype.js";
import { defineComposite, defineOp } from "../../op/define.js";
import type { Op, Parsed } from "../../op/define.js";
import { example } from "../../op/example.js";
import type { Example } from "../../op/example.js";
import { normalizeDim, sizeOf } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { isNaN, logicalOr, where } from "../comparison.js";
import { gather } from "../indexing.js";
import { flip } from "../moving.js";
import { elementsAt, onLines } from "../order/selection.js";
import type { Selection } from "../order/selection.js";
import { cumulativeByDoubling } from "./doubling.js";
import { scanPairs } from "./scan-pairs.js";

interface Along {
  readonly dim: number;
}

/** Truth values and bytes are counted in int32. */
const numbers = (x: Tensor): Tensor => (isFloat(x.dtype) || x.dtype === "int32" ? x : x.to("int32"));

const parser = /* @__NO_SIDE_EFFECTS__ */ (name: string) => (x: Tensor, dim: number): Parsed<Along> => [[numbers(x)], { dim: normalizeDim(name, dim, x.ndim) }];

function run(backend: Backend, kind: CumulativeKind, x: View, dim: number, out: View): void {
  if (x.shape.length === 0) backend.copy(x, out);
  else if (sizeOf(x.shape) === 0) return;
  else if (backend.cumulative) backend.cumulative(kind, x, dim, out);
  else if (isReadable(backend)) onHost(backend, x, [out], (from, [to]) => { scanLines(kind, from, dim, to); });
  else cumulativeByDoubling(backend, kind, x, dim, out);
}

/** out[i] = x[0] + … + x[i] along `dim`. Shapes: any → same. Truth values and bytes give int32. */
export const cumsum = defineOp({
  name: "cumsum",
  parse: parser("cumsum"),
  shape: ([x]) => x.shape,
  flops: ([x]) => x.size,
  forward: (backend, [x], out, { dim }) => { run(backend, "sum", x, dim, out); },
  backward: ({ grad, options: { dim } }): Tensor[] => [grad.ndim === 0 ? grad : flip(cumsum(flip(grad, dim), dim), dim)],
});

/** out[i] = x[0] · … · x[i] along `dim`, multiplied in pairs, so that the gradient is right where elements are 0. Shapes: any → same. */
export const cumprod = /* @__PURE__ */ defineComposite("cumprod", (x: Tensor, dim: number): Tensor =>
  scanPairs(numbers(x), normalizeDim("cumprod", dim, x.ndim), (before, here) => before.mul(here)),
);

/* @__NO_SIDE_EFFECTS__ */
function defineRunning(name: string, kind: "max" | "min"): Op<[x: Tensor, dim: number]> {
  return defineOp({ name, parse: parser(name), shape: ([x]) => x.shape, forward: (backend, [x], out, { dim }) => { run(backend, kind, x, dim, out); } });
}

const runningMax = defineRunning("runningMax", "max");
const runningMin = defineRunning("runningMin", "min");

/** The best element so far and its last position: where an element equals the best so far, the position moves on. */
function bestSoFar(x: Tensor, dim: number, running: Op<[x: Tensor, dim: number]>): Selection {
  return onLines(x, (lines) => {
    const own = numbers(lines.detach());
    const attained = logicalOr(own.eq(running(own, dim)), isNaN(own));
    const length = own.shape[dim];
    const places = own.makeFrom(Int32Array.from({ length }, (_, i) => i), "int32", own.shape.map((_, d) => (d === dim ? length : 1)));
    return elementsAt(lines, dim, runningMax(where(attained, places, 0), dim));
  });
}

/**
 * The largest element so far of each line along `dim`, and its position; of equal ones the last, as in PyTorch. NaN wins.
 * Shapes: any → same, twice. The gradient of a value flows to the element it was.
 */
export const cummax = (x: Tensor, dim: number): Selection => bestSoFar(x, normalizeDim("cummax", dim, x.ndim), runningMax);

/** The smallest element so far, otherwise as `cummax`. */
export const cummin = (x: Tensor, dim: number): Selection => bestSoFar(x, normalizeDim("cummin", dim, x.ndim), runningMin);

const table = [[1, 2, 3], [4, 5, 6]];
const ties = [1, 3, 3, 2, NaN, 5, NaN, 1];

export const examples = (): Example[] => [
  example(cumsum, { inputs: [table], call: ([x]) => cumsum(x, 1), expect: [[1, 3, 6], [4, 9, 15]] }),
  example(cumsum, { inputs: [table], call: ([x]) => cumsum(x, 0), expect: [[1, 2, 3], [5, 7, 9]] }),
  example(cumsum, { inputs: [[true, false, true]], call: ([x]) => cumsum(x, 0), expect: [1, 1, 2] }),
  example(cumsum, { inputs: [[16777216, 1, 2147483647]], dtypes: ["int32"], call: ([x]) => cumsum(x, 0), expect: [16777216, 16777217, -2130706432], tolerance: 0 }),
  example(cumsum, { inputs: [3], call: ([x]) => cumsum(x, 0), expect: 3 }),
  example(cumsum, { shapes: [[2, 0]], call: ([x]) => cumsum(x, 1) }),
  example(cumsum, { shapes: [[2, 3, 2]], call: ([x]) => cumsum(x, 1) }),
  example(cumsum, { shapes: [[2, 3]], call: ([x]) => cumsum(x, 2), throws: "dim 2 is out of range for 2 dimensions" }),
  example(cumprod, { inputs: [table], call: ([x]) => cumprod(x, 1), expect: [[1, 2, 6], [4, 20, 120]] }),
  example(cumprod, { inputs: [[2, 0, 3, 0, 4]], call: ([x]) => cumprod(x, 0), expect: [2, 0, 0, 0, 0] }),
  example(cumprod, { shapes: [[5, 2]], call: ([x]) => cumprod(x, 0) }),
  example(cumprod, { inputs: [3], call: ([x]) => cumprod(x, 0), expect: 3 }),
  example(gather, { inputs: [ties], call: ([x]) => cummax(x, 0).indices, expect: [0, 1, 2, 2, 4, 4, 6, 6] }),
  example(gather, { inputs: [ties], call: ([x]) => cummax(x, 0).values, expect: [1, 3, 3, 3, NaN, NaN, NaN, NaN], gradient: false }),
  example(gather, { inputs: [[3, 4, 3, 1, 2, 1]], call: ([x]) => cummin(x, 0).indices, expect: [0, 0, 2, 3, 3, 5] }),
  example(gather, { inputs: [[5, 5, 2]], dtypes: ["uint8"], call: ([x]) => cummin(x, 0).values, expect: [5, 5, 2] }),
  example(gather, { shapes: [[3, 4]], call: ([x]) => cummax(x, 1).values }),
  example(gather, { shapes: [[4, 2]], call: ([x]) => cummin(x, 0).values }),
];
