import { checkOptions, checkPositive } from "@dl/registry";
import { defineComposite, elementwise, selectExpr } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { checkPair, lossKeys, reduceLoss } from "./common.js";
import type { LossOptions } from "./common.js";

const squaredError = /* @__PURE__ */ elementwise("squaredError", (x, t) => x.sub(t).square());
const absoluteError = /* @__PURE__ */ elementwise("absoluteError", (x, t) => x.sub(t).abs());
const huberError = /* @__PURE__ */ elementwise("huberError", (x, t, delta) => {
  const distance = x.sub(t).abs();
  return selectExpr(distance.le(delta), distance.square().mul(0.5), distance.sub(delta.mul(0.5)).mul(delta));
});

/** Mean squared error: the mean of (input − target)². Shapes: both any, equal → []. */
export const mseLoss = /* @__PURE__ */ defineComposite("mseLoss", (input: Tensor, target: Tensor, options: LossOptions = {}): Tensor => {
  checkOptions("mseLoss", options, lossKeys);
  checkPair("mseLoss", input, target);
  return reduceLoss("mseLoss", squaredError(input, target), options.reduction);
});

/** Mean absolute error: the mean of |input − target|. Shapes: both any, equal → []. */
export const l1Loss = /* @__PURE__ */ defineComposite("l1Loss", (input: Tensor, target: Tensor, options: LossOptions = {}): Tensor => {
  checkOptions("l1Loss", options, lossKeys);
  checkPair("l1Loss", input, target);
  return reduceLoss("l1Loss", absoluteError(input, target), options.reduction);
});

export interface HuberOptions extends LossOptions {
  /** Distance up to which the loss is quadratic. Default 1. */
  readonly delta?: number;
}

export const huberKeys = ["delta", "reduction"] as const satisfies readonly (keyof HuberOptions)[];

/** The mean of d²/2 for d = |input − target| ≤ delta, delta·(d − delta/2) beyond. Shapes: both any, equal → []. (Huber, 1964) */
export const huberLoss = /* @__PURE__ */ defineComposite("huberLoss", (input: Tensor, target: Tensor, options: HuberOptions = {}): Tensor => {
  checkOptions("huberLoss", options, huberKeys);
  const { delta = 1, reduction } = options;
  checkPositive("huberLoss", "delta", delta);
  checkPair("huberLoss", input, target);
  return reduceLoss("huberLoss", huberError(input, target, delta), reduction);
});

export interface SmoothL1Options extends LossOptions {
  /** Distance up to which the loss is quadratic. Default 1. */
  readonly beta?: number;
}

export const smoothL1Keys = ["beta", "reduction"] as const satisfies readonly (keyof SmoothL1Options)[];

/** huberLoss/beta: slope 1 beyond beta. Shapes: both any, equal → []. (Girshick, 2015) */
export const smoothL1Loss = /* @__PURE__ */ defineComposite("smoothL1Loss", (input: Tensor, target: Tensor, options: SmoothL1Options = {}): Tensor => {
  checkOptions("smoothL1Loss", options, smoothL1Keys);
  const { beta = 1, reduction } = options;
  checkPositive("smoothL1Loss", "beta", beta);
  checkPair("smoothL1Loss", input, target);
  return reduceLoss("smoothL1Loss", huberError(input, target, beta), reduction).div(beta);
});
