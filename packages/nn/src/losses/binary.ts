import { checkOptions } from "@dl/registry";
import { defineComposite, elementwise } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { checkPair, checkValues, reduceLoss } from "./common.js";
import type { LossOptions } from "./common.js";

export interface BceOptions extends LossOptions {
  /** Factor on each element's loss, broadcast. */
  readonly weight?: Tensor;
}

export interface BceWithLogitsOptions extends BceOptions {
  /** Factor on the positive part, broadcast: above 1 for rare positives. */
  readonly posWeight?: Tensor;
}

export const bceKeys = ["weight", "reduction"] as const satisfies readonly (keyof BceOptions)[];
export const bceWithLogitsKeys = ["posWeight", "weight", "reduction"] as const satisfies readonly (keyof BceWithLogitsOptions)[];

/** log(1 + eˣ) − x·t: the two logarithms in one, without overflow. */
export const logisticLoss = /* @__PURE__ */ elementwise("logisticLoss", (x, t) => x.softplus().sub(x.mul(t)));
const weightedLogisticLoss = /* @__PURE__ */ elementwise("weightedLogisticLoss", (x, t, positive) =>
  x.mul(t.neg().add(1)).add(x.neg().softplus().mul(positive.sub(1).mul(t).add(1))),
);
/** Logarithms are held above −100, as PyTorch's. */
const binaryLoss = /* @__PURE__ */ elementwise("binaryLoss", (p, t) => t.mul(p.log().max(-100)).add(t.neg().add(1).mul(p.neg().log1p().max(-100))).neg());

/**
 * Binary cross-entropy of logits: the mean of −t·log σ(x) − (1 − t)·log(1 − σ(x)).
 * Shapes: logits and target any, equal → []. Targets are floats from 0 to 1.
 */
export const bceWithLogits = /* @__PURE__ */ defineComposite("bceWithLogits", (logits: Tensor, target: Tensor, options: BceWithLogitsOptions = {}): Tensor => {
  checkOptions("bceWithLogits", options, bceWithLogitsKeys);
  checkPair("bceWithLogits", logits, target);
  const { weight, posWeight, reduction } = options;
  const losses = posWeight === undefined ? logisticLoss(logits, target) : weightedLogisticLoss(logits, target, posWeight);
  return reduceLoss("bceWithLogits", weight === undefined ? losses : losses.mul(weight), reduction);
});

/**
 * Binary cross-entropy of probabilities: the mean of −t·log p − (1 − t)·log(1 − p). Prefer `bceWithLogits`, which loses no digits.
 * Shapes: probabilities and target any, equal → [].
 * @throws ValueError for a probability outside of [0, 1]
 */
export const bceLoss = /* @__PURE__ */ defineComposite("bceLoss", (probabilities: Tensor, target: Tensor, options: BceOptions = {}): Tensor => {
  checkOptions("bceLoss", options, bceKeys);
  checkPair("bceLoss", probabilities, target);
  checkValues("bceLoss", "probability", probabilities, (p) => !(p < 0 || p > 1), "in [0, 1]", "Apply sigmoid, or use bceWithLogits");
  const losses = binaryLoss(probabilities, target);
  return reduceLoss("bceLoss", options.weight === undefined ? losses : losses.mul(options.weight), options.reduction);
});
