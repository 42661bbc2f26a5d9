import { checkWhole, ShapeError } from "@dl/registry";
import { meanRecall } from "./agreement.js";
import { averageRate, checkAverage, fBetaRate, precisionRate, recallRate } from "./rates.js";
import { renderReport } from "./render-report.js";
import { CLASS_OPTIONS, TallyMetric, tallyOf } from "./tallies.js";
import type { ClassOptions, Tallies } from "./tallies.js";
import type { ZeroDivision } from "./zero-division.js";

export interface ReportRow {
  readonly precision: number;
  readonly recall: number;
  readonly f1Score: number;
  /** How many rows are of this class. */
  readonly support: number;
}

export interface ReportData {
  readonly classes: readonly (ReportRow & { readonly label: string })[];
  readonly accuracy: number;
  readonly balancedAccuracy: number;
  readonly macro: ReportRow;
  readonly weighted: ReportRow;
  /** What the numbers hide, in sentences: a high accuracy although some class is never found. */
  readonly warnings: readonly string[];
}

export interface Report extends ReportData {
  /** The table as text, the warnings below it. */
  toString(): string;
}

export interface ReportOptions {
  /** Names of the classes. Default: their numbers. */
  readonly labels?: readonly string[];
  /** Digits behind the point in the text. Default 2. */
  readonly digits?: number;
  /** What 0/0 is. Default 0. */
  readonly zeroDivision?: ZeroDivision;
}

export const REPORT_OPTIONS: readonly (keyof ReportOptions)[] = ["labels", "digits", "zeroDivision"];
const MISLEADING = 0.9;

export function checkReportOptions(where: string, numClasses: number, { labels, digits = 2, zeroDivision = 0 }: ReportOptions): void {
  if (labels !== undefined && labels.length !== numClasses) {
    throw new ShapeError(where, `${labels.length} labels for ${numClasses} classes`, "Name each class", { labels, numClasses });
  }
  checkWhole(where, "digits", digits, 0);
  checkAverage(where, numClasses, { average: "macro", zeroDivision });
}

function warningsOf({ hits, actual }: Tallies, names: readonly string[], accuracy: number): string[] {
  const unseen = names.filter((_, label) => actual[label] > 0 && hits[label] === 0);
  if (accuracy <= MISLEADING || unseen.length === 0) return [];
  return unseen.map((name) => `accuracy is ${accuracy.toFixed(3)}, but class ${name} is never found (recall 0); look at the balanced accuracy`);
}

/** What the tallies say; the caller has checked the options. */
export function reportOf(where: string, tallies: Tallies, { labels, digits = 2, zeroDivision = 0 }: ReportOptions): Report {
  const names = labels ?? Array.from(tallies.actual, (_, label) => String(label));
  const all = <A extends "none" | "macro" | "weighted">(average: A) => ({
    precision: averageRate(where, precisionRate, tallies, { average, zeroDivision }),
    recall: averageRate(where, recallRate, tallies, { average, zeroDivision }),
    f1Score: averageRate(where, fBetaRate(1), tallies, { average, zeroDivision }),
  });
  const { precision, recall, f1Score } = all("none");
  const accuracy = tallies.hits.reduce((sum, count) => sum + count, 0) / tallies.count;
  const data: ReportData = {
    classes: names.map((label, i) => ({ label, precision: precision[i], recall: recall[i], f1Score: f1Score[i], support: tallies.actual[i] })),
    accuracy,
    balancedAccuracy: meanRecall(tallies),
    macro: { ...all("macro"), support: tallies.count },
    weighted: { ...all("weighted"), support: tallies.count },
    warnings: warningsOf(tallies, names, accuracy),
  };
  return { ...data, toString: () => renderReport(data, digits) };
}

/** A report over any number of batches; see `classificationReport`. */
export class ClassificationReport extends TallyMetric<Report> {
  readonly #options: ReportOptions;

  /** @throws ShapeError when there are not as many labels as classes; ValueError for other options that cannot be */
  constructor(options: ClassOptions & ReportOptions) {
    super("ClassificationReport", options, [...CLASS_OPTIONS, ...REPORT_OPTIONS]);
    checkReportOptions(this.name, this.numClasses, options);
    this.#options = options;
  }

  protected override measure(tallies: Tallies): Report {
    return reportOf(`${this.name}.compute`, tallies, this.#options);
  }
}

/**
 * Precision, recall, F1 and support of every class, their means, accuracy and balanced accuracy, and warnings where these mislead:
 * accuracy above 0.9 while the recall of some class is 0. Without `numClasses` the classes are counted from `labels`, else from the lists.
 *
 *     console.log(String(classificationReport(predicted, target, { labels: ["cat", "dog"] })));
 *
 * @throws ShapeError when the two lists, or labels and classes, differ in number
 * @throws ValueError for labels out of range
 * @throws StateError when the lists are empty
 */
export const classificationReport = (predicted: ArrayLike<number>, target: ArrayLike<number>, options: Partial<ClassOptions> & ReportOptions = {}): Report =>
  tallyOf(ClassificationReport, predicted, target, { ...options, numClasses: options.numClasses ?? options.labels?.length });
