import { checkOptions } from "@dl/registry";
import { checkPositive } from "../common/checks.js";
import { element, label, picture, upright } from "../common/svg.js";
import type { CalibrationPoints } from "./calibration.js";
import type { PrPoints } from "./precision-recall-curve.js";
import type { RocPoints } from "./roc.js";

export interface CurveSvgOptions {
  /** Default: what curve it is. */
  readonly title?: string;
  /** Width and height in pixels. Default 360. */
  readonly size?: number;
}

interface Drawing {
  readonly title: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly xLabel: string;
  readonly yLabel: string;
  /** Whether the line x = y means something: chance, or perfect calibration. */
  readonly diagonal: boolean;
}

const MARGIN = 52;
const TICKS = [0, 0.25, 0.5, 0.75, 1];

function drawingOf(curve: RocPoints | PrPoints | CalibrationPoints): Drawing {
  if ("tpr" in curve) return { title: "ROC curve", x: curve.fpr, y: curve.tpr, xLabel: "false positive rate", yLabel: "true positive rate", diagonal: true };
  if ("recall" in curve) return { title: "precision-recall curve", x: curve.recall, y: curve.precision, xLabel: "recall", yLabel: "precision", diagonal: false };
  return { title: "calibration curve", x: curve.confidence, y: curve.accuracy, xLabel: "confidence", yLabel: "accuracy", diagonal: true };
}

/**
 * What `rocCurve`, `prCurve` or `calibrationCurve` gave, as an SVG picture with labelled axes from 0 to 1.
 * @throws ValueError for a size that is not above 0
 */
export function curveSvg(curve: RocPoints | PrPoints | CalibrationPoints, options: CurveSvgOptions = {}): string {
  const { title: given, x, y, xLabel, yLabel, diagonal } = drawingOf(curve);
  checkOptions("curveSvg", options, ["title", "size"]);
  const { title = given, size = 360 } = options;
  checkPositive("curveSvg", "size", size);
  const side = Math.max(1, size - 2 * MARGIN);
  const across = (value: number): number => MARGIN + value * side;
  const up = (value: number): number => MARGIN + (1 - value) * side;
  const points = x.map((value, i) => `${across(value).toFixed(2)},${up(y[i]).toFixed(2)}`).join(" ");
  const middle = { "text-anchor": "middle" };
  return picture(size, size, title, [
    element("rect", { x: MARGIN, y: MARGIN, width: side, height: side, fill: "none", stroke: "#888888" }),
    ...TICKS.flatMap((tick) => [
      label(String(tick), across(tick), up(0) + 16, middle),
      label(String(tick), MARGIN - 6, up(tick) + 4, { "text-anchor": "end" }),
    ]),
    ...(diagonal ? [element("line", { x1: across(0), y1: up(0), x2: across(1), y2: up(1), stroke: "#888888", "stroke-dasharray": "4 4" })] : []),
    element("polyline", { points, fill: "none", stroke: "#1f5fa8", "stroke-width": 2 }),
    label(title, across(0.5), MARGIN - 20, { ...middle, "font-weight": "bold" }),
    label(xLabel, across(0.5), up(0) + 38, middle),
    upright(yLabel, 14, up(0.5), middle),
  ]);
}
