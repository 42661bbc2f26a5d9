import { DTypeError, ShapeError, ValueError, checkOptions } from "@dl/registry";
import { defineComposite, gather, indexSelect, isFloat, logSoftmax, sizeOf, where as choose, showShape } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { checkPair, checkReduction, reduceLoss } from "./common.js";
import type { LossOptions } from "./common.js";
import { checkLabelShape, checkLabels, classDim } from "./labels.js";

export interface NllOptions extends LossOptions {
  /** Weight of each class, [C]. The mean divides by the sum of the weights of the targets. */
  readonly weight?: Tensor;
  /** Targets with this label count for nothing. Default −100. */
  readonly ignoreIndex?: number;
}

export interface CrossEntropyOptions extends NllOptions {
  /** Part of the target that is spread evenly over all classes, from 0 (default) to 1. (Szegedy et al., 2016) */
  readonly labelSmoothing?: number;
}

export const nllKeys = ["weight", "ignoreIndex", "reduction"] as const satisfies readonly (keyof NllOptions)[];
export const crossEntropyKeys = ["labelSmoothing", "weight", "ignoreIndex", "reduction"] as const satisfies readonly (keyof CrossEntropyOptions)[];

export function checkWeight(where: string, weight: Tensor, classes: number): void {
  if (weight.ndim !== 1 || weight.shape[0] !== classes) {
    throw new ShapeError(where, `weight has shape ${showShape(weight.shape)} for ${classes} classes`, `Give one weight per class, [${classes}]`, { shape: weight.shape });
  }
}

/** Class weights laid along the class dim of `x`. */
const alongClasses = (weight: Tensor, x: Tensor): Tensor =>
  weight.reshape(x.shape.map((size, d) => (d === classDim(x) ? size : 1)));

interface Picked {
  /** The value at each target, arbitrary where the target is ignored. */
  readonly picked: Tensor;
  /** The targets, with 0 in place of ignored ones. */
  readonly index: Tensor;
  /** Which targets count; `null` when all do. */
  readonly valid: Tensor | null;
}

/** The elements of `x` that the targets name along the class dim. @throws ValueError, ShapeError, DTypeError for targets that do not fit */
export function pickTargets(where: string, x: Tensor, target: Tensor, ignoreIndex = -100): Picked {
  const dim = classDim(x);
  checkLabelShape(where, x, target);
  const ignoring = checkLabels(where, target, x.shape[dim], ignoreIndex);
  const valid = ignoring ? target.ne(ignoreIndex) : null;
  const index = valid === null ? target : choose(valid, target, 0).to("int32");
  return { picked: gather(x, dim, index.unsqueeze(dim)).squeeze(dim), index, valid };
}

/** The loss for class indices. `smoothing` spreads part of the target over all classes. */
function indexLoss(where: string, logP: Tensor, target: Tensor, options: CrossEntropyOptions): Tensor {
  const { weight, ignoreIndex, labelSmoothing: smoothing = 0, reduction = "mean" } = options;
  const { picked, index, valid } = pickTargets(where, logP, target, ignoreIndex);
  const classes = logP.shape[classDim(logP)];
  if (weight === undefined && valid === null && smoothing === 0) return reduceLoss(where, picked, reduction).neg();

  const ofTarget = weight && indexSelect(weight, 0, index.flatten()).reshape(index.shape);
  const hidden = (x: Tensor): Tensor => (valid === null ? x : choose(valid, x, 0));
  const own = hidden(ofTarget === undefined ? picked.neg() : picked.mul(ofTarget).neg());
  const losses = smoothing === 0 ? own : own.mul(1 - smoothing).add(hidden(spread(logP, weight)).mul(smoothing / classes));
  if (reduction !== "mean") return reduceLoss(where, losses, reduction);
  const total = ofTarget === undefined ? valid?.to(logP.dtype).sum() : hidden(ofTarget).sum();
  return losses.sum().div(total ?? sizeOf(index.shape));
}

/** −Σ over classes of w·log p. */
const spread = (logP: Tensor, weight: Tensor | undefined): Tensor =>
  (weight === undefined ? logP : logP.mul(alongClasses(weight, logP))).sum(classDim(logP)).neg();

/** The loss for class probabilities: −Σ w·t·log p over classes; the mean is over all other dims. */
function probabilityLoss(where: string, logP: Tensor, target: Tensor, options: CrossEntropyOptions): Tensor {
  const { weight, labelSmoothing: smoothing = 0, reduction } = options;
  checkPair(where, logP, target);
  const smoothed = smoothing === 0 ? target : target.mul(1 - smoothing).add(smoothing / logP.shape[classDim(logP)]);
  return reduceLoss(where, spread(logP.mul(smoothed), weight), reduction);
}

/** @throws UnknownNameError, ValueError, ShapeError for options that do not fit the input */
export function checkLabelOptions(where: string, input: Tensor, { weight, reduction, ignoreIndex = -100 }: NllOptions): void {
  if (reduction !== undefined) checkReduction(where, reduction);
  if (!Number.isInteger(ignoreIndex)) throw new ValueError(where, `ignoreIndex is ${ignoreIndex}`, "Give a whole number", { ignoreIndex });
  if (weight !== undefined) checkWeight(where, weight, input.shape[classDim(input)]);
}

/**
 * Negative log-likelihood: the mean of −log p[target].
 * Shapes: logProbabilities [N, C, ..] or [C], target [N, ..] or [], int32 → [] (reduction "none": the target's).
 * @throws ValueError for a target outside of [0, C); ShapeError, DTypeError
 */
export const nllLoss = /* @__PURE__ */ defineComposite("nllLoss", (logProbabilities: Tensor, target: Tensor, options: NllOptions = {}): Tensor => {
  checkOptions("nllLoss", options, nllKeys);
  checkLabelOptions("nllLoss", logProbabilities, options);
  return indexLoss("nllLoss", logProbabilities, target, options);
});

/**
 * Softmax cross-entropy: the mean of −log softmax(logits)[target], computed without overflow.
 * Shapes: logits [N, C, ..] or [C]; target [N, ..] or [] of class indices (int32), or class probabilities (float) in the shape
 * of the logits → [] (reduction "none": [N, ..] or []).
 * @throws ValueError for a target outside of [0, C); ShapeError, DTypeError
 */
export const crossEntropy = /* @__PURE__ */ defineComposite("crossEntropy", (logits: Tensor, target: Tensor, options: CrossEntropyOptions = {}): Tensor => {
  checkOptions("crossEntropy", options, crossEntropyKeys);
  checkLabelOptions("crossEntropy", logits, options);
  const { labelSmoothing = 0 } = options;
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
    throw new ValueError("crossEntropy", `labelSmoothing is ${labelSmoothing}`, "Give a part from 0 to 1", { labelSmoothing });
  }
  if (isFloat(target.dtype) && target.ndim < logits.ndim) {
    throw new DTypeError("crossEntropy", `the target is ${target.dtype} of shape ${showShape(target.shape)}`, 'Class indices are int32: target.to("int32"); probabilities have the shape of the logits');
  }
  const loss = isFloat(target.dtype) ? probabilityLoss : indexLoss;
  if (loss === indexLoss) checkLabelShape("crossEntropy", logits, target);
  return loss("crossEntropy", logSoftmax(logits, classDim(logits)), target, options);
});
