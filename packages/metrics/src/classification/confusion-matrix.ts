import { heatMap } from "@dl/figures";
import { checkOptions, checkWhole, ShapeError, StateError, ValueError } from "@dl/registry";
import { checkLabels, checkPairs } from "../common/checks.js";
import { formatEntry, renderMatrix } from "./render-matrix.js";
import type { Unit } from "./render-matrix.js";
import { checkReportOptions, REPORT_OPTIONS, reportOf } from "./report.js";
import type { Report, ReportOptions } from "./report.js";
import { talliesOf } from "./tallies.js";

/** What the entries are divided by: the sum of their row, of their column, or of all. */
export type Normalization = "actual" | "predicted" | "all";

const NORMALIZATIONS: readonly string[] = ["actual", "predicted", "all"] satisfies Normalization[];

export interface ConfusionMatrixOptions {
  /** Number of classes; every label is in [0, numClasses). */
  readonly numClasses: number;
  /** Names of the classes, for the table. Default: their numbers. */
  readonly labels?: readonly string[];
  /** Shares instead of counts; a share of nothing is 0. Default: counts. */
  readonly normalize?: Normalization;
}

function checkedOptions(options: ConfusionMatrixOptions): ConfusionMatrixOptions {
  const where = "ConfusionMatrix";
  checkOptions(where, options, ["numClasses", "labels", "normalize"]);
  const { numClasses, labels, normalize } = options;
  checkWhole(where, "numClasses", numClasses, 1);
  if (labels !== undefined && labels.length !== numClasses) {
    throw new ShapeError(where, `${labels.length} labels for ${numClasses} classes`, "Name each class", { labels, numClasses });
  }
  if (normalize !== undefined && !NORMALIZATIONS.includes(normalize)) {
    throw new ValueError(where, `normalize is "${normalize}"`, `Use one of ${NORMALIZATIONS.join(", ")}, or leave it out`, { normalize });
  }
  return options;
}

/**
 * How often each class was taken for which: rows are the actual classes, columns the predicted ones.
 * Batches add up, and so do matrices (`merge`).
 *
 *     const matrix = new ConfusionMatrix({ numClasses: 10 });
 *     matrix.update(predicted, target);
 *     console.log(matrix.toString());
 */
export class ConfusionMatrix {
  readonly numClasses: number;
  readonly labels: readonly string[];
  readonly normalize: Normalization | undefined;
  readonly #counts: Float64Array;

  /**
   * @throws ValueError for a number of classes that is not whole, or an unknown way to normalize
   * @throws ShapeError when there are not as many labels as classes
   */
  constructor(options: ConfusionMatrixOptions) {
    const { numClasses, labels, normalize } = checkedOptions(options);
    this.numClasses = numClasses;
    this.labels = labels ?? Array.from({ length: numClasses }, (_, label) => String(label));
    this.normalize = normalize;
    this.#counts = new Float64Array(numClasses * numClasses);
  }

  /**
   * Counts a batch of class indices.
   * @throws ShapeError when the two differ in length
   * @throws ValueError for a label out of range, naming its row; nothing is counted
   */
  update(predicted: ArrayLike<number>, target: ArrayLike<number>): this {
    const where = "ConfusionMatrix.update";
    checkPairs(where, predicted, target);
    checkLabels(where, "prediction", predicted, this.numClasses);
    checkLabels(where, "target", target, this.numClasses);
    for (let i = 0; i < target.length; i++) this.#counts[target[i] * this.numClasses + predicted[i]]++;
    return this;
  }

  /** The counts, or the shares that `normalize` asks for: `compute()[actual][predicted]`. */
  compute(): number[][] {
    const counts = this.#rows();
    if (this.normalize === undefined) return counts;
    const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
    const byRow = counts.map(sum);
    const byColumn = counts.map((_, column) => sum(counts.map((row) => row[column])));
    const total = sum(byRow);
    const divisor = (row: number, column: number): number =>
      this.normalize === "actual" ? byRow[row] : this.normalize === "predicted" ? byColumn[column] : total;
    return counts.map((values, row) => values.map((count, column) => (count === 0 ? 0 : count / divisor(row, column))));
  }

  /**
   * Adds what another one counted.
   * @throws ShapeError when it has another number of classes
   */
  merge(other: ConfusionMatrix): this {
    if (other.numClasses !== this.numClasses) {
      throw new ShapeError("ConfusionMatrix.merge", `a matrix of ${other.numClasses} classes cannot be added to one of ${this.numClasses}`, "Use the same classes");
    }
    other.#counts.forEach((count, i) => (this.#counts[i] += count));
    return this;
  }

  reset(): this {
    this.#counts.fill(0);
    return this;
  }

  /** A table of text; ten classes fit into 80 columns. Shares are in percent. */
  toString(): string {
    return renderMatrix(this.compute(), this.labels, this.#unit);
  }

  /** The same as an SVG picture with labelled axes: a cell is the darker the greater its share of its row. */
  toSvg(): string {
    const columnLabel = this.#unit === "shares" ? "predicted class, %" : "predicted class";
    const format = (value: number): string => formatEntry(value, this.#unit, "0");
    return heatMap({ title: "Confusion matrix", values: this.compute(), rows: this.labels, columns: this.labels, rowLabel: "actual class", columnLabel, format, shades: "byRow" });
  }

  /**
   * Precision, recall and F1 of every class, as `classificationReport` gives them.
   * @throws StateError when nothing was counted
   */
  report(options: Omit<ReportOptions, "labels"> = {}): Report {
    const where = "ConfusionMatrix.report";
    checkOptions(where, options, REPORT_OPTIONS);
    checkReportOptions(where, this.numClasses, options);
    const tallies = talliesOf(this.#rows());
    if (tallies.count === 0) throw new StateError(where, "nothing was counted yet", "Call update first");
    return reportOf(where, tallies, { labels: this.labels, ...options });
  }

  get #unit(): Unit {
    return this.normalize === undefined ? "counts" : "shares";
  }

  #rows(): number[][] {
    return this.labels.map((_, row) => [...this.#counts.subarray(row * this.numClasses, (row + 1) * this.numClasses)]);
  }
}

/**
 * The confusion matrix of two lists of class indices: `confusionMatrix(predicted, target, options)[actual][predicted]`.
 * Throws what `ConfusionMatrix` throws.
 */
export const confusionMatrix = (predicted: ArrayLike<number>, target: ArrayLike<number>, options: ConfusionMatrixOptions): number[][] =>
  new ConfusionMatrix(options).update(predicted, target).compute();
