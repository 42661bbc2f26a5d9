import { checkFinite, checkPairs } from "../common/checks.js";
import { StreamingMetric, sums } from "../common/streaming.js";

type Values = ArrayLike<number>;

export function checkValues(where: string, predicted: Values, target: Values): void {
  checkPairs(where, predicted, target);
  checkFinite(where, "prediction", predicted);
  checkFinite(where, "target", target);
}

/** A mean over all pairs of values. */
abstract class MeanError extends StreamingMetric<Float64Array, number> {
  protected constructor(name: string) {
    super(name, sums(2));
  }

  protected abstract errorOf(difference: number): number;

  /**
   * Counts a batch of values.
   * @throws ShapeError when the two differ in length
   * @throws ValueError for a value that is not finite; nothing is counted
   */
  update(predicted: Values, target: Values): this {
    checkValues(`${this.name}.update`, predicted, target);
    let sum = 0;
    for (let i = 0; i < target.length; i++) sum += this.errorOf(predicted[i] - target[i]);
    return this.absorb(Float64Array.of(target.length, sum));
  }

  protected override resultOf([count, sum]: Float64Array): number {
    return sum / count;
  }
}

/** The mean absolute error over any number of batches; see `meanAbsoluteError`. */
export class MeanAbsoluteError extends MeanError {
  constructor() {
    super("MeanAbsoluteError");
  }

  protected override errorOf(difference: number): number {
    return Math.abs(difference);
  }
}

/** The mean squared error over any number of batches; see `meanSquaredError`. */
export class MeanSquaredError extends MeanError {
  constructor() {
    super("MeanSquaredError");
  }

  protected override errorOf(difference: number): number {
    return difference * difference;
  }
}

/** The root of the mean squared error over any number of batches; see `rootMeanSquaredError`. */
export class RootMeanSquaredError extends MeanError {
  constructor() {
    super("RootMeanSquaredError");
  }

  protected override errorOf(difference: number): number {
    return difference * difference;
  }

  protected override resultOf(state: Float64Array): number {
    return Math.sqrt(super.resultOf(state));
  }
}

/**
 * MAE = mean |prediction − target|, in the unit of the target.
 * @throws ShapeError when the two differ in length
 * @throws ValueError for a value that is not finite
 * @throws StateError when there are none
 */
export const meanAbsoluteError = (predicted: Values, target: Values): number => new MeanAbsoluteError().update(predicted, target).compute();

/** MSE = mean (prediction − target)². Throws what `meanAbsoluteError` throws. */
export const meanSquaredError = (predicted: Values, target: Values): number => new MeanSquaredError().update(predicted, target).compute();

/** RMSE = √MSE, in the unit of the target. Throws what `meanAbsoluteError` throws. */
export const rootMeanSquaredError = (predicted: Values, target: Values): number => new RootMeanSquaredError().update(predicted, target).compute();
