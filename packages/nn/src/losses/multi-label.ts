import { checkNumber, checkOptions, DTypeError, ShapeError, ValueError } from "@dl/registry";
import { defineComposite, elementwise, gather, indexSelect, isFloat, selectExpr, showShape, where as choose } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { logisticLoss } from "./binary.js";
import { checkPair, reduceLoss } from "./common.js";
import type { LossOptions } from "./common.js";
import { checkLabelShape, checkLabels } from "./labels.js";
import { checkWeight } from "./nll.js";

/** How far class i reaches over the target's score less the margin; 0 for the target itself. */
const overreach = /* @__PURE__ */ elementwise("overreach", (x, ofTarget, isTarget, margin) => {
  const gap = x.sub(ofTarget).add(margin);
  return selectExpr(isTarget.not().and(gap.gt(0)), gap, 0);
});

/** [0, 1, …, count − 1] on x's backend. */
const countTo = (count: number, x: Tensor): Tensor => x.makeFrom(Int32Array.from({ length: count }, (_, k) => k), "int32", [count]);

function checkScores(where: string, input: Tensor): void {
  if (input.ndim !== 1 && input.ndim !== 2) throw new ShapeError(where, `the input has shape ${showShape(input.shape)}`, "Give [N, C] or [C]", { shape: input.shape });
  if (!isFloat(input.dtype)) throw new DTypeError(where, `the input is ${input.dtype}`, 'Convert it: input.to("float32")', { dtype: input.dtype });
}

export interface MultiMarginOptions extends LossOptions {
  /** Exponent of each gap: 1 (default) or 2. */
  readonly p?: 1 | 2;
  /** By how much the target's score is to exceed every other. Default 1. */
  readonly margin?: number;
  /** Factor of each target class, [C]. */
  readonly weight?: Tensor;
}

export const multiMarginKeys = ["p", "margin", "weight", "reduction"] as const satisfies readonly (keyof MultiMarginOptions)[];

/**
 * The hinge loss of several classes: the mean of Σ max(0, margin − x[t] + x[i])ᵖ/C over the classes i ≠ t.
 * Shapes: input [N, C] or [C]; target [N] or [], int32 → [] (reduction "none": the target's). (Weston & Watkins, 1999)
 * @throws ValueError for a target outside of [0, C); ShapeError, DTypeError
 */
export const multiMarginLoss = /* @__PURE__ */ defineComposite("multiMarginLoss", (input: Tensor, target: Tensor, options: MultiMarginOptions = {}): Tensor => {
  checkOptions("multiMarginLoss", options, multiMarginKeys);
  const { p = 1, margin = 1, weight, reduction } = options;
  if (![1, 2].includes(p)) throw new ValueError("multiMarginLoss", `p is ${p}`, "Use 1 or 2", { p });
  checkNumber("multiMarginLoss", "margin", margin);
  checkScores("multiMarginLoss", input);
  checkLabelShape("multiMarginLoss", input, target);
  const classes = input.shape[input.ndim - 1];
  if (weight !== undefined) checkWeight("multiMarginLoss", weight, classes);
  checkLabels("multiMarginLoss", target, classes);
  const index = target.unsqueeze(-1);
  const gaps = overreach(input, gather(input, -1, index), countTo(classes, input).eq(index), margin);
  const losses = (p === 1 ? gaps : gaps.square()).sum(-1).div(classes);
  return reduceLoss("multiMarginLoss", weight === undefined ? losses : losses.mul(indexSelect(weight, 0, target.flatten()).reshape(target.shape)), reduction);
});

/**
 * The hinge loss of several labels per row: the mean of Σ max(0, 1 − x[t] + x[i])/C over the labels t and all classes i that are none.
 * Shapes: input and target [N, C] or [C] → [] (reduction "none": [N] or []). The target lists class indices (int32); −1 ends the list.
 * @throws ValueError for a label outside of [0, C); ShapeError, DTypeError
 */
export const multiLabelMarginLoss = /* @__PURE__ */ defineComposite("multiLabelMarginLoss", (input: Tensor, target: Tensor, options: LossOptions = {}): Tensor => {
  const name = "multiLabelMarginLoss";
  checkOptions(name, options, ["reduction"]);
  checkScores(name, input);
  if (target.dtype !== "int32") throw new DTypeError(name, `labels are ${target.dtype}`, 'Convert them: target.to("int32")', { dtype: target.dtype });
  if (showShape(input.shape) !== showShape(target.shape)) {
    throw new ShapeError(name, `input of shape ${showShape(input.shape)} and target of shape ${showShape(target.shape)} differ`, "Fill each row's list of labels with -1", { shapes: [input.shape, target.shape] });
  }
  const classes = input.shape[input.ndim - 1];
  checkLabels(name, target, classes, -1);
  const numbers = countTo(classes, input);
  const length = choose(target.lt(0), numbers, classes).min(-1, { keepDim: true });
  const listed = numbers.lt(length);
  const labels = choose(listed, target, 0);
  // [.., label, class]: rows without a label leave every class free, and are left out of the sum below.
  const isLabel = labels.unsqueeze(-1).eq(numbers).to("int32").mul(listed.unsqueeze(-1)).sum(-2, { keepDim: true });
  const gaps = overreach(input.unsqueeze(-2), gather(input, -1, labels).unsqueeze(-1), isLabel, 1);
  const losses = choose(listed.unsqueeze(-1), gaps, 0).sum([-2, -1]).div(classes);
  return reduceLoss(name, losses, options.reduction);
});

export interface MultiLabelSoftMarginOptions extends LossOptions {
  /** Factor of each class, [C]. */
  readonly weight?: Tensor;
}

export const multiLabelSoftMarginKeys = ["weight", "reduction"] as const satisfies readonly (keyof MultiLabelSoftMarginOptions)[];

/**
 * Binary cross-entropy of the logits of several labels, averaged over the classes: the mean of −t·log σ(x) − (1 − t)·log(1 − σ(x)).
 * Shapes: input and target [.., C], equal → [] (reduction "none": [..]). Targets are floats from 0 to 1.
 */
export const multiLabelSoftMarginLoss = /* @__PURE__ */ defineComposite("multiLabelSoftMarginLoss", (input: Tensor, target: Tensor, options: MultiLabelSoftMarginOptions = {}): Tensor => {
  checkOptions("multiLabelSoftMarginLoss", options, multiLabelSoftMarginKeys);
  const { weight, reduction } = options;
  checkPair("multiLabelSoftMarginLoss", input, target);
  if (input.ndim === 0) throw new ShapeError("multiLabelSoftMarginLoss", "the input has no dim of classes", "Give [N, C] or [C]", { shape: input.shape });
  if (weight !== undefined) checkWeight("multiLabelSoftMarginLoss", weight, input.shape[input.ndim - 1]);
  const losses = logisticLoss(input, target);
  return reduceLoss("multiLabelSoftMarginLoss", (weight === undefined ? losses : losses.mul(weight)).mean(-1), reduction);
});
