import { checkNumber, checkOptions } from "@dl/registry";
import { constant, defineComposite, elementwise, selectExpr } from "@dl/tensor";
import type { Expr, Tensor } from "@dl/tensor";
import { checkAlike, checkPair, checkSigns, reduceLoss } from "./common.js";
import type { LossOptions } from "./common.js";

const positivePart = (x: Expr): Expr => selectExpr(x.gt(0), x, 0);

const hinge = /* @__PURE__ */ elementwise("hinge", (x, t) => positivePart(constant(1).sub(x.mul(t))));
const squaredHinge = /* @__PURE__ */ elementwise("squaredHinge", (x, t) => positivePart(constant(1).sub(x.mul(t))).square());
const softMargin = /* @__PURE__ */ elementwise("softMargin", (x, t) => x.mul(t).neg().softplus());
const embeddingHinge = /* @__PURE__ */ elementwise("embeddingHinge", (x, t, margin) => selectExpr(t.eq(1), x, positivePart(margin.sub(x))));
const rankingHinge = /* @__PURE__ */ elementwise("rankingHinge", (a, b, t, margin) => positivePart(margin.sub(t.mul(a.sub(b)))));

export interface HingeOptions extends LossOptions {
  /** Square each loss: smooth at the margin, harsher beyond. Default false. */
  readonly squared?: boolean;
}

export const hingeKeys = ["squared", "reduction"] as const satisfies readonly (keyof HingeOptions)[];

/**
 * The loss of support vector machines: the mean of max(0, 1 − t·x) for targets t of 1 and −1.
 * Shapes: input and target any, equal → []. (Cortes & Vapnik, 1995)
 * @throws ValueError for a target that is neither 1 nor −1; ShapeError, DTypeError
 */
export const hingeLoss = /* @__PURE__ */ defineComposite("hingeLoss", (input: Tensor, target: Tensor, options: HingeOptions = {}): Tensor => {
  checkOptions("hingeLoss", options, hingeKeys);
  checkPair("hingeLoss", input, target);
  checkSigns("hingeLoss", target);
  const losses = options.squared === true ? squaredHinge(input, target) : hinge(input, target);
  return reduceLoss("hingeLoss", losses, options.reduction);
});

/**
 * Logistic loss for targets t of 1 and −1: the mean of log(1 + e^(−t·x)), without overflow.
 * Shapes: input and target any, equal → [].
 * @throws ValueError for a target that is neither 1 nor −1; ShapeError, DTypeError
 */
export const softMarginLoss = /* @__PURE__ */ defineComposite("softMarginLoss", (input: Tensor, target: Tensor, options: LossOptions = {}): Tensor => {
  checkOptions("softMarginLoss", options, ["reduction"]);
  checkPair("softMarginLoss", input, target);
  checkSigns("softMarginLoss", target);
  return reduceLoss("softMarginLoss", softMargin(input, target), options.reduction);
});

export interface MarginOptions extends LossOptions {
  /** How far apart is far enough. The default is the loss's. */
  readonly margin?: number;
}

export const marginKeys = ["margin", "reduction"] as const satisfies readonly (keyof MarginOptions)[];

/**
 * Distances x, small where the target is 1 and above the margin where it is −1: the mean of x or max(0, margin − x). margin is 1 by default.
 * Shapes: input and target any, equal → [].
 * @throws ValueError for a target that is neither 1 nor −1; ShapeError, DTypeError
 */
export const hingeEmbeddingLoss = /* @__PURE__ */ defineComposite("hingeEmbeddingLoss", (input: Tensor, target: Tensor, options: MarginOptions = {}): Tensor => {
  checkOptions("hingeEmbeddingLoss", options, marginKeys);
  const { margin = 1, reduction } = options;
  checkNumber("hingeEmbeddingLoss", "margin", margin);
  checkPair("hingeEmbeddingLoss", input, target);
  checkSigns("hingeEmbeddingLoss", target);
  return reduceLoss("hingeEmbeddingLoss", embeddingHinge(input, target, margin), reduction);
});

/**
 * Order of pairs: the mean of max(0, margin − t·(input1 − input2)); where t is 1, input1 is to be the larger. margin is 0 by default.
 * Shapes: all three any, equal → [].
 * @throws ValueError for a target that is neither 1 nor −1; ShapeError, DTypeError
 */
export const marginRankingLoss = /* @__PURE__ */ defineComposite("marginRankingLoss", (input1: Tensor, input2: Tensor, target: Tensor, options: MarginOptions = {}): Tensor => {
  checkOptions("marginRankingLoss", options, marginKeys);
  const { margin = 0, reduction } = options;
  checkNumber("marginRankingLoss", "margin", margin);
  checkAlike("marginRankingLoss", { input1, input2, target });
  checkSigns("marginRankingLoss", target);
  return reduceLoss("marginRankingLoss", rankingHinge(input1, input2, target, margin), reduction);
});
