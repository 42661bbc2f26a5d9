import { ValueError } from "@dl/registry";

/** The label of each sample, and where the samples of each label are. */
export function groupsOf(where: string, labels: ArrayLike<number | string>, length: number): Map<number | string, number[]> {
  if (labels.length !== length) {
    throw new ValueError(where, `${labels.length} labels for ${length} samples`, "Give one label for each sample", { labels: labels.length, length });
  }
  const groups = new Map<number | string, number[]>();
  for (let i = 0; i < length; i++) {
    const group = groups.get(labels[i]);
    if (group === undefined) groups.set(labels[i], [i]);
    else group.push(i);
  }
  return groups;
}
