import { checkNumber, checkOptions, ShapeError } from "@dl/registry";
import { constant, defineComposite, elementwise, minimum, selectExpr, showShape } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { checkAlike, checkSigns, reduceLoss } from "./common.js";
import type { LossOptions } from "./common.js";
import type { MarginOptions } from "./margin.js";
import { marginKeys } from "./margin.js";
import { checkOrder, cosineSimilarity, pairwiseDistance } from "./similarity.js";

const cosineHinge = /* @__PURE__ */ elementwise("cosineHinge", (cosine, t, margin) => {
  const excess = cosine.sub(margin);
  return selectExpr(t.eq(1), constant(1).sub(cosine), selectExpr(excess.gt(0), excess, 0));
});

/**
 * Vectors alike where the target is 1, apart where it is −1: the mean of 1 − cos or max(0, cos − margin). margin is 0 by default.
 * Shapes: input1 and input2 [N, D] or [D]; target [N] or [], of any dtype → [] (reduction "none": the target's).
 * @throws ValueError for a target that is neither 1 nor −1; ShapeError, DTypeError
 */
export const cosineEmbeddingLoss = /* @__PURE__ */ defineComposite("cosineEmbeddingLoss", (input1: Tensor, input2: Tensor, target: Tensor, options: MarginOptions = {}): Tensor => {
  checkOptions("cosineEmbeddingLoss", options, marginKeys);
  const { margin = 0, reduction } = options;
  checkNumber("cosineEmbeddingLoss", "margin", margin);
  checkAlike("cosineEmbeddingLoss", { input1, input2 });
  const wanted = showShape(input1.shape.slice(0, -1));
  if (input1.ndim === 0 || showShape(target.shape) !== wanted) {
    throw new ShapeError("cosineEmbeddingLoss", `inputs of shape ${showShape(input1.shape)} need a target of shape ${wanted}, got ${showShape(target.shape)}`, "Give 1 or -1 per pair", {
      shapes: [input1.shape, target.shape],
    });
  }
  checkSigns("cosineEmbeddingLoss", target);
  return reduceLoss("cosineEmbeddingLoss", cosineHinge(cosineSimilarity(input1, input2, { dim: -1 }), target, margin), reduction);
});

const tripletHinge = /* @__PURE__ */ elementwise("tripletHinge", (near, far, margin) => {
  const gap = near.sub(far).add(margin);
  return selectExpr(gap.gt(0), gap, 0);
});

export interface TripletMarginWithDistanceOptions extends LossOptions {
  /** Gives the distance of two tensors, without their last dim. Default `pairwiseDistance`. Files name it, so it has to be an op. */
  readonly distanceFunction?: (a: Tensor, b: Tensor) => Tensor;
  /** By how much the negative is to be further away. Default 1. */
  readonly margin?: number;
  /** Take the negative's distance from the positive where that is smaller. Default false. (Balntas et al., 2016) */
  readonly swap?: boolean;
}

export const tripletMarginWithDistanceKeys = ["distanceFunction", "margin", "swap", "reduction"] as const satisfies readonly (keyof TripletMarginWithDistanceOptions)[];

function tripletLosses(where: string, anchor: Tensor, positive: Tensor, negative: Tensor, options: Required<Omit<TripletMarginWithDistanceOptions, "reduction">>): Tensor {
  const { distanceFunction: distance, margin, swap } = options;
  checkNumber(where, "margin", margin);
  checkAlike(where, { anchor, positive, negative });
  const far = distance(anchor, negative);
  return tripletHinge(distance(anchor, positive), swap ? minimum(far, distance(positive, negative)) : far, margin);
}

/**
 * `tripletMarginLoss` with a distance of one's own: the mean of max(0, d(anchor, positive) − d(anchor, negative) + margin).
 * Shapes: all three [.., D], equal → [] (reduction "none": [..], as the distance gives it).
 */
export const tripletMarginWithDistanceLoss = /* @__PURE__ */ defineComposite(
  "tripletMarginWithDistanceLoss",
  (anchor: Tensor, positive: Tensor, negative: Tensor, options: TripletMarginWithDistanceOptions = {}): Tensor => {
    checkOptions("tripletMarginWithDistanceLoss", options, tripletMarginWithDistanceKeys);
    const { distanceFunction = pairwiseDistance, margin = 1, swap = false, reduction } = options;
    const losses = tripletLosses("tripletMarginWithDistanceLoss", anchor, positive, negative, { distanceFunction, margin, swap });
    return reduceLoss("tripletMarginWithDistanceLoss", losses, reduction);
  },
);

export interface TripletMarginOptions extends LossOptions {
  /** By how much the negative is to be further away. Default 1. */
  readonly margin?: number;
  /** The order of the norm. Default 2. */
  readonly p?: number;
  /** Added to every difference. Default 1e-6. */
  readonly eps?: number;
  /** Take the negative's distance from the positive where that is smaller. Default false. (Balntas et al., 2016) */
  readonly swap?: boolean;
}

export const tripletMarginKeys = ["margin", "p", "eps", "swap", "reduction"] as const satisfies readonly (keyof TripletMarginOptions)[];

/**
 * An anchor nearer to the positive than to the negative: the mean of max(0, ‖a − p‖ − ‖a − n‖ + margin).
 * Shapes: anchor, positive and negative [.., D], equal → [] (reduction "none": [..]). (Schroff et al., 2015)
 * @throws ValueError for p ≤ 0; ShapeError, DTypeError
 */
export const tripletMarginLoss = /* @__PURE__ */ defineComposite(
  "tripletMarginLoss",
  (anchor: Tensor, positive: Tensor, negative: Tensor, options: TripletMarginOptions = {}): Tensor => {
    checkOptions("tripletMarginLoss", options, tripletMarginKeys);
    const { margin = 1, p = 2, eps = 1e-6, swap = false, reduction } = options;
    checkOrder("tripletMarginLoss", p);
    const distanceFunction = (a: Tensor, b: Tensor): Tensor => pairwiseDistance(a, b, { p, eps });
    return reduceLoss("tripletMarginLoss", tripletLosses("tripletMarginLoss", anchor, positive, negative, { distanceFunction, margin, swap }), reduction);
  },
);
