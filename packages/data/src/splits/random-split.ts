import { checkOptions, ValueError } from "@dl/registry";
import { Generator } from "@dl/tensor";
import type { Dataset } from "../dataset.js";

function countsOf(sizes: readonly number[], length: number): number[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (sizes.every((size) => Number.isInteger(size) && size >= 0) && total === length) return [...sizes];
  if (sizes.every((size) => size >= 0 && size <= 1) && Math.abs(total - 1) < 1e-9) {
    let sum = 0;
    const ends = [0, ...sizes.map((size) => Math.round((sum += size) * length))];
    return sizes.map((_, i) => ends[i + 1] - ends[i]);
  }
  throw new ValueError("randomSplit", `sizes [${sizes.join(", ")}] do not divide ${length} samples`, `Give whole numbers that sum to ${length}, or fractions that sum to 1`, {
    sizes,
    length,
  });
}

/**
 * Divides a data set at random into parts of the given sizes: counts that sum to its length, or fractions that sum to 1.
 *
 *     const [train, validation] = randomSplit(data, [0.9, 0.1], { seed: 1 });
 *
 * The same seed (default 0) gives the same parts.
 * @throws ValueError when the sizes do not add up
 */
export function randomSplit<D extends Dataset<unknown>>(dataset: D, sizes: readonly number[], options: { readonly seed?: number } = {}): ReturnType<D["subset"]>[] {
  checkOptions("randomSplit", options, ["seed"]);
  const order = new Generator(options.seed ?? 0).permutation(dataset.length);
  let start = 0;
  return countsOf(sizes, dataset.length).map((count) => dataset.subset(order.subarray(start, (start += count))) as ReturnType<D["subset"]>);
}
