import { ValueError, checkOptions } from "@dl/registry";
import { constant, defineComposite, elementwise, indexSelect, logSoftmax, sizeOf, where as choose } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { checkPair, reduceLoss } from "./common.js";
import type { LossOptions } from "./common.js";
import { classDim } from "./labels.js";
import { checkLabelOptions, pickTargets } from "./nll.js";
import type { NllOptions } from "./nll.js";

export interface SigmoidFocalOptions extends LossOptions {
  /** Weight of the positives, 1 − alpha that of the negatives; −1 for neither. Default 0.25. */
  readonly alpha?: number;
  /** How strongly well-classified elements are discounted, 0 for not at all. Default 2. */
  readonly gamma?: number;
}

export const sigmoidFocalKeys = ["alpha", "gamma", "reduction"] as const satisfies readonly (keyof SigmoidFocalOptions)[];

/** The logistic loss times (1 − p of the truth)^γ; both probabilities come from the logit, so that neither loses digits. */
const focusedLogistic = /* @__PURE__ */ elementwise("focusedLogistic", (x, t, gamma) => {
  const miss = x.neg().sigmoid().mul(t).add(x.sigmoid().mul(constant(1).sub(t)));
  return x.softplus().sub(x.mul(t)).mul(miss.pow(gamma));
});
const balanced = /* @__PURE__ */ elementwise("balanced", (loss, t, alpha) => loss.mul(t.mul(alpha).add(constant(1).sub(t).mul(constant(1).sub(alpha)))));

function checkGamma(where: string, gamma: number): void {
  if (!(gamma >= 0 && Number.isFinite(gamma))) throw new ValueError(where, `gamma is ${gamma}`, "Give a number of 0 or more", { gamma });
}

/**
 * Focal loss of binary logits: the mean of αₜ·(1 − pₜ)^γ·(−log pₜ), pₜ the probability of the truth.
 * As torchvision's `sigmoid_focal_loss`, but with the mean as default reduction, as every loss here.
 * Shapes: logits and target any, equal → []. Targets are floats from 0 to 1. (Lin et al., 2017)
 * @throws ValueError for an alpha above 1 or a negative gamma; ShapeError, DTypeError
 */
export const sigmoidFocalLoss = /* @__PURE__ */ defineComposite("sigmoidFocalLoss", (logits: Tensor, target: Tensor, options: SigmoidFocalOptions = {}): Tensor => {
  checkOptions("sigmoidFocalLoss", options, sigmoidFocalKeys);
  const { alpha = 0.25, gamma = 2, reduction } = options;
  if (alpha !== -1 && !(alpha >= 0 && alpha <= 1)) throw new ValueError("sigmoidFocalLoss", `alpha is ${alpha}`, "Give a weight from 0 to 1, or -1 for none", { alpha });
  checkGamma("sigmoidFocalLoss", gamma);
  checkPair("sigmoidFocalLoss", logits, target);
  const losses = focusedLogistic(logits, target, gamma);
  return reduceLoss("sigmoidFocalLoss", alpha === -1 ? losses : balanced(losses, target, alpha), reduction);
});

export interface FocalOptions extends NllOptions {
  /** How strongly well-classified elements are discounted, 0 for cross-entropy. Default 2. */
  readonly gamma?: number;
}

export const focalKeys = ["gamma", "weight", "ignoreIndex", "reduction"] as const satisfies readonly (keyof FocalOptions)[];

const focused = /* @__PURE__ */ elementwise("focused", (logP, gamma) => logP.expm1().neg().pow(gamma).mul(logP).neg());

/**
 * Focal loss of softmax logits: the mean of w·(1 − p)^γ·(−log p), p the probability of the target.
 * The mean is over all targets that are not ignored, whatever their weights.
 * Shapes: logits [N, C, ..] or [C]; target [N, ..] or [], int32 → [] (reduction "none": the target's). (Lin et al., 2017)
 * @throws ValueError for a target outside of [0, C) or a negative gamma; ShapeError, DTypeError
 */
export const focalLoss = /* @__PURE__ */ defineComposite("focalLoss", (logits: Tensor, target: Tensor, options: FocalOptions = {}): Tensor => {
  checkOptions("focalLoss", options, focalKeys);
  const { gamma = 2, weight, ignoreIndex, reduction = "mean" } = options;
  checkGamma("focalLoss", gamma);
  checkLabelOptions("focalLoss", logits, options);
  const { picked, index, valid } = pickTargets("focalLoss", logSoftmax(logits, classDim(logits)), target, ignoreIndex);
  const each = focused(picked, gamma);
  const weighed = weight === undefined ? each : each.mul(indexSelect(weight, 0, index.flatten()).reshape(index.shape));
  const losses = valid === null ? weighed : choose(valid, weighed, 0);
  if (reduction !== "mean") return reduceLoss("focalLoss", losses, reduction);
  return losses.sum().div(valid === null ? sizeOf(index.shape) : valid.to(losses.dtype).sum());
});
