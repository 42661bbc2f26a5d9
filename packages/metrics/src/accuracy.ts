import { StateError } from "@dl/registry";
import { checkLabels, checkPairs } from "./checks.js";

/**
 * The share of right predictions, counted over any number of batches.
 *
 *     const accuracy = new Accuracy();
 *     accuracy.update(predicted, target);
 *     accuracy.compute();
 */
export class Accuracy {
  #right = 0;
  #count = 0;

  /**
   * Counts a batch of class indices.
   * @throws ShapeError when the two differ in length
   * @throws ValueError for a value that is no class index; nothing is counted
   */
  update(predicted: ArrayLike<number>, target: ArrayLike<number>): this {
    checkPairs("Accuracy.update", predicted, target);
    checkLabels("Accuracy.update", "prediction", predicted, Infinity);
    checkLabels("Accuracy.update", "target", target, Infinity);
    this.#count += target.length;
    for (let i = 0; i < target.length; i++) this.#right += Number(predicted[i] === target[i]);
    return this;
  }

  /** @throws StateError when nothing was counted */
  compute(): number {
    if (this.#count === 0) throw new StateError("Accuracy.compute", "nothing was counted yet", "Call update first");
    return this.#right / this.#count;
  }

  /** Adds what another one counted. */
  merge(other: Accuracy): this {
    this.#right += other.#right;
    this.#count += other.#count;
    return this;
  }

  reset(): this {
    this.#right = 0;
    this.#count = 0;
    return this;
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
