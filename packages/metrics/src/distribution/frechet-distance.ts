import { StateError } from "@dl/registry";
import { addMoments, momentsOf, noMoments } from "../common/moments.js";
import type { Moments } from "../common/moments.js";
import { StreamingMetric } from "../common/streaming.js";
import type { Accumulation } from "../common/streaming.js";
import { checkFeatureOptions, checkSamples } from "./features.js";
import type { FeatureOptions } from "./features.js";
import { product, symmetricEigen, symmetricSquareRoot } from "./symmetric-eigen.js";

interface TwoSamples {
  readonly x: Moments;
  readonly y: Moments;
}

const twoSamples = (features: number): Accumulation<TwoSamples> => ({
  empty: () => ({ x: noMoments(features), y: noMoments(features) }),
  add: (into, from) => {
    addMoments(into.x, from.x);
    addMoments(into.y, from.y);
  },
  isEmpty: ({ x, y }) => x.count + y.count === 0,
});

const covariance = ({ scatter, count }: Moments): Float64Array => scatter.map((value) => value / (count - 1));

function trace(matrix: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += matrix[i * n + i];
  return sum;
}

/** tr (A·B)^½ of positive semi-definite matrices, which is that of the symmetric (A^½·B·A^½)^½. */
function traceOfRoot(a: Float64Array, b: Float64Array, n: number): number {
  const root = symmetricSquareRoot(a, n);
  const between = product(product(root, b, n), root, n);
  const symmetric = between.map((value, i) => (value + between[(i % n) * n + Math.floor(i / n)]) / 2);
  return symmetricEigen(symmetric, n).values.reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0);
}

/** The Fréchet distance over any number of batches; see `frechetDistance`. */
export class FrechetDistance extends StreamingMetric<TwoSamples, number> {
  readonly features: number;

  /** @throws ValueError for a number of features that is not whole and above 0 */
  constructor(options: FeatureOptions) {
    checkFeatureOptions("FrechetDistance", options);
    super("FrechetDistance", twoSamples(options.features), options);
    this.features = options.features;
  }

  /**
   * Counts samples of both sides, [N, features] and [M, features] row by row; either may be empty.
   * @throws ShapeError when values do not divide into rows
   * @throws ValueError for a value that is not finite; nothing is counted
   */
  update(x: ArrayLike<number>, y: ArrayLike<number>): this {
    checkSamples("FrechetDistance.update", "x", x, this.features);
    checkSamples("FrechetDistance.update", "y", y, this.features);
    return this.absorb({ x: momentsOf(x, this.features), y: momentsOf(y, this.features) });
  }

  protected override resultOf({ x, y }: TwoSamples): number {
    if (x.count < 2 || y.count < 2) throw new StateError("FrechetDistance.compute", `${x.count} and ${y.count} samples have no covariance`, "Count two of each at least");
    const [a, b] = [covariance(x), covariance(y)];
    const apart = x.mean.reduce((sum, value, i) => sum + (value - y.mean[i]) ** 2, 0);
    const spread = trace(a, this.features) + trace(b, this.features) - 2 * traceOfRoot(a, b, this.features);
    return Math.max(0, apart + spread);
  }
}

/**
 * ‖μx − μy‖² + tr(Cx + Cy − 2·(Cx·Cy)^½): how far apart two samples are, as Gaussians with their means and covariances (N − 1)
 * (Dowson & Landau 1982). Of features of an Inception network this is FID (Heusel et al. 2017). 0 for the same sample.
 * @param x samples [N, features], row by row
 * @param y samples [M, features]
 * @throws ShapeError when values do not divide into rows
 * @throws ValueError for a value that is not finite
 * @throws StateError for fewer than two samples of either
 */
export const frechetDistance = (x: ArrayLike<number>, y: ArrayLike<number>, options: FeatureOptions): number => new FrechetDistance(options).update(x, y).compute();
