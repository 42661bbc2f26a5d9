import { checkWhole, ShapeError } from "@dl/registry";
import { defineComposite, defineOp } from "../op/define.js";
import { example } from "../op/example.js";
import type { Example } from "../op/example.js";
import { broadcastShapes, normalizeDim, showShape } from "../shape.js";
import type { Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { checkAlong, checkIndices, checkScatter, coveredBy } from "./scatter/indices.js";

/** The part of x that an index of smaller shape reaches. */
const reachable = (x: Tensor, dim: number, index: Tensor): Tensor =>
  index.shape.reduce((part, size, d) => (d === dim || size === part.shape[d] ? part : part.slice(d, 0, size)), x);

/** `gather` of indices that are known to be right. */
export const gatherChecked = defineOp({
  name: "gatherChecked",
  parse: (x: Tensor, dim: number, index: Tensor) => [[x, index], { dim }],
  shape: ([, index]) => index.shape,
  dtype: ([x]) => x.dtype,
  forward: (backend, [x, index], out, { dim }) => { backend.gather(x, index, dim, out); },
  backward: ({ grad, inputs: [x, index], options: { dim } }): (Tensor | null)[] => [scatterZeros(x.shape, dim, index, grad), null],
});

/** Zeros of `shape` with src added at places that are known to be right: the gradient of `gather`. */
export const scatterZeros = defineOp({
  name: "scatterZeros",
  parse: (shape: Shape, dim: number, index: Tensor, src: Tensor) => [[index, src], { shape, dim }],
  shape: (_, { shape }) => shape,
  dtype: ([, src]) => src.dtype,
  forward: (backend, [index, src], out, { dim }) => { backend.scatterAdd(index, src, dim, out); },
  backward: ({ grad, inputs: [index], options: { dim } }): (Tensor | null)[] => [null, gatherChecked(reachable(grad, dim, index), dim, index)],
});

/** `scatterAdd` of indices that are known to be right. */
const scatterAddChecked = defineOp({
  name: "scatterAdd",
  parse: (x: Tensor, dim: number, index: Tensor, src: Tensor) => [[x, index, src], { dim }],
  shape: ([x]) => x.shape,
  dtype: ([x]) => x.dtype,
  forward: (backend, [x, index, src], out, { dim }) => {
    backend.copy(x, out);
    backend.scatterAdd(index, src, dim, out);
  },
  backward: ({ grad, inputs: [, index], options: { dim } }): (Tensor | null)[] => [grad, null, gatherChecked(reachable(grad, dim, index), dim, index)],
});

/**
 * out[i][j] = x[index[i][j]][j] for dim 0, x[i][index[i][j]] for dim 1, and so on. Shapes: index may be smaller than x along other dims.
 * @throws ValueError on an index out of range, ShapeError when the shapes do not fit, DTypeError unless the index is int32
 */
export const gather = defineComposite("gather", (x: Tensor, dim: number, index: Tensor): Tensor => {
  const d = normalizeDim("gather", dim, x.ndim);
  checkAlong("gather", x, d, index);
  checkIndices("gather", index, x.shape[d]);
  return gatherChecked(reachable(x, d, index), d, index);
});

/** x with src added at the places that `gather` would read: out[index[i][j]][j] += src[i][j] for dim 0. Repeated indices add up. */
export const scatterAdd = defineComposite("scatterAdd", (x: Tensor, dim: number, index: Tensor, src: Tensor): Tensor => {
  const d = normalizeDim("scatterAdd", dim, x.ndim);
  checkScatter("scatterAdd", x, d, index, src);
  checkIndices("scatterAdd", index, x.shape[d]);
  return scatterAddChecked(x, d, index, coveredBy(index, src).to(x.dtype));
});

/** `indexSelect` of indices that are known to be right. */
export function selectChecked(x: Tensor, dim: number, index: Tensor): Tensor {
  const lined = x.shape.map((_, d) => (d === dim ? index.size : 1));
  return gatherChecked(x, dim, index.reshape(lined).expand(x.shape.with(dim, index.size)));
}

/** Whole slices of x along `dim`, in the order of a 1-d index; an embedding look-up for dim 0. */
export const indexSelect = defineComposite("indexSelect", (x: Tensor, dim: number, index: Tensor): Tensor => {
  const d = normalizeDim("indexSelect", dim, x.ndim);
  if (index.ndim !== 1) {
    throw new ShapeError("indexSelect", `the index has shape ${showShape(index.shape)}`, "Give a 1-d index; use gather for others", { shape: index.shape });
  }
  checkIndices("indexSelect", index, x.shape[d]);
  return selectChecked(x, d, index);
});

/** `gather` with x and index broadcast against each other in all dims but `dim`, as numpy.take_along_axis. */
export const takeAlongDim = defineComposite("takeAlongDim", (x: Tensor, index: Tensor, dim: number): Tensor => {
  const d = normalizeDim("takeAlongDim", dim, x.ndim);
  if (index.ndim !== x.ndim) {
    throw new ShapeError("takeAlongDim", `index of shape ${showShape(index.shape)} and x of shape ${showShape(x.shape)} have different numbers of dims`, "Reshape the index", {
      shapes: [x.shape, index.shape],
    });
  }
  const common = broadcastShapes("takeAlongDim", x.shape.with(d, 1), index.shape.with(d, 1));
  return gather(x.expand(common.with(d, x.shape[d])), d, index.expand(common.with(d, index.shape[d])));
});

/** One more dim, 1 at the index and 0 elsewhere; int32. Shapes: [..] → [.., numClasses]. @throws ValueError on an index out of range */
export const oneHot = defineComposite(
  "oneHot",
  (index: Tensor, numClasses: number): Tensor => {
    checkWhole("oneHot", "numClasses", numClasses, 1);
    checkIndices("oneHot", index, numClasses);
    const classes = index.makeFrom(Int32Array.from({ length: numClasses }, (_, k) => k), "int32", [numClasses]);
    return index.unsqueeze(-1).eq(classes).to("int32");
  },
  { differentiable: false },
);

const table = [[1, 2], [3, 4], [5, 6]];

export const examples = (): Example[] => [
  example(gather, { inputs: [table, [[0, 2], [1, 1]]], dtypes: ["float32", "int32"], call: ([x, i]) => gather(x, 0, i), expect: [[1, 6], [3, 4]] }),
  example(gather, { inputs: [table, [[1], [0], [1]]], dtypes: ["float32", "int32"], call: ([x, i]) => gather(x, 1, i), expect: [[2], [3], [6]] }),
  example(gather, { inputs: [table, [[3, 0]]], dtypes: ["float32", "int32"], call: ([x, i]) => gather(x, 0, i), throws: "index 3 at position 0 is not in [0, 3)" }),
  example(scatterAdd, {
    inputs: [[0, 0, 10], [0, 2, 0], [1, 2, 3]], dtypes: ["float32", "int32", "float32"],
    call: ([x, i, s]) => scatterAdd(x, 0, i, s), expect: [4, 0, 12],
  }),
  example(scatterAdd, { inputs: [table, [[1, 0]], [[7, 8]]], dtypes: ["float32", "int32", "float32"], call: ([x, i, s]) => scatterAdd(x, 0, i, s), expect: [[1, 10], [10, 4], [5, 6]] }),
  example(gatherChecked, { inputs: [table, [[0, 2]]], dtypes: ["float32", "int32"], call: ([x, i]) => gatherChecked(x, 0, i), expect: [[1, 6]] }),
  example(scatterZeros, { inputs: [[[1, 0, 1]], [[7, 8, 9]]], dtypes: ["int32", "float32"], call: ([i, s]) => scatterZeros([1, 4], 1, i, s), expect: [[8, 16, 0, 0]] }),
  example(indexSelect, { inputs: [table, [2, 0, 2]], dtypes: ["float32", "int32"], call: ([x, i]) => indexSelect(x, 0, i), expect: [[5, 6], [1, 2], [5, 6]] }),
  example(indexSelect, { inputs: [table, [1]], dtypes: ["float32", "int32"], call: ([x, i]) => indexSelect(x, 1, i), expect: [[2], [4], [6]] }),
  example(takeAlongDim, { inputs: [table, [[1], [0], [1]]], dtypes: ["float32", "int32"], call: ([x, i]) => takeAlongDim(x, i, 1), expect: [[2], [3], [6]] }),
  example(takeAlongDim, { inputs: [table, [[2, 0]]], dtypes: ["float32", "int32"], call: ([x, i]) => takeAlongDim(x, i, 0), expect: [[5, 2]] }),
  example(oneHot, { inputs: [[0, 2]], dtypes: ["int32"], call: ([i]) => oneHot(i, 3), expect: [[1, 0, 0], [0, 0, 1]] }),
  example(oneHot, { inputs: [[0, 3]], dtypes: ["int32"], call: ([i]) => oneHot(i, 3), throws: "index 3 at position 1 is not in [0, 3)" }),
];
