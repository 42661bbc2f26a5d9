import { checkOptions, checkPositive, ShapeError, unknownName } from "@dl/registry";
import { elementwise, defineComposite, isFloat, oneHot, showShape, softmax } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { checkPair, reduceLoss } from "./common.js";
import type { LossOptions } from "./common.js";
import { checkLabelShape, checkLabels } from "./labels.js";

export interface DiceOptions extends LossOptions {
  /** What makes probabilities of the input: "softmax" over the classes, "sigmoid" for each on its own, "none" (default) when it holds them. */
  readonly activation?: "none" | "sigmoid" | "softmax";
  /** Added to numerator and denominator, so that a class that is not there gives 0. Default 1. */
  readonly smooth?: number;
  /** One overlap per class over the whole batch, in place of one per sample and class. Default false. */
  readonly batch?: boolean;
}

export const diceKeys = ["activation", "smooth", "batch", "reduction"] as const satisfies readonly (keyof DiceOptions)[];

const activations: Readonly<Record<NonNullable<DiceOptions["activation"]>, (x: Tensor) => Tensor>> = {
  none: (x) => x,
  sigmoid: (x) => x.sigmoid(),
  softmax: (x) => softmax(x, 1),
};

const disagreement = /* @__PURE__ */ elementwise("disagreement", (overlap, total, smooth) => total.sub(overlap.mul(2)).div(total.add(smooth)));

/** Class indices [N, ..] → one plane of 0 and 1 per class, [N, C, ..]; a target of the input's shape stays as it is. */
function planesOf(input: Tensor, target: Tensor): Tensor {
  if (isFloat(target.dtype)) return target;
  checkLabelShape("diceLoss", input, target);
  checkLabels("diceLoss", target, input.shape[1]);
  const last = oneHot(target, input.shape[1]).to(input.dtype);
  return last.permute([0, last.ndim - 1, ...target.shape.slice(1).map((_, d) => d + 1)]);
}

/**
 * Soft Dice loss of masks: the mean over samples and classes of 1 − (2·Σpt + smooth)/(Σp + Σt + smooth), sums over the places of a mask.
 * Shapes: input [N, C, ..]; target the same with floats from 0 to 1, or class indices [N, ..] (int32)
 * → [] (reduction "none": [N, C], with `batch` [C]). A single class needs floats. (Milletari et al., 2016)
 * @throws ValueError for a target outside of [0, C) or a smooth of 0 or less; ShapeError, DTypeError
 */
export const diceLoss = /* @__PURE__ */ defineComposite("diceLoss", (input: Tensor, target: Tensor, options: DiceOptions = {}): Tensor => {
  checkOptions("diceLoss", options, diceKeys);
  const { activation = "none", smooth = 1, batch = false, reduction } = options;
  if (!Object.hasOwn(activations, activation)) throw unknownName("diceLoss", "activation", activation, Object.keys(activations));
  checkPositive("diceLoss", "smooth", smooth);
  if (input.ndim < 2) throw new ShapeError("diceLoss", `the input has shape ${showShape(input.shape)}`, "Give [N, C, ..]", { shape: input.shape });
  const planes = planesOf(input, target);
  checkPair("diceLoss", input, planes);
  const p = activations[activation](input);
  const places = input.shape.flatMap((_, d) => (d > 1 || (d === 0 && batch) ? [d] : []));
  const losses = disagreement(p.mul(planes).sum(places), p.add(planes).sum(places), smooth);
  return reduceLoss("diceLoss", losses, reduction);
});
