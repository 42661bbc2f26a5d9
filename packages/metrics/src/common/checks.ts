import { ShapeError, ValueError } from "@dl/registry";

/** @throws ShapeError when the two lists differ in length */
export function checkPairs(where: string, predicted: ArrayLike<unknown>, target: ArrayLike<unknown>): void {
  if (predicted.length !== target.length) {
    throw new ShapeError(where, `${predicted.length} predictions for ${target.length} targets`, "Give one prediction for each target", {
      predicted: predicted.length,
      target: target.length,
    });
  }
}

/** @throws ValueError when a label is neither a whole number in [0, numClasses) nor `ignoreIndex` */
export function checkLabels(where: string, name: string, labels: ArrayLike<number>, numClasses: number, ignoreIndex?: number): void {
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row];
    if (!(Number.isInteger(label) && label >= 0 && label < numClasses) && label !== ignoreIndex) {
      const expected = numClasses === Infinity ? "a class index" : `in [0, ${numClasses})`;
      throw new ValueError(where, `${name} ${label} at row ${row} is not ${expected}`, "Classes are whole numbers that count from 0", { label, row, numClasses });
    }
  }
}

/** @throws ValueError for the first value that `holds` refuses */
function checkEach(where: string, name: string, values: ArrayLike<number>, holds: (value: number) => boolean, expected: string, fix: string): void {
  for (let at = 0; at < values.length; at++) {
    if (!holds(values[at])) throw new ValueError(where, `${name} ${values[at]} at position ${at} is not ${expected}`, fix, { value: values[at], at });
  }
}

/** @throws ValueError for NaN; infinities have an order and are welcome */
export function checkScores(where: string, scores: ArrayLike<number>): void {
  checkEach(where, "score", scores, (score) => !Number.isNaN(score), "a number", "Look for a division by zero or an overflow in the model");
}

export function checkFinite(where: string, name: string, values: ArrayLike<number>): void {
  checkEach(where, name, values, Number.isFinite, "a finite number", "Look for a division by zero or an overflow where it was made");
}

export function checkProbabilities(where: string, values: ArrayLike<number>): void {
  checkEach(where, "probability", values, (p) => p >= 0 && p <= 1, "in [0, 1]", "Apply softmax or sigmoid to the scores first");
}

/**
 * How many rows of `width` values there are.
 * @throws ShapeError when the last one is not complete
 */
export function rowCount(where: string, name: string, values: ArrayLike<number>, width: number): number {
  if (values.length % width !== 0) {
    throw new ShapeError(where, `${values.length} ${name} do not divide into rows of ${width}`, `Give them row by row, ${width} to a row`, { length: values.length, width });
  }
  return values.length / width;
}
