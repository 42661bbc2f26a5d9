import { ShapeError, checkOptions } from "@dl/registry";
import { defineComposite, defineOp } from "../../op/define.js";
import { example } from "../../op/example.js";
import type { Example } from "../../op/example.js";
import { broadcastStrides, normalizeDim, sameShape, showShape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { reshaped } from "../../view.js";
import { where } from "../comparison.js";
import { gather, indexSelect, scatterAdd } from "../indexing.js";
import { alongDim, checkIndices, checkList } from "./indices.js";
import { scatter } from "./scatter.js";

/** x + src at the slices that a checked list of indices names along `dim`. */
export const addSlices = defineOp({
  name: "addSlices",
  parse: (x: Tensor, dim: number, index: Tensor, src: Tensor) => [[x, index, src], { dim }],
  shape: ([x]) => x.shape,
  dtype: ([x]) => x.dtype,
  flops: ([, , src]) => src.size,
  forward: (backend, [x, index, src], out, { dim }) => {
    const lined = src.shape.map((size, d) => (d === dim ? size : 1));
    const strides = lined.map((_, d) => (d === dim ? index.strides[0] : 0));
    backend.copy(x, out);
    backend.scatterAdd(reshaped(index, src.shape, broadcastStrides(lined, strides, src.shape)), src, dim, out);
  },
  backward: ({ grad, inputs: [, index], options: { dim }, needs }) => [grad, null, needs[2] ? indexSelect(grad, dim, index) : null],
});

/** @throws ShapeError unless src is x with as many slices along `dim` as there are indices */
function checkSlices(where: string, x: Tensor, dim: number, index: Tensor, src: Tensor): void {
  checkList(where, index);
  const wanted = x.shape.with(dim, index.size);
  if (!sameShape(src.shape, wanted)) {
    throw new ShapeError(where, `src has shape ${showShape(src.shape)}, not ${showShape(wanted)}`, `Give one slice of ${showShape(x.shape)} along dim ${dim} per index`, {
      shapes: [src.shape, wanted],
    });
  }
}

export interface IndexAddOptions {
  /** Factor of src. Default 1. */
  readonly alpha?: number;
}

/**
 * x with alpha·src added to the slices that a 1-d `index` names along `dim`; repeated ones add up.
 * Shapes: x [.., L, ..], index [K], src [.., K, ..] → [.., L, ..].
 * @throws ValueError on an index out of range, ShapeError when the shapes do not fit, DTypeError unless the index is int32
 */
export const indexAdd = defineComposite("indexAdd", (x: Tensor, dim: number, index: Tensor, src: Tensor, options?: IndexAddOptions): Tensor => {
  checkOptions("indexAdd", options, ["alpha"]);
  const d = normalizeDim("indexAdd", dim, x.ndim);
  checkSlices("indexAdd", x, d, index, src);
  checkIndices("indexAdd", index, x.shape[d]);
  const scaled = options?.alpha === undefined ? src : src.mul(options.alpha);
  return addSlices(x, d, index, scaled.to(x.dtype));
});

/**
 * x with the slices that a 1-d `index` names along `dim` replaced by those of src; of repeated indices the last wins.
 * Shapes: x [.., L, ..], index [K], src [.., K, ..] → [.., L, ..].
 * @throws as `indexAdd`
 */
export const indexCopy = defineComposite("indexCopy", (x: Tensor, dim: number, index: Tensor, src: Tensor): Tensor => {
  const d = normalizeDim("indexCopy", dim, x.ndim);
  checkSlices("indexCopy", x, d, index, src);
  checkIndices("indexCopy", index, x.shape[d]);
  return scatter(x, d, alongDim(index, d, x.ndim).expand(src.shape), src);
});

/**
 * x with the slices that a 1-d `index` names along `dim` set to a number.
 * @throws as `indexAdd`
 */
export const indexFill = defineComposite("indexFill", (x: Tensor, dim: number, index: Tensor, value: number): Tensor => {
  const d = normalizeDim("indexFill", dim, x.ndim);
  checkList("indexFill", index);
  checkIndices("indexFill", index, x.shape[d]);
  const ones = index.makeEmpty(index.shape, "int32").add(1);
  const hits = addSlices(index.makeEmpty([x.shape[d]], "int32"), 0, index, ones).gt(0);
  return where(alongDim(hits, d, x.ndim), value, x).to(x.dtype);
});

/** x read as if it were flat: out[i][j] = x.flatten()[index[i][j]]. Shapes: any, index any → the index's. @throws ValueError on an index out of range */
export const take = defineComposite("take", (x: Tensor, index: Tensor): Tensor => {
  checkIndices("take", index, x.size);
  return gather(x.reshape([x.size]), 0, index.reshape([index.size])).reshape(index.shape);
});

export interface PutOptions {
  /** Add to the elements instead of replacing them. Default false. */
  readonly accumulate?: boolean;
}

/**
 * x with the elements at flat positions `index` replaced by those of src, the inverse of `take`; of repeated indices the last wins.
 * @throws ValueError on an index out of range, ShapeError when index and src differ in shape
 */
export const put = defineComposite("put", (x: Tensor, index: Tensor, src: Tensor, options?: PutOptions): Tensor => {
  checkOptions("put", options, ["accumulate"]);
  if (!sameShape(index.shape, src.shape)) {
    throw new ShapeError("put", `src of shape ${showShape(src.shape)} for an index of shape ${showShape(index.shape)}`, "Give one value per index", { shapes: [index.shape, src.shape] });
  }
  checkIndices("put", index, x.size);
  const [flat, places, values] = [x.reshape([x.size]), index.reshape([index.size]), src.reshape([src.size])];
  return (options?.accumulate ? scatterAdd(flat, 0, places, values) : scatter(flat, 0, places, values)).reshape(x.shape);
});

const table = [[1, 2], [3, 4], [5, 6]];
const dtypes = ["float32", "int32", "float32"] as const;

export const examples = (): Example[] => [
  example(addSlices, { inputs: [table, [2, 0, 2], [[1, 1], [10, 20], [2, 3]]], dtypes, call: ([x, i, s]) => addSlices(x, 0, i, s), expect: [[11, 22], [3, 4], [8, 10]] }),
  example(indexAdd, { inputs: [table, [2, 0, 2], [[1, 1], [10, 20], [2, 3]]], dtypes, call: ([x, i, s]) => indexAdd(x, 0, i, s), expect: [[11, 22], [3, 4], [8, 10]] }),
  example(indexAdd, { inputs: [table, [1], [[1], [2], [3]]], dtypes, call: ([x, i, s]) => indexAdd(x, 1, i, s, { alpha: -2 }), expect: [[1, 0], [3, 0], [5, 0]] }),
  example(indexAdd, { inputs: [table, [3], [[1, 1]]], dtypes, call: ([x, i, s]) => indexAdd(x, 0, i, s), throws: "indexAdd: index 3 at position 0 is not in [0, 3)" }),
  example(indexAdd, { inputs: [table, [1], [1, 1]], dtypes, call: ([x, i, s]) => indexAdd(x, 0, i, s), throws: "src has shape [2], not [1, 2]" }),
  example(indexCopy, { inputs: [table, [2, 0], [[7, 8], [9, 0]]], dtypes, call: ([x, i, s]) => indexCopy(x, 0, i, s), expect: [[9, 0], [3, 4], [7, 8]] }),
  example(indexCopy, { inputs: [table, [1, 1], [[7, 8], [9, 0], [1, 2]]], dtypes, call: ([x, i, s]) => indexCopy(x, 1, i, s), expect: [[1, 8], [3, 0], [5, 2]] }),
  example(indexFill, { inputs: [table, [0, 2, 0]], dtypes: ["float32", "int32"], call: ([x, i]) => indexFill(x, 0, i, 9), expect: [[9, 9], [3, 4], [9, 9]] }),
  example(indexFill, { inputs: [table, [-1]], dtypes: ["float32", "int32"], call: ([x, i]) => indexFill(x, 0, i, 9), throws: "index -1 at position 0" }),
  example(take, { inputs: [table, [[5, 0], [2, 2]]], dtypes: ["float32", "int32"], expect: [[6, 1], [3, 3]] }),
  example(take, { inputs: [table, [6]], dtypes: ["float32", "int32"], throws: "take: index 6 at position 0 is not in [0, 6)" }),
  example(put, { inputs: [table, [1, 4], [20, 50]], dtypes, expect: [[1, 20], [3, 4], [50, 6]] }),
  example(put, { inputs: [table, [1, 1], [20, 50]], dtypes, call: ([x, i, s]) => put(x, i, s, { accumulate: true }), expect: [[1, 72], [3, 4], [5, 6]] }),
  example(put, { inputs: [table, [1, 1], [20]], dtypes, throws: "src of shape [1] for an index of shape [2]" }),
];
