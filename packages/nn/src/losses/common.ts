import { DTypeError, ShapeError, unknownName } from "@dl/registry";
import { isFloat, showShape } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";

/** How the losses of the elements become one: their mean (default), their sum, or not at all. */
export type Reduction = "mean" | "sum" | "none";

export interface LossOptions {
  readonly reduction?: Reduction;
}

export function reduceLoss(where: string, losses: Tensor, reduction: Reduction = "mean"): Tensor {
  if (reduction === "mean") return losses.mean();
  if (reduction === "sum") return losses.sum();
  checkReduction(where, reduction);
  return losses;
}

export function checkReduction(where: string, reduction: string): void {
  const known = ["mean", "sum", "none"];
  if (!known.includes(reduction)) throw unknownName(where, "reduction", reduction, known);
}

/** @throws ShapeError unless both have one shape (a silent broadcast is the usual cause of a loss that does not fall); DTypeError unless both have one float dtype */
export function checkPair(where: string, input: Tensor, target: Tensor): void {
  if (showShape(input.shape) !== showShape(target.shape)) {
    throw new ShapeError(where, `input of shape ${showShape(input.shape)} and target of shape ${showShape(target.shape)} differ`, "Reshape one of them", {
      shapes: [input.shape, target.shape],
    });
  }
  if (!isFloat(input.dtype)) throw new DTypeError(where, `the input is ${input.dtype}`, 'Convert it: input.to("float32")', { dtype: input.dtype });
  if (target.dtype !== input.dtype) {
    throw new DTypeError(where, `the target is ${target.dtype}, the input ${input.dtype}`, `Convert it: target.to("${input.dtype}")`, { dtypes: [input.dtype, target.dtype] });
  }
}
