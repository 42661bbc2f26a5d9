import { DTypeError, ShapeError, ValueError } from "@dl/registry";
import { showShape } from "@dl/tensor";
import type { Shape, Tensor } from "@dl/tensor";

/** Where element `position` of a tensor stands, in words. */
function placeOf(position: number, shape: Shape): string {
  if (shape.length === 0) return "";
  if (shape.length === 1) return ` at row ${position}`;
  const index = shape.map((size, d) => Math.floor(position / shape.slice(d + 1).reduce((a, b) => a * b, 1)) % size);
  return ` at position ${showShape(index)}`;
}

/** The dim of classes: the only one, or the second. */
export const classDim = (x: Tensor): number => (x.ndim < 2 ? 0 : 1);

export function checkLabelShape(where: string, x: Tensor, target: Tensor): void {
  const dim = classDim(x);
  if (x.ndim === 0) throw new ShapeError(where, "the input has no dim of classes", "Give [N, C] or [C]", { shape: x.shape });
  if (target.dtype !== "int32" && target.dtype !== "uint8") {
    throw new DTypeError(where, `class indices are ${target.dtype}`, 'Convert them: target.to("int32"); probabilities need the shape of the input', { dtype: target.dtype });
  }
  const wanted = x.shape.toSpliced(dim, 1);
  if (showShape(wanted) !== showShape(target.shape)) {
    throw new ShapeError(
      where,
      `input of shape ${showShape(x.shape)} needs a target of shape ${showShape(wanted)}, got ${showShape(target.shape)}`,
      "Give one class index per element",
      { shapes: [x.shape, target.shape] },
    );
  }
}

/**
 * Looks at the labels on the host, where the backend can be read at once.
 * @returns whether some may be `ignoreIndex`
 * @throws ValueError for a label outside of [0, classes)
 */
export function checkLabels(where: string, target: Tensor, classes: number, ignoreIndex?: number): boolean {
  if (!target.backend.capabilities.readSync) return true;
  const labels = target.dataSync();
  let ignored = false;
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    if (label === ignoreIndex) ignored = true;
    else if (label < 0 || label >= classes) {
      throw new ValueError(where, `target ${label}${placeOf(i, target.shape)} is not in [0, ${classes})`, `There are ${classes} classes, counted from 0`, {
        target: label,
        position: i,
        classes,
      });
    }
  }
  return ignored;
}
