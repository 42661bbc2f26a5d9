import { auc, brierScore, calibrationCurve, curveSvg, expectedCalibrationError, rocCurve } from "@dl/metrics";
import type { CalibrationPoints, ConfusionMatrix, ReportRow, RocPoints } from "@dl/metrics";

/** What a classifier said about each sample, and what was right. */
export interface Predictions {
  /** [N, numClasses], row by row; a row adds up to 1. */
  readonly probabilities: Float32Array;
  /** [N], class indices. */
  readonly targets: Int32Array;
}

/** Everything that is counted about a classifier, in plain JSON. */
export interface ClassifierReport {
  readonly accuracy: number;
  readonly balancedAccuracy: number;
  /** rocAuc is of the class against the rest; null where all samples or none are of the class. */
  readonly classes: readonly (ReportRow & { readonly label: string; readonly rocAuc: number | null })[];
  readonly macro: ReportRow;
  readonly weighted: ReportRow;
  /** The mean of the classes that have one; null where none has. */
  readonly rocAuc: number | null;
  /** The mean over samples of the squared distance of probabilities and truth, from 0 to 2. */
  readonly brierScore: number;
  /** How often claims of each confidence come true, and how far off that is on average. */
  readonly calibration: CalibrationPoints & { readonly expectedError: number };
  /** Rows actual, columns predicted. */
  readonly confusion: readonly (readonly number[])[];
  /** What the numbers hide, in sentences. */
  readonly warnings: readonly string[];
}

/** Each class against the rest, where there are samples of both. */
function rocByClass({ probabilities, targets }: Predictions, labels: readonly string[]): Map<string, RocPoints> {
  const rows = Array.from(targets, (_, row) => row);
  const curves = labels.map((label, index) => {
    const members = Array.from(targets, (target) => Number(target === index));
    if (!members.includes(0) || !members.includes(1)) return [];
    return [[label, rocCurve(rows.map((row) => probabilities[row * labels.length + index]), members)] as const];
  });
  return new Map(curves.flat());
}

const areaUnder = ({ fpr, tpr }: RocPoints): number => auc(fpr, tpr);

/** The whole report of a classifier, in plain JSON. */
export function classifierReport(confusion: ConfusionMatrix, predictions: Predictions): ClassifierReport {
  const { probabilities, targets } = predictions;
  const { labels, numClasses } = confusion;
  const { classes, accuracy, balancedAccuracy, macro, weighted, warnings } = confusion.report();
  const areas = new Map([...rocByClass(predictions, labels)].map(([label, curve]) => [label, areaUnder(curve)]));
  return {
    accuracy,
    balancedAccuracy,
    classes: classes.map((row) => ({ ...row, rocAuc: areas.get(row.label) ?? null })),
    macro,
    weighted,
    rocAuc: areas.size === 0 ? null : [...areas.values()].reduce((sum, area) => sum + area, 0) / areas.size,
    brierScore: brierScore(probabilities, targets, { numClasses }),
    calibration: { ...calibrationCurve(probabilities, targets, { numClasses }), expectedError: expectedCalibrationError(probabilities, targets, { numClasses }) },
    confusion: confusion.compute(),
    warnings,
  };
}

/** The same as pictures, by name: the confusion matrix, the ROC curves where there are any, the calibration curve. */
export function classifierFigures(confusion: ConfusionMatrix, predictions: Predictions): Readonly<Record<string, string>> {
  const { probabilities, targets } = predictions;
  const curves = [...rocByClass(predictions, confusion.labels)].map(([label, curve]) => [`${label}, area ${areaUnder(curve).toFixed(3)}`, curve] as const);
  return {
    "confusion-matrix": confusion.toSvg(),
    ...(curves.length > 0 && { roc: curveSvg(Object.fromEntries(curves), { title: "ROC curves, each class against the rest" }) }),
    calibration: curveSvg(calibrationCurve(probabilities, targets, { numClasses: confusion.numClasses })),
  };
}
