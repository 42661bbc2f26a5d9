import { checkOptions, checkWhole } from "@dl/registry";
import { checkLabels, checkPairs } from "../common/checks.js";
import { StreamingMetric, sums } from "../common/streaming.js";

/** What rates of classes are made of: each array has one number per class. */
export interface Tallies {
  /** Rows counted. */
  readonly count: number;
  /** How often the class was predicted rightly: the diagonal of the confusion matrix. */
  readonly hits: Float64Array;
  /** How often it was predicted: the sums of the columns. */
  readonly predicted: Float64Array;
  /** How often it was there: the sums of the rows. */
  readonly actual: Float64Array;
}

/** The tallies as one array of sums: count, hits, predicted, actual. */
export const tallyLength = (numClasses: number): number => 1 + 3 * numClasses;

export function talliesIn(state: Float64Array): Tallies {
  const numClasses = (state.length - 1) / 3;
  const part = (i: number): Float64Array => state.subarray(1 + i * numClasses, 1 + (i + 1) * numClasses);
  return { count: state[0], hits: part(0), predicted: part(1), actual: part(2) };
}

export function talliesOf(matrix: readonly (readonly number[])[]): Tallies {
  const actual = Float64Array.from(matrix, (row) => row.reduce((sum, count) => sum + count, 0));
  const predicted = Float64Array.from(matrix, (_, column) => matrix.reduce((sum, row) => sum + row[column], 0));
  return { count: actual.reduce((sum, count) => sum + count, 0), hits: Float64Array.from(matrix, (row, i) => row[i]), predicted, actual };
}

/** Adds (predicted, target) pairs to the tallies; where the target is `ignoreIndex` the pair does not count. */
export function tally(state: Float64Array, predicted: ArrayLike<number>, target: ArrayLike<number>, ignoreIndex?: number): void {
  const into = talliesIn(state);
  for (let i = 0; i < target.length; i++) {
    if (target[i] === ignoreIndex) continue;
    state[0]++;
    into.predicted[predicted[i]]++;
    into.actual[target[i]]++;
    if (predicted[i] === target[i]) into.hits[target[i]]++;
  }
}

export interface ClassOptions {
  /** Number of classes; every label is in [0, numClasses). */
  readonly numClasses: number;
  /** Rows with this target do not count. It need not be a class. Default: none. */
  readonly ignoreIndex?: number;
}

export const CLASS_OPTIONS = ["numClasses", "ignoreIndex"] as const satisfies (keyof ClassOptions)[];

/** A metric of class indices whose value follows from the tallies. */
export abstract class TallyMetric<Result> extends StreamingMetric<Float64Array, Result> {
  readonly numClasses: number;
  readonly #ignoreIndex: number | undefined;

  protected constructor(name: string, options: ClassOptions, known: readonly string[] = CLASS_OPTIONS) {
    checkOptions(name, options, known);
    const { numClasses, ignoreIndex } = options;
    checkWhole(name, "numClasses", numClasses, 1);
    super(name, sums(tallyLength(numClasses)), { numClasses, ignoreIndex });
    this.numClasses = numClasses;
    this.#ignoreIndex = ignoreIndex;
  }

  protected abstract measure(tallies: Tallies): Result;

  protected override resultOf(state: Float64Array): Result {
    return this.measure(talliesIn(state));
  }

  /**
   * Counts a batch of class indices.
   * @throws ShapeError when the two differ in length
   * @throws ValueError for a label out of range, naming its row; nothing is counted
   */
  update(predicted: ArrayLike<number>, target: ArrayLike<number>): this {
    const where = `${this.name}.update`;
    checkPairs(where, predicted, target);
    checkLabels(where, "prediction", predicted, this.numClasses);
    checkLabels(where, "target", target, this.numClasses, this.#ignoreIndex);
    const batch = new Float64Array(tallyLength(this.numClasses));
    tally(batch, predicted, target, this.#ignoreIndex);
    return this.absorb(batch);
  }
}

/** One more than the largest label: how many classes two lists speak of. At least `least`. */
function classesIn(predicted: ArrayLike<number>, target: ArrayLike<number>, ignoreIndex: number | undefined, least: number): number {
  let numClasses = least;
  for (const labels of [predicted, target]) {
    for (let i = 0; i < labels.length; i++) {
      if (Number.isInteger(labels[i]) && labels[i] !== ignoreIndex) numClasses = Math.max(numClasses, labels[i] + 1);
    }
  }
  return numClasses;
}

/** The metric of two lists, whose classes are counted, two at least, unless `numClasses` says how many there are. */
export function tallyOf<Result, O extends Partial<ClassOptions>>(
  Metric: new (options: O & ClassOptions) => TallyMetric<Result>,
  predicted: ArrayLike<number>,
  target: ArrayLike<number>,
  options: O,
): Result {
  const numClasses = options.numClasses ?? classesIn(predicted, target, options.ignoreIndex, 2);
  return new Metric({ ...options, numClasses }).update(predicted, target).compute();
}
