import { checkOptions, ValueError } from "@dl/registry";
import { Generator, splitGenerator } from "@dl/tensor";
import type { Dataset } from "../dataset.js";
import { groupsOf } from "./groups.js";
import { parts } from "./random-split.js";
import { checkFractions } from "./sizes.js";

type Label = number | string;

/**
 * How many samples of a class of `length` each part gets: its share rounded down, and the rest one by one to the parts that are furthest
 * behind their share of all samples dealt so far. So a part is less than 1 away from its share of every class.
 */
function deal(fractions: readonly number[], length: number, debt: number[]): number[] {
  const counts = fractions.map((fraction) => Math.floor(fraction * length + 1e-9));
  const rest = length - counts.reduce((sum, count) => sum + count, 0);
  fractions.forEach((fraction, i) => (debt[i] += fraction * length - counts[i]));
  const open = fractions.flatMap((fraction, i) => (fraction * length - counts[i] > 1e-9 ? [i] : []));
  const chosen = open.sort((a, b) => debt[b] - debt[a] || a - b).slice(0, rest);
  for (const i of chosen) {
    counts[i]++;
    debt[i]--;
  }
  return counts;
}

function checkEnough(label: Label, length: number, fractions: readonly number[]): void {
  const wanted = fractions.filter((fraction) => fraction > 0).length;
  if (length >= wanted) return;
  throw new ValueError("stratifiedSplit", `class ${label} has ${length} samples for ${wanted} parts`, "Give fewer parts, or leave the class out with filter", { label, samples: length });
}

/** The indices of each part, in random order. */
export function stratifiedIndices(where: string, length: number, labels: ArrayLike<Label>, fractions: readonly number[], seed: number): Int32Array[] {
  checkFractions(where, fractions);
  const random = new Generator(seed);
  const chosen: number[][] = fractions.map(() => []);
  const debt = fractions.map(() => 0);
  for (const [label, members] of groupsOf(where, labels, length)) {
    checkEnough(label, members.length, fractions);
    const order = splitGenerator(random, String(label)).permutation(members.length);
    let start = 0;
    for (const [part, count] of deal(fractions, members.length, debt).entries()) {
      for (const at of order.subarray(start, start + count)) chosen[part].push(members[at]);
      start += count;
    }
  }
  return chosen.map((indices, part) => splitGenerator(random, part).permutation(indices.length).map((at) => indices[at]));
}

/**
 * Divides a data set at random into parts of the given fractions, each class by itself: every part has its share of every class,
 * less than one sample more or less.
 *
 *     const [train, validation] = stratifiedSplit(data, data.host.y.data, [0.9, 0.1], { seed: 1 });
 *
 * `labels` has the class of each sample. The same seed (default 0) gives the same parts.
 * @throws ValueError for fractions that do not sum to 1, and for a class that has fewer samples than there are parts
 */
export function stratifiedSplit<D extends Dataset<unknown>>(
  dataset: D,
  labels: ArrayLike<Label>,
  fractions: readonly number[],
  options: { readonly seed?: number } = {},
): ReturnType<D["subset"]>[] {
  checkOptions("stratifiedSplit", options, ["seed"]);
  return parts(dataset, stratifiedIndices("stratifiedSplit", dataset.length, labels, fractions, options.seed ?? 0));
}
