import { DTypeError, ShapeError, ValueError, unknownName } from "@dl/registry";
import { isFloat, showShape } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";

/** How the losses of the elements become one: their mean (default), their sum, or not at all. */
export type Reduction = "mean" | "sum" | "none";

export interface LossOptions {
  readonly reduction?: Reduction;
}

/** The names of `LossOptions`; every loss lists its own beside its options. */
export const lossKeys = ["reduction"] as const satisfies readonly (keyof LossOptions)[];

export const reductions: readonly string[] = ["mean", "sum", "none"];

export function reduceLoss(where: string, losses: Tensor, reduction: Reduction = "mean"): Tensor {
  if (reduction === "mean") return losses.mean();
  if (reduction === "sum") return losses.sum();
  checkReduction(where, reduction);
  return losses;
}

export function checkReduction(where: string, reduction: string, known = reductions): void {
  if (!known.includes(reduction)) throw unknownName(where, "reduction", reduction, known);
}

/**
 * Compares tensors with the first of them.
 * @throws ShapeError unless all have one shape (a silent broadcast is the usual cause of a loss that does not fall); DTypeError unless all have one float dtype
 */
export function checkAlike(where: string, tensors: Readonly<Record<string, Tensor>>): void {
  const [[firstName, first], ...others] = Object.entries(tensors);
  if (!isFloat(first.dtype)) throw new DTypeError(where, `the ${firstName} is ${first.dtype}`, `Convert it: ${firstName}.to("float32")`, { dtype: first.dtype });
  for (const [name, x] of others) {
    if (showShape(first.shape) !== showShape(x.shape)) {
      throw new ShapeError(where, `${firstName} of shape ${showShape(first.shape)} and ${name} of shape ${showShape(x.shape)} differ`, "Reshape one of them", {
        shapes: [first.shape, x.shape],
      });
    }
    if (x.dtype !== first.dtype) {
      throw new DTypeError(where, `the ${name} is ${x.dtype}, the ${firstName} ${first.dtype}`, `Convert it: ${name}.to("${first.dtype}")`, { dtypes: [first.dtype, x.dtype] });
    }
  }
}

/** `checkAlike` of an input and its target. */
export const checkPair = (where: string, input: Tensor, target: Tensor): void => { checkAlike(where, { input, target }); };

/**
 * Looks at a tensor's values on the host, where the backend can be read at once.
 * @throws ValueError that names the first value for which `isRight` does not hold
 */
export function checkValues(where: string, name: string, x: Tensor, isRight: (value: number) => boolean, wanted: string, fix: string): void {
  if (!x.backend.capabilities.readSync) return;
  const values = x.dataSync();
  const position = values.findIndex((value: number) => !isRight(value));
  if (position !== -1) throw new ValueError(where, `${name} ${values[position]} at position ${position} is not ${wanted}`, fix, { position });
}

/** @throws ValueError for a target that is neither 1 nor −1 */
export function checkSigns(where: string, target: Tensor): void {
  checkValues(where, "target", target, (value) => value === 1 || value === -1, "1 or -1", "Two classes as 0 and 1: target.mul(2).sub(1)");
}
