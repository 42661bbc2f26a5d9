import { checkChoice, checkPositive, StateError } from "@dl/registry";
import { lists, StreamingMetric } from "../common/streaming.js";
import { checkFeatureOptions, checkSamples } from "./features.js";
import type { FeatureOptions } from "./features.js";

export interface MmdOptions extends FeatureOptions {
  /** σ of the kernel exp(−‖a − b‖² / (2σ²)), in the unit of the features. Default: the median distance between different samples of both sides together. */
  readonly bandwidth?: number;
  /** "unbiased" (default; may fall below 0), or "biased" (never does). */
  readonly estimator?: "unbiased" | "biased";
}

/** ‖a − b‖² of row i of one sample and row j of another. */
function squaredDistance(x: readonly number[], i: number, y: readonly number[], j: number, features: number): number {
  let sum = 0;
  for (let k = 0; k < features; k++) sum += (x[i * features + k] - y[j * features + k]) ** 2;
  return sum;
}

/** The median of the distances between different rows. */
function medianDistance(rows: readonly number[], features: number): number {
  const distances: number[] = [];
  const count = rows.length / features;
  for (let i = 0; i < count; i++) for (let j = 0; j < i; j++) distances.push(Math.sqrt(squaredDistance(rows, i, rows, j, features)));
  distances.sort((a, b) => a - b);
  const middle = distances.length >> 1;
  return distances.length % 2 === 1 ? distances[middle] : (distances[middle - 1] + distances[middle]) / 2;
}

/** The maximum mean discrepancy over any number of batches, which it keeps; see `mmd`. */
export class Mmd extends StreamingMetric<number[][], number> {
  readonly features: number;
  readonly #bandwidth: number | undefined;
  readonly #biased: boolean;

  /** @throws ValueError for a bandwidth that is not above 0 or an unknown estimator */
  constructor(options: MmdOptions) {
    const name = "Mmd";
    checkFeatureOptions(name, options, ["bandwidth", "estimator"]);
    const { features, bandwidth, estimator = "unbiased" } = options;
    if (bandwidth !== undefined) checkPositive(name, "bandwidth", bandwidth);
    checkChoice(name, "estimator", estimator, ["unbiased", "biased"]);
    super(name, lists(2), { features });
    this.features = features;
    this.#bandwidth = bandwidth;
    this.#biased = estimator === "biased";
  }

  /**
   * Keeps samples of both sides, [N, features] and [M, features] row by row; either may be empty.
   * @throws ShapeError when values do not divide into rows
   * @throws ValueError for a value that is not finite; nothing is kept
   */
  update(x: ArrayLike<number>, y: ArrayLike<number>): this {
    checkSamples("Mmd.update", "x", x, this.features);
    checkSamples("Mmd.update", "y", y, this.features);
    return this.absorb([Array.from(x), Array.from(y)]);
  }

  protected override resultOf([x, y]: number[][]): number {
    const least = this.#biased ? 1 : 2;
    const [n, m] = [x.length / this.features, y.length / this.features];
    if (n < least || m < least) throw new StateError("Mmd.compute", `${n} and ${m} samples`, `Count ${least} of each at least`);
    const sigma = this.#bandwidth ?? medianDistance(x.concat(y), this.features);
    return this.#within(x, sigma) + this.#within(y, sigma) - (2 * this.#kernelSum(x, y, sigma)) / (n * m);
  }

  /** The mean kernel of pairs of one sample: of different rows, or of all when biased. */
  #within(x: readonly number[], sigma: number): number {
    const count = x.length / this.features;
    const sum = this.#kernelSum(x, x, sigma);
    return this.#biased ? sum / (count * count) : (sum - count) / (count * (count - 1));
  }

  #kernelSum(x: readonly number[], y: readonly number[], sigma: number): number {
    let sum = 0;
    for (let i = 0; i < x.length / this.features; i++) {
      for (let j = 0; j < y.length / this.features; j++) {
        const distance = squaredDistance(x, i, y, j, this.features);
        sum += distance === 0 ? 1 : Math.exp(-distance / (2 * sigma * sigma));
      }
    }
    return sum;
  }
}

/**
 * MMD² with an RBF kernel (Gretton et al. 2012): mean k(x, x′) + mean k(y, y′) − 2·mean k(x, y). About 0 for samples of one distribution.
 * The time goes with the square of the number of samples.
 * @param x samples [N, features], row by row
 * @param y samples [M, features]
 * @throws ShapeError when values do not divide into rows
 * @throws ValueError for a value that is not finite, or options that cannot be
 * @throws StateError for fewer than two samples of either (biased: one)
 */
export const mmd = (x: ArrayLike<number>, y: ArrayLike<number>, options: MmdOptions): number => new Mmd(options).update(x, y).compute();
