import { checkLabels, checkPairs } from "../common/checks.js";
import { StreamingMetric, sums } from "../common/streaming.js";

/**
 * The share of right predictions, counted over any number of batches.
 *
 *     const accuracy = new Accuracy();
 *     accuracy.update(predicted, target);
 *     accuracy.compute();
 */
export class Accuracy extends StreamingMetric<Float64Array, number> {
  constructor() {
    super("Accuracy", sums(2));
  }

  /**
   * Counts a batch of class indices.
   * @throws ShapeError when the two differ in length
   * @throws ValueError for a value that is no class index; nothing is counted
   */
  update(predicted: ArrayLike<number>, target: ArrayLike<number>): this {
    checkPairs("Accuracy.update", predicted, target);
    checkLabels("Accuracy.update", "prediction", predicted, Infinity);
    checkLabels("Accuracy.update", "target", target, Infinity);
    let right = 0;
    for (let i = 0; i < target.length; i++) right += Number(predicted[i] === target[i]);
    return this.absorb(Float64Array.of(target.length, right));
  }

  protected override resultOf([count, right]: Float64Array): number {
    return right / count;
  }
}

/**
 * accuracy = right predictions / all predictions, of class indices.
 * @throws ShapeError when the two differ in length
 * @throws ValueError for a value that is no class index
 * @throws StateError when there are none
 */
export const accuracy = (predicted: ArrayLike<number>, target: ArrayLike<number>): number => new Accuracy().update(predicted, target).compute();

/** errorRate = 1 − accuracy. */
export const errorRate = (predicted: ArrayLike<number>, target: ArrayLike<number>): number => 1 - accuracy(predicted, target);
