import { ShapeError, StateError, UnknownNameError, ValueError } from "@dl/registry";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  accuracy, balancedAccuracy, binaryCounts, classificationReport, cohenKappa, errorRate, f1Score, fBeta, fpr, jaccardIndex, mcc, precision, Precision,
  recall, specificity, ThresholdedBinary, topKAccuracy, tpr,
} from "../index.js";
import { CM1, CM2, listsOf } from "../testing/course.js";

const [one, two] = [listsOf(CM1), listsOf(CM2)];

/** Ten rows worked out by hand: TP 3, FP 2, TN 4, FN 1. */
const hand = { predicted: [1, 1, 1, 1, 1, 0, 0, 0, 0, 0], target: [1, 1, 1, 0, 0, 0, 0, 0, 0, 1] };

const expectAll = (actual: readonly number[], expected: readonly number[], digits = 12): void => {
  expect(actual).toHaveLength(expected.length);
  expected.forEach((value, i) => { expect(actual[i]).toBeCloseTo(value, digits); });
};

describe("two classes", () => {
  test("MET-05 the table of ten labels, and the shares it gives", () => {
    const { predicted, target } = hand;
    expect(binaryCounts(predicted, target)).toStrictEqual({ tp: 3, fp: 2, tn: 4, fn: 1 });
    expect(binaryCounts(predicted, target, { positive: 0 })).toStrictEqual({ tp: 4, fp: 1, tn: 3, fn: 2 });
    expect(precision(predicted, target)).toBe(3 / 5);
    expect(recall(predicted, target)).toBe(3 / 4);
    expect(recall(predicted, target, { positive: 0 })).toBe(4 / 6);
  });

  test("MET-03 TPR = sensitivity = recall, FPR = 1 − specificity", () => {
    const { predicted, target } = hand;
    expect(tpr(predicted, target)).toBe(3 / 4);
    expect(fpr(predicted, target)).toBe(2 / 6);
    expect(specificity(predicted, target)).toBe(4 / 6);
  });

  test("MET-05 zero denominators are what zeroDivision says", () => {
    const nothing = [0, 0, 0];
    const target = [1, 0, 1];
    expect(precision(nothing, target)).toBe(0);
    for (const zeroDivision of [0, 1, NaN]) expect(precision(nothing, target, { zeroDivision })).toBe(zeroDivision);
    expect(() => precision(nothing, target, { zeroDivision: "throw" })).toThrow(/the rate of class 1 is 0\/0/);
    expect(recall(target, nothing, { zeroDivision: 1 })).toBe(1);
    expect(f1Score(nothing, nothing, { zeroDivision: NaN })).toBeNaN();
    expect(f1Score(nothing, target, { zeroDivision: 1 })).toBe(0);
    expect(() => precision(nothing, target, { zeroDivision: 0.5 })).toThrow(/zeroDivision is 0.5/);
  });

  test("MET-05 a mean leaves out classes whose rate is NaN", () => {
    expect(precision([0, 0], [0, 1], { average: "macro", zeroDivision: NaN })).toBe(0.5);
    expect(precision([0, 0], [0, 1], { average: "macro", zeroDivision: 1 })).toBe(0.75);
  });

  test("MET-03 raising the threshold never raises TPR or FPR", () => {
    const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.nat({ max: 1 })), { minLength: 2, maxLength: 30 });
    fc.assert(
      fc.property(rows, fc.tuple(fc.double({ min: -1, max: 21, noNaN: true }), fc.double({ min: -1, max: 21, noNaN: true })), (scored, pair) => {
        const [low, high] = [...pair].sort((a, b) => a - b).map((threshold) =>
          new ThresholdedBinary({ threshold }).update(scored.map(([score]) => score), scored.map(([, label]) => label)).compute());
        expect(high.tpr).toBeLessThanOrEqual(low.tpr);
        expect(high.fpr).toBeLessThanOrEqual(low.fpr);
      }),
      { numRuns: 1000 },
    );
  });

  test("MET-03 of two classes, argmax is threshold 0.5, but for ties, which are positive", () => {
    const scores = fc.array(fc.integer({ min: 0, max: 100 }).filter((percent) => percent !== 50), { minLength: 1 });
    fc.assert(
      fc.property(scores, (percents) => {
        const chances = percents.map((percent) => percent / 100);
        const argmax = chances.map((p) => (p > 1 - p ? 1 : 0));
        const labels = chances.map((_, i) => i % 2);
        expect(new ThresholdedBinary({ threshold: 0.5 }).update(chances, labels).compute()).toMatchObject(binaryCounts(argmax, labels));
      }),
    );
    expect(new ThresholdedBinary().update([0.5], [1]).compute()).toStrictEqual({ tp: 1, fp: 0, tn: 0, fn: 0, tpr: 1, fpr: 0, specificity: 0, precision: 1, accuracy: 1 });
  });
});

describe("more classes", () => {
  test("MET-02 accuracy of CM1 is 27/35, its error rate 8/35, and they add up to 1", () => {
    expect(accuracy(one.predicted, one.target)).toBeCloseTo(0.7714286, 7);
    expect(errorRate(one.predicted, one.target)).toBeCloseTo(0.2285714, 7);
  });

  test("MET-02 top-k accuracy counts the first of equal scores first", () => {
    const scores = [0.1, 0.7, 0.2, 0.4, 0.4, 0.2, 0.3, 0.3, 0.4];
    expect(topKAccuracy(scores, [2, 1, 1], { numClasses: 3, k: 1 })).toBe(0);
    expect(topKAccuracy(scores, [2, 1, 1], { numClasses: 3, k: 2 })).toBe(2 / 3);
    expect(topKAccuracy(scores, [2, 1, 1], { numClasses: 3, k: 3 })).toBe(1);
    expect(() => topKAccuracy(scores, [0, 0, 0], { numClasses: 3 })).toThrow(/k is 5 of 3 classes/);
    expect(() => topKAccuracy(scores, [0, 0], { numClasses: 3, k: 1 })).toThrow(ShapeError);
    expect(() => topKAccuracy([1, NaN], [0], { numClasses: 2, k: 1 })).toThrow(/score NaN at position 1/);
  });

  test("MET-06 precision and recall of CM1's classes: truck 12/15 and 12/14, car 8/11 and 8/11, bicycle 7/9 and .7", () => {
    expectAll(precision(one.predicted, one.target, { average: "none" }), [8 / 11, 7 / 9, 12 / 15]);
    expectAll(recall(one.predicted, one.target, { average: "none" }), [8 / 11, 0.7, 12 / 14]);
    expect(recall(one.predicted, one.target, { average: "none" })[2]).toBeCloseTo(0.8571429, 7);
  });

  test("MET-08 F1 of CM1: each class, macro, weighted, micro", () => {
    const { predicted, target } = one;
    expectAll(f1Score(predicted, target, { average: "none" }), [0.7272727, 0.7368421, 0.8275862], 7);
    expect(f1Score(predicted, target, { average: "macro" })).toBeCloseTo(0.7639003, 7);
    expect(f1Score(predicted, target, { average: "weighted" })).toBeCloseTo(0.7701322, 7);
    expect(f1Score(predicted, target, { average: "micro" })).toBeCloseTo(0.7714286, 7);
  });

  test("MET-08 2/(1/P + 1/R) and 2PR/(P + R) agree with it, and fBeta with beta 1", () => {
    const labels = fc.array(fc.tuple(fc.nat({ max: 1 }), fc.nat({ max: 1 })), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(labels, (pairs) => {
        const [predicted, target] = [pairs.map(([p]) => p), pairs.map(([, t]) => t)];
        const [p, r, f] = [precision(predicted, target), recall(predicted, target), f1Score(predicted, target)];
        expect(f).toBeCloseTo(2 / (1 / p + 1 / r), 12);
        expect(f).toBeCloseTo(p + r === 0 ? 0 : (2 * p * r) / (p + r), 12);
        expect(fBeta(predicted, target, { beta: 1 })).toBe(f);
      }),
    );
  });

  test("MET-07 CM2: accuracy .9708738 hides recalls of 0, balanced accuracy and macro F1 do not", () => {
    const { predicted, target } = two;
    expect(accuracy(predicted, target)).toBeCloseTo(0.9708738, 7);
    expectAll(recall(predicted, target, { average: "none" }), [0.990099, 0, 0], 7);
    expect(balancedAccuracy(predicted, target)).toBeCloseTo(0.330033, 7);
    expect(f1Score(predicted, target, { average: "macro" })).toBeCloseTo(0.3284072, 7);
    const report = classificationReport(predicted, target, { labels: ["car", "truck", "bicycle"] });
    expect(report.warnings).toHaveLength(2);
    expect(report.warnings[0]).toBe("accuracy is 0.971, but class truck is never found (recall 0); look at the balanced accuracy");
    expect(String(report)).toContain("warning: accuracy is 0.971, but class bicycle");
    expect(JSON.stringify(report)).not.toContain("null");
    expect(String(report)).not.toContain("NaN");
  });

  test("MET-06 the report says the same as the functions, and warns of nothing in CM1", () => {
    const report = classificationReport(one.predicted, one.target, { labels: ["car", "bicycle", "truck"] });
    expect(report.classes[2]).toStrictEqual({ label: "truck", precision: 12 / 15, recall: 12 / 14, f1Score: 24 / 29, support: 14 });
    expect(report.macro.f1Score).toBe(f1Score(one.predicted, one.target, { average: "macro" }));
    expect(report.weighted.recall).toBeCloseTo(report.accuracy, 12);
    expect(report.warnings).toStrictEqual([]);
    expect(String(report).split("\n")[4]).toBe("       truck       0.80      0.86      0.83        14");
  });

  test("agreement beyond chance, of CM1 by hand", () => {
    // 35 rows, 27 right; sums of rows 11, 10, 14 and of columns 11, 9, 15.
    const chance = 11 * 11 + 10 * 9 + 14 * 15;
    expect(cohenKappa(one.predicted, one.target)).toBeCloseTo((27 * 35 - chance) / (35 * 35 - chance), 12);
    const spread = Math.sqrt((1225 - (121 + 81 + 225)) * (1225 - (121 + 100 + 196)));
    expect(mcc(one.predicted, one.target)).toBeCloseTo((27 * 35 - chance) / spread, 12);
    expect(mcc([1, 1], [0, 1])).toBe(0);
    expect(cohenKappa([1, 1], [1, 1])).toBeNaN();
  });

  test("SEG-01 the Jaccard index of CM1's classes", () => {
    expectAll(jaccardIndex(one.predicted, one.target, { average: "none" }), [0.5714286, 0.5833333, 0.7058824], 7);
  });

  test("a class in neither list does not count in a mean, and rows to ignore do not count at all", () => {
    expect(recall([0, 3], [0, 3], { average: "macro", numClasses: 9 })).toBe(1);
    expect(recall([0, 1, 1], [0, 255, 0], { ignoreIndex: 255, positive: 0 })).toBe(0.5);
    expect(balancedAccuracy([0, 1, 1], [0, -100, 1], { ignoreIndex: -100 })).toBe(1);
  });
});

describe("bad input", () => {
  test("is refused, saying what to do", () => {
    expect(() => precision([0, 2], [0, 1])).toThrow(/average "binary" of 3 classes\. Give average: "macro"/);
    expect(() => precision([0, 5], [0, 1], { numClasses: 3, average: "macro" })).toThrow(/prediction 5 at row 1 is not in \[0, 3\)/);
    expect(() => precision([0, NaN], [0, 1])).toThrow(ValueError);
    expect(() => precision([0], [0, 1])).toThrow(ShapeError);
    expect(() => precision([], [])).toThrow(StateError);
    expect(() => precision([], [])).toThrow(/nothing was counted yet/);
    expect(() => precision([255], [255], { ignoreIndex: 255, numClasses: 256, average: "macro" })).toThrow(StateError);
    expect(() => fBeta([1], [1], { beta: 0 })).toThrow(/beta is 0/);
    expect(() => binaryCounts([2], [1])).toThrow(/not in \[0, 2\)/);
    expect(() => new ThresholdedBinary({ threshold: NaN })).toThrow(ValueError);
    expect(() => new ThresholdedBinary().update([NaN], [1])).toThrow(/score NaN at position 0 is not a number/);
    expect(() => classificationReport([0, 1], [0, 1], { labels: ["a"] })).toThrow(/prediction 1 at row 1/);
    const misspelt: object = { averge: "macro" };
    expect(() => precision([0], [0], misspelt)).toThrow(UnknownNameError);
    const unknown = JSON.parse('{"average":"mean"}') as { average: "macro" };
    expect(() => precision([0], [0], unknown)).toThrow(/average is "mean"\. Use one of binary, none, macro, micro, weighted/);
  });

  test("leaves nothing behind", () => {
    const metric = new Precision().update([1, 0], [1, 1]);
    expect(() => metric.update([1, 1, 1], [0, 0, 7])).toThrow(ValueError);
    expect(metric.compute()).toBe(1);
  });
});
