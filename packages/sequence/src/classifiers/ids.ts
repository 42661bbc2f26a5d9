import { DTypeError, ShapeError } from "@dl/registry";
import { cat, showShape, type Tensor } from "@dl/tensor";
import { lengthMask } from "../batching/padded.js";

/** @throws ShapeError unless ids are [N, T] with at least one place, DTypeError unless they are int32 */
export function checkIds(where: string, ids: Tensor): void {
  if (ids.ndim !== 2 || ids.shape[1] === 0) {
    throw new ShapeError(where, `the ids have shape ${showShape(ids.shape)}, expected [N, T] with T of at least 1`, "Give a batch of texts, padded to one length", { shape: ids.shape });
  }
  if (ids.dtype !== "int32") throw new DTypeError(where, `the ids are ${ids.dtype}`, 'Convert them: ids.to("int32")', { dtype: ids.dtype });
}

/** The first `length` ids of each text, and padding where there are fewer. Shapes: [N, T] → [N, length]. */
export function fitted(ids: Tensor, length: number, paddingIdx: number): Tensor {
  const [count, steps] = ids.shape;
  if (steps >= length) return ids.slice(1, 0, length);
  const missing = ids.makeFrom(new Int32Array(count * (length - steps)).fill(paddingIdx), "int32", [count, length - steps]);
  return cat([ids, missing], 1);
}

/** Places up to the last one that is no padding, text by text; 0 for a text of padding alone. Reads the ids. */
export function lengthsOf(ids: Tensor, paddingIdx: number): number[] {
  const [count, steps] = ids.shape;
  const values = ids.dataSync();
  return Array.from({ length: count }, (_, n) => {
    let length = steps;
    while (length > 0 && values[n * steps + length - 1] === paddingIdx) length--;
    return length;
  });
}

/** `lengthMask` on the backend of x. Shapes: → [N, steps], bool. */
export const firstPlaces = (x: Tensor, lengths: readonly number[], steps: number): Tensor => lengthMask(lengths, steps).to(x.backend);
