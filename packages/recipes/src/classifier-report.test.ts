import { ConfusionMatrix } from "@dl/metrics";
import { expect, test } from "vitest";
import { classifierFigures, classifierReport } from "./index.js";

/** Of three classes the last one never comes. */
const predictions = {
  probabilities: Float32Array.of(0.8, 0.1, 0.1, 0.3, 0.6, 0.1, 0.2, 0.5, 0.3, 0.6, 0.3, 0.1),
  targets: Int32Array.of(0, 1, 0, 1),
};
const confusion = new ConfusionMatrix({ numClasses: 3, labels: ["cat", "dog", "fox"] }).update([0, 1, 1, 0], predictions.targets);

test("MET-06 the report has the rates of every class, and areas where there are samples of the class and others", () => {
  const report = classifierReport(confusion, predictions);
  const figures = classifierFigures(confusion, predictions);
  expect(report).toMatchObject({
    accuracy: 0.5,
    balancedAccuracy: 0.5,
    classes: [
      { label: "cat", precision: 0.5, recall: 0.5, f1Score: 0.5, support: 2, rocAuc: 0.5 },
      { label: "dog", precision: 0.5, recall: 0.5, support: 2, rocAuc: 0.75 },
      { label: "fox", recall: 0, support: 0, rocAuc: null },
    ],
    rocAuc: 0.625,
    confusion: [[1, 1, 0], [1, 1, 0], [0, 0, 0]],
  });
  // Claims .8 (true), .6 (true), .5 (false) and .6 (false): the two of .6 share a bin.
  expect(report.calibration.expectedError).toBeCloseTo((0.2 + 2 * 0.1 + 0.5) / 4, 6);
  expect(report.brierScore).toBeCloseTo((0.06 + 0.26 + 0.98 + 0.86) / 4, 6);
  expect(JSON.parse(JSON.stringify(report))).toStrictEqual(report);
  expect(Object.keys(figures)).toEqual(["confusion-matrix", "roc", "calibration"]);
  expect(figures.roc).toContain(">dog, area 0.750<");
});

test("of a single class there is no ROC curve", () => {
  const alone = { probabilities: Float32Array.of(0.9, 0.1), targets: Int32Array.of(0) };
  const lonely = new ConfusionMatrix({ numClasses: 2 }).update([0], [0]);
  expect(classifierReport(lonely, alone).rocAuc).toBeNull();
  expect(Object.keys(classifierFigures(lonely, alone))).toEqual(["confusion-matrix", "calibration"]);
});
