import { checkOptions, checkWhole, ShapeError } from "@dl/registry";
import type { Backend, View } from "../../backend/contract.js";
import { isReadable, onHost } from "../../backend/host/on-host.js";
import { sort as sortLinesOf } from "../../backend/host/sort.js";
import { defineOp } from "../../op/define.js";
import type { Parsed } from "../../op/define.js";
import { example } from "../../op/example.js";
import type { Example } from "../../op/example.js";
import { normalizeDim, showShape, sizeOf } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { contiguousView } from "../../view.js";
import { gather } from "../indexing.js";
import { sortByNetwork } from "./network.js";
import { elementsAt, onLines } from "./selection.js";
import type { Selection } from "./selection.js";

export interface SortOptions {
  /** The dim along which lines are sorted. Default −1. */
  readonly dim?: number;
  /** Largest first. Default false. */
  readonly descending?: boolean;
}

interface Order {
  readonly dim: number;
  readonly descending: boolean;
}

function parse(x: Tensor, options?: SortOptions): Parsed<Order> {
  checkOptions("argsort", options, ["dim", "descending"]);
  return [[x], { dim: normalizeDim("argsort", options?.dim ?? -1, x.ndim), descending: options?.descending ?? false }];
}

function sortLines(backend: Backend, x: View, { dim, descending }: Order, indices: View): void {
  const values = contiguousView(backend.alloc(x.dtype, sizeOf(x.shape)), x.dtype, x.shape);
  if (backend.sort) backend.sort(x, dim, descending, values, indices);
  else if (isReadable(backend)) onHost(backend, x, [values, indices], (from, [keys, order]) => { sortLinesOf(from, dim, descending, keys, order); });
  else sortByNetwork(backend, x, dim, descending, values, indices);
  backend.free(values.buffer);
}

/**
 * The positions that sort each line along `dim`: int32, of x's shape. Equal elements keep their order in both directions; NaN counts
 * as the largest value, as in PyTorch. Defaults: dim −1, ascending.
 */
export const argsort = defineOp({
  name: "argsort",
  parse,
  shape: ([x]) => x.shape,
  dtype: () => "int32",
  forward: (backend, [x], out, order) => { if (x.shape.length > 0 && sizeOf(x.shape) > 0) sortLines(backend, x, order, out); },
});

/**
 * Each line along `dim` in order, and the positions the elements come from. Stable; NaN counts as the largest value.
 * Shapes: any → same, twice. Defaults: dim −1, ascending. The gradient of a value flows to the element it was.
 */
export function sort(x: Tensor, options?: SortOptions): Selection {
  checkOptions("sort", options, ["dim", "descending"]);
  const dim = normalizeDim("sort", options?.dim ?? -1, x.ndim);
  return elementsAt(x, dim, argsort(x, { dim, descending: options?.descending ?? false }));
}

export interface TopkOptions {
  /** Default −1. */
  readonly dim?: number;
  /** True (default) for the largest elements, false for the smallest. */
  readonly largest?: boolean;
  /** The elements come in order always; `false` only says that the caller does not need it. Default true. */
  readonly sorted?: boolean;
}

/**
 * The k largest (or smallest) elements of each line along `dim`, best first, and their positions. Of equal elements the one with the
 * lowest position comes first. Shapes: [.., L, ..] → [.., k, ..].
 * @throws ShapeError when a line has fewer than k elements
 */
export function topk(x: Tensor, k: number, options?: TopkOptions): Selection {
  checkOptions("topk", options, ["dim", "largest", "sorted"]);
  const dim = normalizeDim("topk", options?.dim ?? -1, x.ndim);
  checkWhole("topk", "k", k);
  refuseBeyond("topk", x, dim, k);
  return onLines(x, (lines) => elementsAt(lines, dim, argsort(lines, { dim, descending: options?.largest ?? true }).slice(dim, 0, k)));
}

/** @throws ShapeError when k is more than the dim holds */
export function refuseBeyond(where: string, x: Tensor, dim: number, k: number): void {
  const length = x.ndim === 0 ? 1 : x.shape[dim];
  if (k > length) {
    throw new ShapeError(where, `k is ${k}, but dim ${dim} of shape ${showShape(x.shape)} has ${length} elements`, `Use a k of at most ${length}`, { k, dim, shape: x.shape });
  }
}

const mixed = [[3, 1, 2], [0, 5, 5]];

export const examples = (): Example[] => [
  example(argsort, { inputs: [mixed], expect: [[1, 2, 0], [0, 1, 2]] }),
  example(argsort, { inputs: [mixed], call: ([x]) => argsort(x, { descending: true }), expect: [[0, 2, 1], [1, 2, 0]] }),
  example(argsort, { inputs: [mixed], call: ([x]) => argsort(x, { dim: 0 }), expect: [[1, 0, 0], [0, 1, 1]] }),
  example(argsort, { inputs: [[1, NaN, -Infinity, NaN, 1]], expect: [2, 0, 4, 1, 3] }),
  example(argsort, { inputs: [[1, NaN, -Infinity, NaN, 1]], call: ([x]) => argsort(x, { descending: true }), expect: [1, 3, 0, 4, 2] }),
  example(argsort, { inputs: [[3, 3, -7, 2]], dtypes: ["int32"], expect: [2, 3, 0, 1] }),
  example(argsort, { inputs: [[true, false, true, false]], expect: [1, 3, 0, 2] }),
  example(argsort, { shapes: [[2, 0]] }),
  example(argsort, { inputs: [5], expect: 0 }),
  example(argsort, { shapes: [[4, 37]] }),
  example(argsort, { shapes: [[2, 3]], call: ([x]) => argsort(x, { dim: 2 }), throws: "dim 2 is out of range for 2 dimensions" }),
  example(gather, { inputs: [mixed], call: ([x]) => sort(x).values, expect: [[1, 2, 3], [0, 5, 5]], gradient: false }),
  example(gather, { shapes: [[3, 4]], call: ([x]) => sort(x, { dim: 0, descending: true }).values }),
  example(gather, { inputs: [mixed], call: ([x]) => topk(x, 2).values, expect: [[3, 2], [5, 5]], gradient: false }),
  example(gather, { inputs: [mixed], call: ([x]) => topk(x, 2).indices, expect: [[0, 2], [1, 2]] }),
  example(gather, { inputs: [mixed], call: ([x]) => topk(x, 1, { dim: 0, largest: false }).values, expect: [[0, 1, 2]] }),
  example(gather, { inputs: [7], call: ([x]) => topk(x, 1).values, expect: 7 }),
  example(gather, { shapes: [[2, 4]], call: ([x]) => topk(x, 2, { sorted: false }).values }),
  example(gather, { shapes: [[2, 3]], call: ([x]) => topk(x, 4).values, throws: "k is 4, but dim 1 of shape [2, 3] has 3 elements" }),
];
