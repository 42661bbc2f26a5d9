import { checkWhole, ValueError } from "@dl/registry";
import { checkLabels, checkPairs, checkProbabilities, rowCount } from "../common/checks.js";
import { StreamingMetric } from "../common/streaming.js";
import type { Accumulation } from "../common/streaming.js";

export interface ProbabilityOptions {
  /** Number of classes when probabilities are [N, numClasses]. Default: one for each row, that of class 1 of two. */
  readonly numClasses?: number;
}

/** Sums of float32 softmax outputs stay well within. */
const SUM_TOLERANCE = 1e-4;

/** Rows of probabilities with their labels. */
export interface ProbabilityRows {
  readonly count: number;
  readonly numClasses: number;
  readonly label: (row: number) => number;
  readonly probability: (row: number, label: number) => number;
}

function checkSums(where: string, { count, numClasses, probability }: ProbabilityRows): void {
  for (let row = 0; row < count; row++) {
    let sum = 0;
    for (let label = 0; label < numClasses; label++) sum += probability(row, label);
    if (Math.abs(sum - 1) > SUM_TOLERANCE) throw new ValueError(where, `the probabilities of row ${row} add up to ${sum}`, "Apply softmax to the scores first", { row, sum });
  }
}

/** A metric of probabilities of two classes, one number a row, or of more, a number for each class. */
export abstract class ProbabilityMetric<State, Result> extends StreamingMetric<State, Result> {
  readonly #numClasses: number | undefined;

  protected constructor(name: string, accumulation: Accumulation<State>, numClasses: number | undefined, settings: object = {}) {
    if (numClasses !== undefined) checkWhole(name, "numClasses", numClasses, 2);
    super(name, accumulation, { numClasses, ...settings });
    this.#numClasses = numClasses;
  }

  protected abstract stateOf(rows: ProbabilityRows): State;

  /**
   * Counts a batch: probabilities [N], or [N, numClasses] row by row, and N labels.
   * @throws ShapeError when the lengths do not fit
   * @throws ValueError for a probability outside [0, 1], a row that does not add up to 1, or a label out of range; nothing is counted
   */
  update(probabilities: ArrayLike<number>, labels: ArrayLike<number>): this {
    const where = `${this.name}.update`;
    const width = this.#numClasses ?? 1;
    const count = rowCount(where, "probabilities", probabilities, width);
    checkPairs(where, { length: count }, labels);
    checkProbabilities(where, probabilities);
    checkLabels(where, "label", labels, this.#numClasses ?? 2);
    const rows: ProbabilityRows = {
      count,
      numClasses: this.#numClasses ?? 2,
      label: (row) => labels[row],
      probability: width === 1 ? (row, label) => (label === 1 ? probabilities[row] : 1 - probabilities[row]) : (row, label) => probabilities[row * width + label],
    };
    checkSums(where, rows);
    return this.absorb(this.stateOf(rows));
  }
}
