import { DTypeError, ShapeError, ValueError } from "@dl/registry";
import { readNow } from "../../read.js";
import { showShape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";

/** Up to here reading all indices costs less than finding their bounds on the backend. */
const few = 1024;

/**
 * Rejects indices that are no integers or lie outside of [0, limit), naming the first bad one; where the backend cannot be read at once,
 * values are left to the kernels' own bounds.
 */
export function checkIndices(where: string, index: Tensor, limit: number): void {
  if (index.dtype !== "int32" && index.dtype !== "uint8") {
    throw new DTypeError(where, `indices are ${index.dtype}`, 'Convert them: index.to("int32")', { dtype: index.dtype });
  }
  if (index.backend.readSync === undefined) return;
  if (index.size > few && index.min().item() >= 0 && index.max().item() < limit) return;
  const values = readNow(index);
  for (let i = 0; i < values.length; i++) {
    if (values[i] < 0 || values[i] >= limit) {
      throw new ValueError(where, `index ${values[i]} at position ${i} is not in [0, ${limit})`, "Check the indices against the size of the dim", {
        index: values[i],
        position: i,
        limit,
      });
    }
  }
}

/** @throws ShapeError unless the index is a list */
export function checkList(where: string, index: Tensor): void {
  if (index.ndim !== 1) throw new ShapeError(where, `the index has shape ${showShape(index.shape)}`, "Give a 1-d index; use scatter for others", { shape: index.shape });
}

/** @throws ShapeError unless `index` has x's dims, none larger but the one along `dim` */
export function checkAlong(where: string, x: Tensor, dim: number, index: Tensor): void {
  if (index.ndim === x.ndim && index.shape.every((size, d) => d === dim || size <= x.shape[d])) return;
  throw new ShapeError(where, `index of shape ${showShape(index.shape)} does not fit ${showShape(x.shape)} along dim ${dim}`, "It needs as many dims, none larger but the one along dim", {
    shapes: [x.shape, index.shape],
    dim,
  });
}

/** @throws ShapeError unless `index` fits x along `dim`, and `src` covers it */
export function checkScatter(where: string, x: Tensor, dim: number, index: Tensor, src: Tensor): void {
  if (x.ndim === 0) throw new ShapeError(where, "a 0-d tensor has no dim to scatter along", "Reshape it: x.reshape([1])");
  checkAlong(where, x, dim, index);
  if (src.ndim !== index.ndim || src.shape.some((size, d) => size < index.shape[d])) {
    throw new ShapeError(where, `src of shape ${showShape(src.shape)} does not cover the index of shape ${showShape(index.shape)}`, "Give one value per index", {
      shapes: [index.shape, src.shape],
    });
  }
}

/** The part of src that the index uses. */
export const coveredBy = (index: Tensor, src: Tensor): Tensor =>
  src.shape.reduce((part, size, d) => (size === index.shape[d] ? part : part.slice(d, 0, index.shape[d])), src);

/** A list along `dim`, with size 1 elsewhere: broadcasts over whole slices. */
export const alongDim = (list: Tensor, dim: number, rank: number): Tensor =>
  list.reshape(Array.from({ length: rank }, (_, d) => (d === dim ? list.size : 1)));
