import type { TensorDataset } from "@dl/data";
import { ValueError } from "@dl/registry";
import { Generator, splitGenerator } from "@dl/tensor";

export interface BalancedOptions {
  /** Labels that take part. */
  readonly classes: readonly number[];
  readonly seed: number;
}

/** Where the samples of each class are, in random order. */
function shuffledMembers(data: TensorDataset, { classes, seed }: BalancedOptions): readonly (readonly number[])[] {
  const labels = Array.from(data.host.y.data, Number);
  return classes.map((label) => {
    const members = labels.flatMap((own, i) => (own === label ? [i] : []));
    return Array.from(splitGenerator(new Generator(seed), label).permutation(members.length), (at) => members[at]);
  });
}

/**
 * Random parts of a data set that share no sample: part k has `counts[k]` samples of each class. One of each class comes after the other, so
 * that a beginning of a part is balanced, too.
 *
 *     const [train, validation] = balancedParts(mnist, [10, 10], { classes: [0, 1, 2], seed: 0 });
 *
 * @throws ValueError for a class that has too few samples
 */
export function balancedParts(data: TensorDataset, counts: readonly number[], options: BalancedOptions): TensorDataset[] {
  const members = shuffledMembers(data, options);
  const needed = counts.reduce((sum, count) => sum + count, 0);
  members.forEach(({ length }, i) => {
    if (length >= needed) return;
    throw new ValueError("balancedParts", `class ${options.classes[i]} has ${length} samples, ${needed} are asked for`, "Ask for fewer", { length, needed });
  });
  let start = 0;
  return counts.map((count) => {
    const turns = Array.from({ length: count }, (_, i) => start + i);
    start += count;
    return data.subset(turns.flatMap((turn) => members.map((own) => own[turn])));
  });
}
