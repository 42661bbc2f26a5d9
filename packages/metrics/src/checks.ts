import { ShapeError, ValueError } from "@dl/registry";

/** @throws ShapeError when the two lists differ in length */
export function checkPairs(where: string, predicted: ArrayLike<number>, target: ArrayLike<number>): void {
  if (predicted.length !== target.length) {
    throw new ShapeError(where, `${predicted.length} predictions for ${target.length} targets`, "Give one prediction for each target", {
      predicted: predicted.length,
      target: target.length,
    });
  }
}

/** @throws ValueError when a label is not a whole number in [0, numClasses) */
export function checkLabels(where: string, name: string, labels: ArrayLike<number>, numClasses: number): void {
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row];
    if (!(Number.isInteger(label) && label >= 0 && label < numClasses)) {
      const expected = numClasses === Infinity ? "a class index" : `in [0, ${numClasses})`;
      throw new ValueError(where, `${name} ${label} at row ${row} is not ${expected}`, "Classes are whole numbers that count from 0", { label, row, numClasses });
    }
  }
}
