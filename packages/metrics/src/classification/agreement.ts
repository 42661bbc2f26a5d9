import { TallyMetric, tallyOf } from "./tallies.js";
import type { ClassOptions, Tallies } from "./tallies.js";

type Labels = ArrayLike<number>;

/** The mean recall of the classes that are there. */
export function meanRecall({ hits, actual }: Tallies): number {
  const recalls = [...hits].map((own, label) => own / actual[label]).filter((_, label) => actual[label] > 0);
  return recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length;
}

/** Σ predicted·actual over the classes: N² times the agreement that chance alone gives. */
const chance = ({ predicted, actual }: Tallies): number => predicted.reduce((sum, count, label) => sum + count * actual[label], 0);

const sumOfSquares = (counts: Float64Array): number => counts.reduce((sum, count) => sum + count * count, 0);
const total = (counts: Float64Array): number => counts.reduce((sum, count) => sum + count, 0);

/** Balanced accuracy over any number of batches; see `balancedAccuracy`. */
export class BalancedAccuracy extends TallyMetric<number> {
  constructor(options: ClassOptions) {
    super("BalancedAccuracy", options);
  }

  protected override measure(tallies: Tallies): number {
    return meanRecall(tallies);
  }
}

/** Matthews' correlation over any number of batches; see `mcc`. */
export class Mcc extends TallyMetric<number> {
  constructor(options: ClassOptions) {
    super("Mcc", options);
  }

  protected override measure(tallies: Tallies): number {
    const { count, hits, predicted, actual } = tallies;
    const spread = Math.sqrt((count * count - sumOfSquares(predicted)) * (count * count - sumOfSquares(actual)));
    return spread === 0 ? 0 : (total(hits) * count - chance(tallies)) / spread;
  }
}

/** Cohen's kappa over any number of batches; see `cohenKappa`. */
export class CohenKappa extends TallyMetric<number> {
  constructor(options: ClassOptions) {
    super("CohenKappa", options);
  }

  protected override measure(tallies: Tallies): number {
    const expected = chance(tallies);
    const beyond = tallies.count * tallies.count - expected;
    return beyond === 0 ? NaN : (total(tallies.hits) * tallies.count - expected) / beyond;
  }
}

/**
 * The mean recall of the classes that are there: accuracy as if every class were equally frequent.
 * Without `numClasses` the classes are counted from the labels.
 * @throws ShapeError when the two lists differ in length
 * @throws ValueError for labels out of range
 * @throws StateError when the lists are empty
 */
export const balancedAccuracy = (predicted: Labels, target: Labels, options: Partial<ClassOptions> = {}): number =>
  tallyOf(BalancedAccuracy, predicted, target, options);

/**
 * Matthews' correlation of prediction and target, in [−1, 1], of any number of classes (Gorodkin 2004). 0 where either is always the same class.
 * Throws what `balancedAccuracy` throws.
 */
export const mcc = (predicted: Labels, target: Labels, options: Partial<ClassOptions> = {}): number => tallyOf(Mcc, predicted, target, options);

/**
 * κ = (observed − expected agreement) / (1 − expected agreement), where chance alone gives the expected one (Cohen 1960).
 * NaN where both are always the same class. Throws what `balancedAccuracy` throws.
 */
export const cohenKappa = (predicted: Labels, target: Labels, options: Partial<ClassOptions> = {}): number => tallyOf(CohenKappa, predicted, target, options);
