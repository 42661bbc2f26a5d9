import { checkOptions } from "@dl/registry";
import { Generator } from "@dl/tensor";
import type { Dataset } from "../dataset.js";
import { countsOf } from "./sizes.js";

/** The subsets of a data set. */
export const parts = <D extends Dataset<unknown>>(dataset: D, indices: readonly ArrayLike<number>[]): ReturnType<D["subset"]>[] =>
  indices.map((part) => dataset.subset(part) as ReturnType<D["subset"]>);

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
  return parts(dataset, countsOf("randomSplit", sizes, dataset.length).map((count) => order.subarray(start, (start += count))));
}
