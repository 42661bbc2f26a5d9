import { expect, test } from "vitest";
import { ratesAt, rocOf } from "./threshold.js";

/** Two classes; the probabilities of the second are those of the example of scikit-learn: .1, .4, .35, .8. */
const judgement = {
  probabilities: Float32Array.of(0.9, 0.1, 0.6, 0.4, 0.65, 0.35, 0.2, 0.8),
  targets: Int32Array.of(0, 0, 1, 1),
  report: { classes: ["no", "yes"] },
};

test("MET-04 one class against the rest: its curve, and the rates at any threshold, which is positive", () => {
  expect(rocOf(judgement, 1)).toStrictEqual({ fpr: [0, 0, 0.5, 0.5, 1], tpr: [0, 0.5, 0.5, 1, 1], area: 0.75 });
  expect(ratesAt(judgement, 1, 0.3)).toStrictEqual({ tpr: 1, fpr: 0.5, precision: 2 / 3 });
  expect(ratesAt(judgement, 1, Math.fround(0.4))).toStrictEqual({ tpr: 0.5, fpr: 0.5, precision: 0.5 });
  expect(ratesAt(judgement, 1, 1)).toStrictEqual({ tpr: 0, fpr: 0, precision: NaN });
});

test("without samples of the class there is no curve", () => {
  expect(rocOf({ ...judgement, targets: Int32Array.of(0, 0, 0, 0) }, 1)).toBeUndefined();
});
