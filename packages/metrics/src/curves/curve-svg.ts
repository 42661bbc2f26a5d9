import { chart } from "@dl/figures";
import { checkOptions, ValueError } from "@dl/registry";
import type { CalibrationPoints } from "./calibration.js";
import type { PrPoints } from "./precision-recall-curve.js";
import type { RocPoints } from "./roc.js";

export interface CurveSvgOptions {
  /** Default: what curve it is. */
  readonly title?: string;
  /** Width and height in pixels. Default 380. */
  readonly size?: number;
}

type Curve = RocPoints | PrPoints | CalibrationPoints;

interface Drawing {
  readonly title: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly xLabel: string;
  readonly yLabel: string;
  /** What the line x = y means, if anything. */
  readonly diagonal?: string;
}

function drawingOf(curve: Curve): Drawing {
  if ("tpr" in curve) return { title: "ROC curve", x: curve.fpr, y: curve.tpr, xLabel: "false positive rate", yLabel: "true positive rate", diagonal: "chance" };
  if ("recall" in curve) return { title: "precision-recall curve", x: curve.recall, y: curve.precision, xLabel: "recall", yLabel: "precision" };
  return { title: "calibration curve", x: curve.confidence, y: curve.accuracy, xLabel: "confidence", yLabel: "accuracy", diagonal: "perfect" };
}

/** Whether it is one curve, not several by name. */
const isCurve = (curves: Curve | Readonly<Record<string, Curve>>): curves is Curve => Object.values(curves).some((value) => Array.isArray(value));

/**
 * What `rocCurve`, `prCurve` or `calibrationCurve` gave, as an SVG picture with labelled axes from 0 to 1; or several curves of one kind,
 * by name.
 * @throws ValueError for a size of 100 pixels or less, or no curve
 */
export function curveSvg(curves: Curve | Readonly<Record<string, Curve>>, options: CurveSvgOptions = {}): string {
  checkOptions("curveSvg", options, ["title", "size"]);
  const named = isCurve(curves) ? [["", curves] as const] : Object.entries(curves);
  if (named.length === 0) throw new ValueError("curveSvg", "there is no curve", "Give at least one");
  const drawings = named.map(([name, curve]) => [name, drawingOf(curve)] as const);
  const [[, { title: given, xLabel, yLabel, diagonal }]] = drawings;
  const { title = given, size = 380 } = options;
  const domain = [0, 1] as const;
  const series = drawings.map(([name, { x, y }]) => ({ name: name || given, points: x.map((value, i) => [value, y[i]] as const) }));
  const line = diagonal === undefined ? [] : [{ name: diagonal, points: [[0, 0], [1, 1]] as const }];
  return chart({ title, x: { label: xLabel, domain }, y: { label: yLabel, domain }, series: [...series, ...line], legend: "bottom", width: size, height: size });
}
