import { ShapeError, checkNumber } from "@dl/registry";
import { showShape, tensor, type Tensor } from "@dl/tensor";
import { asBatch, likeImage } from "../../filters/filter2d.js";
import { checkImage } from "../../image/check-image.js";
import type { Edit } from "../edits/edit.js";
import { canvasOf, type Canvas } from "../geometry/canvas.js";

/** What an edit makes of an image or a batch. */
export function onImage(where: string, image: Tensor, editOf: (canvas: Canvas) => Edit): Tensor {
  checkImage(where, image);
  const batch = asBatch(where, image);
  return likeImage(editOf(canvasOf(batch)).image(batch), image);
}

/** One number for all images, or one for each of a batch. */
export type PerImage = number | readonly number[];

/**
 * Numbers for images that broadcast: one as it is, several as [N, 1, 1, 1].
 * @throws ShapeError unless there are as many as images; ValueError for a number below `least`
 */
export function perImage(where: string, name: string, value: PerImage, image: Tensor, least = -Infinity): Tensor | number {
  const { shape, ndim, dtype, backend } = image;
  const values = typeof value === "number" ? [value] : value;
  values.forEach((entry) => { checkNumber(where, name, entry, least); });
  if (typeof value === "number") return value;
  if (ndim !== 4 || values.length !== shape[0]) {
    const fact = `${name} has ${values.length} numbers for an image of shape ${showShape(shape)}`;
    throw new ShapeError(where, fact, "Give one number, or a batch and one for each of its images", { shape });
  }
  return tensor([...values], { dtype, backend }).reshape([values.length, 1, 1, 1]);
}
