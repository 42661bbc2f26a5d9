import { ShapeError, checkWhole } from "@dl/registry";
import { isFloat, oneHot, showShape, type Tensor } from "@dl/tensor";

/**
 * Probabilities of classes: of indices 1 at the class, and those that are given as they are.
 * Shapes: y [N] of whole numbers or [N, numClasses] of floats → [N, numClasses], like `x`.
 * @throws ShapeError for another shape; ValueError for an index that is no class
 */
export function softTargets(where: string, y: Tensor, numClasses: number, x: Tensor): Tensor {
  checkWhole(where, "numClasses", numClasses, 1);
  const [count] = x.shape;
  const isSoft = isFloat(y.dtype) && y.ndim === 2;
  if (y.shape[0] !== count || (isSoft ? y.shape[1] !== numClasses : y.ndim !== 1 || isFloat(y.dtype))) {
    const fix = `Give class indices [${count}], or probabilities [${count}, ${numClasses}]`;
    throw new ShapeError(where, `y is ${y.dtype} ${showShape(y.shape)} for ${count} images`, fix, { shape: y.shape });
  }
  return isSoft ? y.to(x.dtype) : oneHot(y, numClasses).to(x.dtype);
}
