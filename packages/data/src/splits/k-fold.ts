import { checkOptions, checkWhole, ValueError } from "@dl/registry";
import { Generator as Random, splitGenerator } from "@dl/tensor";
import { groupsOf } from "./groups.js";

/** One fold: what to train on and what to test on, as ascending indices. */
export interface Fold {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

export interface FoldOptions {
  /** Number of folds. Default 5. */
  readonly folds?: number;
  /** Default false: neighbours stay together. */
  readonly shuffle?: boolean;
  /** Of the shuffling. Default 0. */
  readonly seed?: number;
}

function settings(where: string, options: FoldOptions): Required<FoldOptions> {
  checkOptions(where, options, ["folds", "shuffle", "seed"]);
  const { folds = 5, shuffle = false, seed = 0 } = options;
  checkWhole(where, "folds", folds, 2);
  return { folds, shuffle, seed };
}

/** Every sample is tested in the fold that `foldOf` gives it, and trained on in all others. */
function* foldsOf(foldOf: Int32Array, folds: number): Generator<Fold, void, undefined> {
  const all = Int32Array.from(foldOf, (_, i) => i);
  for (let fold = 0; fold < folds; fold++) yield { train: all.filter((i) => foldOf[i] !== fold), test: all.filter((i) => foldOf[i] === fold) };
}

/**
 * Cross-validation: divides `length` samples into folds of equal size (the first ones may have one more), each of which is the test set once.
 *
 *     for (const { train, test } of kFold(data.length, { folds: 5, shuffle: true })) evaluate(fit(data.subset(train)), data.subset(test));
 *
 * @throws ValueError for fewer than 2 folds, or more folds than samples
 */
export function kFold(length: number, options: FoldOptions = {}): Generator<Fold, void, undefined> {
  const { folds, shuffle, seed } = settings("kFold", options);
  checkWhole("kFold", "length", length, 0);
  if (folds > length) throw new ValueError("kFold", `${length} samples for ${folds} folds`, "Give fewer folds", { length, folds });
  const order = shuffle ? new Random(seed).permutation(length) : Int32Array.from({ length }, (_, i) => i);
  const [size, larger] = [Math.floor(length / folds), length % folds];
  const foldOf = new Int32Array(length);
  order.forEach((sample, at) => (foldOf[sample] = at < larger * (size + 1) ? Math.floor(at / (size + 1)) : Math.floor((at - larger) / size)));
  return foldsOf(foldOf, folds);
}

/**
 * `kFold` in which every fold has its share of every class, less than one sample more or less. `labels` has the class of each sample.
 * @throws ValueError for fewer than 2 folds, or a class that has fewer samples than there are folds
 */
export function stratifiedKFold(labels: ArrayLike<number | string>, options: FoldOptions = {}): Generator<Fold, void, undefined> {
  const where = "stratifiedKFold";
  const { folds, shuffle, seed } = settings(where, options);
  const random = new Random(seed);
  const foldOf = new Int32Array(labels.length);
  // The classes take turns at who begins, so that the folds differ by one sample at most.
  let next = 0;
  for (const [label, members] of groupsOf(where, labels, labels.length)) {
    if (members.length < folds) throw new ValueError(where, `class ${label} has ${members.length} samples for ${folds} folds`, "Give fewer folds, or leave the class out", { label, samples: members.length });
    const order = shuffle ? splitGenerator(random, String(label)).permutation(members.length) : members.keys();
    for (const at of order) foldOf[members[at]] = next++ % folds;
  }
  return foldsOf(foldOf, folds);
}
