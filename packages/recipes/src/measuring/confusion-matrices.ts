import { ConfusionMatrix } from "@dl/metrics";
import { defineCalculation } from "../define-calculation.js";

const labels = ["car", "bicycle", "truck"];

/** A matrix from counts: rows are actual classes, columns predicted ones. */
function counted(counts: readonly (readonly number[])[]): ConfusionMatrix {
  const matrix = new ConfusionMatrix({ numClasses: labels.length, labels });
  counts.forEach((row, actual) => {
    row.forEach((count, predicted) => {
      matrix.update(new Array<number>(count).fill(predicted), new Array<number>(count).fill(actual));
    });
  });
  return matrix;
}

/** Chapter 3: two classifiers of vehicles. The second is right 97 times of 100, and yet finds no truck and no bicycle. */
export const confusionMatrices = /* @__PURE__ */ defineCalculation({
  name: "confusion-matrices",
  title: "Two confusion matrices, and why accuracy can mislead",
  chapter: 3,
  calculate: () => {
    const balanced = counted([[8, 2, 1], [1, 7, 2], [2, 0, 12]]);
    const unbalanced = counted([[1000, 5, 5], [10, 0, 0], [10, 0, 0]]);
    // accuracy = right predictions / all predictions, error rate = 1 − accuracy
    // recall = TP/(TP + FN), precision = TP/(TP + FP), F1 = 2·P·R/(P + R)
    const [first, second] = [balanced.report(), unbalanced.report()];
    const truck = first.classes[2];
    const [car, bicycle, missed] = second.classes;
    return {
      text: [balanced.toString(), "", first.toString(), "", unbalanced.toString(), "", second.toString()],
      numbers: {
        accuracy: first.accuracy, errorRate: 1 - first.accuracy, truckRecall: truck.recall, truckPrecision: truck.precision, macroF1: first.macro.f1Score,
        misleadingAccuracy: second.accuracy, carRecall: car.recall, bicycleRecall: bicycle.recall, missedTruckRecall: missed.recall, balancedAccuracy: second.balancedAccuracy,
      },
      figures: { balanced: balanced.toSvg(), unbalanced: unbalanced.toSvg() },
    };
  },
});
