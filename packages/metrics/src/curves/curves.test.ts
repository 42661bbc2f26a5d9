import { ShapeError, StateError, ValueError } from "@dl/registry";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { auc, averagePrecision, bestThreshold, brierScore, calibrationCurve, curveSvg, expectedCalibrationError, logLoss, prCurve, rocAuc, rocCurve } from "../index.js";

const labels = [0, 0, 1, 1];
const scores = [0.1, 0.4, 0.35, 0.8];

const scored = fc.array(fc.tuple(fc.integer({ min: 0, max: 8 }), fc.nat({ max: 1 })), { minLength: 1, maxLength: 25 });

describe("curves", () => {
  test("MET-04 the example: FPR [0, 0, .5, .5, 1], TPR [0, .5, .5, 1, 1], AUC .75", () => {
    const { fpr, tpr, thresholds } = rocCurve(scores, labels);
    expect(fpr).toStrictEqual([0, 0, 0.5, 0.5, 1]);
    expect(tpr).toStrictEqual([0, 0.5, 0.5, 1, 1]);
    expect(thresholds).toStrictEqual([Infinity, 0.8, 0.4, 0.35, 0.1]);
    expect(auc(fpr, tpr)).toBe(0.75);
    expect(rocAuc(scores, labels)).toBe(0.75);
  });

  test("MET-04 equal scores make one step, in whatever order they come", () => {
    expect(rocCurve([0.5, 0.5, 0.5], [1, 0, 1])).toStrictEqual({ fpr: [0, 1], tpr: [0, 1], thresholds: [Infinity, 0.5] });
    expect(rocAuc([1, 1, 0, 0], [1, 0, 1, 0])).toBe(0.5);
    expect(rocAuc([-Infinity, Infinity], [0, 1])).toBe(1);
  });

  test("MET-04 the area is the chance that a positive beats a negative, ties counting half", () => {
    fc.assert(
      fc.property(scored.filter((rows) => new Set(rows.map(([, label]) => label)).size === 2), (rows) => {
        const [positives, negatives] = [1, 0].map((wanted) => rows.filter(([, label]) => label === wanted).map(([score]) => score));
        const wins = positives.flatMap((p) => negatives.map((n) => (p > n ? 1 : p === n ? 0.5 : 0))).reduce((sum: number, win) => sum + win, 0);
        expect(rocAuc(rows.map(([score]) => score), rows.map(([, label]) => label))).toBeCloseTo(wins / (positives.length * negatives.length), 12);
      }),
    );
  });

  test("MET-04 precision over recall ends at (0, 1), and its area in steps is the average precision", () => {
    expect(prCurve(scores, labels)).toStrictEqual({ precision: [0.5, 2 / 3, 0.5, 1, 1], recall: [1, 1, 0.5, 0.5, 0], thresholds: [0.1, 0.35, 0.4, 0.8] });
    expect(averagePrecision(scores, labels)).toBeCloseTo(0.5 + 0.5 * (2 / 3), 12);
  });

  test("MET-09 the best threshold is what trying all of them finds", () => {
    const cost = fc.integer({ min: 0, max: 9 });
    fc.assert(
      fc.property(scored, cost, cost, (rows, costFP, costFN) => {
        const wrongAt = (threshold: number): number =>
          rows.reduce((sum, [score, label]) => sum + (score >= threshold && label === 0 ? costFP : 0) + (score < threshold && label === 1 ? costFN : 0), 0);
        const candidates = [Infinity, ...new Set(rows.map(([score]) => score))].sort((a, b) => b - a);
        const least = Math.min(...candidates.map(wrongAt));
        const found = bestThreshold(rows.map(([score]) => score), rows.map(([, label]) => label), { costFP, costFN });
        expect(found.cost).toBe(least);
        expect(found.threshold).toBe(candidates.find((threshold) => wrongAt(threshold) === least));
        expect(found.fp * costFP + found.fn * costFN).toBe(least);
      }),
      { numRuns: 100 },
    );
  });

  test("MET-09 dear false negatives lower the threshold", () => {
    expect(bestThreshold(scores, labels)).toStrictEqual({ threshold: 0.8, cost: 1, fp: 0, fn: 1 });
    expect(bestThreshold(scores, labels, { costFN: 10 })).toStrictEqual({ threshold: 0.35, cost: 1, fp: 1, fn: 0 });
    expect(bestThreshold([0.2], [0])).toStrictEqual({ threshold: Infinity, cost: 0, fp: 0, fn: 0 });
  });

  test("MET-04 pictures have labelled axes, and titles cannot break out", () => {
    const roc = curveSvg(rocCurve(scores, labels), { title: "<cats> & dogs" });
    expect(roc).toContain(">false positive rate</text>");
    expect(roc).toContain(">true positive rate</text>");
    expect(roc).toContain("&lt;cats&gt; &amp; dogs");
    // The plane is [62, 364] × [334, 34] pixels, y upwards.
    expect(roc).toContain('d="M62 334L62 184L213 184L213 34L364 34"');
    expect(curveSvg(prCurve(scores, labels))).toContain(">precision</text>");
    expect(curveSvg(calibrationCurve(scores, labels))).toContain(">confidence</text>");
    expect(() => curveSvg(rocCurve(scores, labels), { size: 0 })).toThrow(ValueError);
  });
});

describe("probabilities", () => {
  test("log loss and Brier score by hand", () => {
    expect(logLoss([0.5, 0.25], [1, 0])).toBeCloseTo(-(Math.log(0.5) + Math.log(0.75)) / 2, 12);
    expect(logLoss([0], [1])).toBeCloseTo(-Math.log(Number.EPSILON), 12);
    expect(logLoss([0.2, 0.5, 0.3], [1], { numClasses: 3 })).toBeCloseTo(Math.log(2), 12);
    expect(brierScore([0.5, 0.25], [1, 0])).toBe((0.25 + 0.0625) / 2);
    expect(brierScore([0.2, 0.5, 0.3], [1], { numClasses: 3 })).toBeCloseTo(0.04 + 0.25 + 0.09, 12);
  });

  test("bins take their upper edge, the first one 0 as well", () => {
    const { counts, confidence, accuracy } = calibrationCurve([0, 0.1, 0.2, 0.3, 0.6, 0.7, 1], [0, 0, 1, 0, 1, 1, 1], { bins: 10 });
    expect(counts).toStrictEqual([2, 1, 1, 1, 1, 1]);
    expect(confidence[0]).toBeCloseTo(0.05, 12);
    expect(accuracy).toStrictEqual([0, 1, 0, 1, 1, 1]);
  });

  test("the calibration error weighs each bin's gap, of the most probable class when there are more than two", () => {
    expect(expectedCalibrationError([0.9, 0.9, 0.9, 0.3], [1, 1, 0, 0], { bins: 2 })).toBeCloseTo((3 / 4) * Math.abs(2 / 3 - 0.9) + (1 / 4) * 0.3, 12);
    expect(expectedCalibrationError([0.8, 0.1, 0.1, 0.2, 0.2, 0.6], [0, 1], { numClasses: 3, bins: 5 })).toBeCloseTo(Math.abs(1 - 0.8) / 2 + 0.6 / 2, 12);
  });
});

describe("bad input", () => {
  test("MET-04 a curve of one class is refused with the reason", () => {
    expect(() => rocCurve([0.1, 0.9], [1, 1])).toThrow(/all 2 labels are 1; a ROC curve is not defined without a 0\. Evaluate on rows of both classes/);
    expect(() => rocAuc([0.1, 0.9], [0, 0])).toThrow(ValueError);
    expect(() => prCurve([0.1], [0])).toThrow(ValueError);
    expect(() => rocAuc([0.1, 0.9, 0.2, 0.8], [0, 1], { numClasses: 2 })).not.toThrow();
    expect(() => rocAuc([0.1, 0.7, 0.2, 0.3, 0.3, 0.4], [0, 1], { numClasses: 3 })).toThrow(/0 of 2 rows are of class 2/);
  });

  test("is refused, saying what to do", () => {
    expect(() => rocCurve([0.1, NaN], [0, 1])).toThrow(/score NaN at position 1/);
    expect(() => rocCurve([0.1], [0, 1])).toThrow(ShapeError);
    expect(() => rocCurve([], [])).toThrow(StateError);
    expect(() => rocCurve([0.1], [2])).toThrow(/label 2 at row 0 is not in \[0, 2\)/);
    expect(() => bestThreshold([0.1], [1], { costFP: -1 })).toThrow(/costFP is -1/);
    expect(() => auc([0, 2, 1], [0, 0, 0])).toThrow(/neither only rises/);
    expect(() => auc([0], [0])).toThrow(ShapeError);
    expect(auc([1, 0], [1, 1])).toBe(1);
    expect(() => logLoss([1.2], [1])).toThrow(/probability 1.2 at position 0 is not in \[0, 1\]/);
    expect(() => logLoss([0.9, 0.9], [1], { numClasses: 2 })).toThrow(/add up to 1.8/);
    expect(() => logLoss([0.9, 0.1, 0.2], [1], { numClasses: 2 })).toThrow(/3 probabilities do not divide into rows of 2/);
    expect(() => calibrationCurve([0.5], [1], { bins: 0 })).toThrow(/bins is 0/);
  });
});
