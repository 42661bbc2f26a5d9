import { chart } from "@dl/figures";
import { checkOptions } from "@dl/registry";
import type { CalibrationPoints } from "./calibration.js";
import type { PrPoints } from "./precision-recall-curve.js";
import type { RocPoints } from "./roc.js";

export interface CurveSvgOptions {
  /** Default: what curve it is. */
  readonly title?: string;
  /** Width and height in pixels. Default 380. */
  readonly size?: number;
}

interface Drawing {
  readonly title: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly xLabel: string;
  readonly yLabel: string;
  /** What the line x = y means, if anything. */
  readonly diagonal?: string;
}

function drawingOf(curve: RocPoints | PrPoints | CalibrationPoints): Drawing {
  if ("tpr" in curve) return { title: "ROC curve", x: curve.fpr, y: curve.tpr, xLabel: "false positive rate", yLabel: "true positive rate", diagonal: "chance" };
  if ("recall" in curve) return { title: "precision-recall curve", x: curve.recall, y: curve.precision, xLabel: "recall", yLabel: "precision" };
  return { title: "calibration curve", x: curve.confidence, y: curve.accuracy, xLabel: "confidence", yLabel: "accuracy", diagonal: "perfect" };
}

/**
 * What `rocCurve`, `prCurve` or `calibrationCurve` gave, as an SVG picture with labelled axes from 0 to 1.
 * @throws ValueError for a size of 100 pixels or less
 */
export function curveSvg(curve: RocPoints | PrPoints | CalibrationPoints, options: CurveSvgOptions = {}): string {
  checkOptions("curveSvg", options, ["title", "size"]);
  const { title: given, x, y, xLabel, yLabel, diagonal } = drawingOf(curve);
  const { title = given, size = 380 } = options;
  const domain = [0, 1] as const;
  const points = x.map((value, i) => [value, y[i]] as const);
  const series = [{ name: given, points }, ...(diagonal === undefined ? [] : [{ name: diagonal, points: [[0, 0], [1, 1]] as const }])];
  return chart({ title, x: { label: xLabel, domain }, y: { label: yLabel, domain }, series, legend: "bottom", width: size, height: size });
}
