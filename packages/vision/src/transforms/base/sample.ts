import { DTypeError, ShapeError } from "@dl/registry";
import { isFloat, showShape, type Tensor } from "@dl/tensor";
import type { Edit } from "../edits/edit.js";
import type { Canvas } from "../geometry/canvas.js";

/**
 * A picture, or a batch of N, and what belongs to it. Whatever else stands in the object, such as labels, stays as it is.
 *
 * Boxes and keypoints count in pixels from the upper left corner of the picture, x to the right and y down: the picture covers [0, W] × [0, H], and
 * the centre of its first pixel is at (½, ½).
 */
export interface ImageSample {
  /** [C, H, W] or [N, C, H, W]. */
  readonly image: Tensor;
  /** Labels of pixels, [H, W] or several masks [M, H, W]; of a batch [N, H, W] or [N, M, H, W]. They are moved, never mixed. */
  readonly mask?: Tensor;
  /** [K, 4], of a batch [N, K, 4]: x and y of the upper left corner, and of the lower right one. Moved boxes are cut at the edges of the picture. */
  readonly boxes?: Tensor;
  /** [K, 2], of a batch [N, K, 2]: x and y. They may come to lie outside of the picture. */
  readonly keypoints?: Tensor;
}

function changedMask(where: string, mask: Tensor, { mask: change }: Edit, { count, height, width }: Canvas, isBatch: boolean): Tensor {
  const { shape, ndim } = mask;
  const leading = shape.slice(0, -2);
  const fits = isBatch ? (ndim === 3 || ndim === 4) && shape[0] === count : ndim === 2 || ndim === 3;
  if (!fits || shape[ndim - 2] !== height || shape[ndim - 1] !== width) {
    const wanted = isBatch ? `[${count}, ${height}, ${width}]` : `[${height}, ${width}]`;
    const images = isBatch ? `${count} images` : "an image";
    throw new ShapeError(where, `the mask has shape ${showShape(shape)} for ${images} of ${height} × ${width}`, `Give ${wanted}`, { shape });
  }
  const many = ndim === (isBatch ? 3 : 2) ? 1 : shape[ndim - 3];
  const masks = mask.reshape([count, many, height, width]);
  const changed = change(masks);
  return changed.reshape([...leading, ...changed.shape.slice(2)]);
}

function changedPoints(where: string, name: string, points: Tensor, size: number, change: (x: Tensor) => Tensor, count: number, isBatch: boolean): Tensor {
  const { shape, dtype } = points;
  const fits = shape.length === (isBatch ? 3 : 2) && shape[shape.length - 1] === size && (!isBatch || shape[0] === count);
  if (!fits) {
    const wanted = isBatch ? `[${count}, K, ${size}]` : `[K, ${size}]`;
    throw new ShapeError(where, `${name} has shape ${showShape(shape)}`, `Give ${wanted} for ${isBatch ? "this batch" : "an image"}`, { shape });
  }
  if (!isFloat(dtype)) throw new DTypeError(where, `${name} is ${dtype}`, `Moved ones are fractions: ${name}.to("float32")`, { dtype });
  return isBatch ? change(points) : change(points.unsqueeze(0)).squeeze(0);
}

/** What belongs to a picture, changed as the picture is. */
export function changedParts(where: string, { mask, boxes, keypoints }: ImageSample, edit: Edit, canvas: Canvas, isBatch: boolean): Partial<ImageSample> {
  return {
    ...(mask && { mask: changedMask(where, mask, edit, canvas, isBatch) }),
    ...(boxes && { boxes: changedPoints(where, "boxes", boxes, 4, edit.boxes, canvas.count, isBatch) }),
    ...(keypoints && { keypoints: changedPoints(where, "keypoints", keypoints, 2, edit.points, canvas.count, isBatch) }),
  };
}
