/** Batches that `cut` gives. */
export const countOf = (length: number, size: number, dropLast: boolean): number => (dropLast ? Math.floor(length / size) : Math.ceil(length / size));

/** The indices from `start` on, `size` at a time. With `dropLast` the rest of `length` divided by `size`, counted from the start of all, is left out. */
export function* cut(indices: Int32Array, size: number, dropLast: boolean, start = 0): Generator<Int32Array, void, undefined> {
  const end = dropLast ? indices.length - (indices.length % size) : indices.length;
  for (let at = start; at < end; at += size) yield indices.subarray(at, Math.min(at + size, end));
}
