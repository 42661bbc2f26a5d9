import { ShapeError } from "@dl/registry";
import { isTensor, pad, showShape, type Tensor } from "@dl/tensor";
import { checkInside, type Window } from "../edits/crops.js";
import { recoloured } from "../edits/edit.js";
import { withPatch } from "../edits/patches.js";
import type { Canvas } from "../geometry/canvas.js";
import { perChannel } from "../geometry/sampling.js";
import { onImage } from "./on-image.js";

/** A patch of the window's size, with 0 around it up to the picture's size. Shapes: [.., h, w] → [.., H, W]. */
function spread(where: string, value: Tensor, { top, left, height, width }: Window, canvas: Canvas): Tensor {
  if (showShape(value.shape.slice(-2)) !== showShape([height, width])) {
    const fact = `value has shape ${showShape(value.shape)} for a window of ${height} × ${width}`;
    throw new ShapeError(where, fact, "Give [C, height, width]", { shape: value.shape });
  }
  return pad(value, [left, canvas.width - left - width, top, canvas.height - top - height]);
}

/**
 * Replaces a rectangle of a picture. Shapes: [C, H, W] or [N, C, H, W] → the same.
 * @param top row of its upper left pixel, `left` the column @param value one number, one per channel, or a tensor [C, height, width]
 * @throws ShapeError unless the rectangle lies within the picture and the value fits; ValueError, DTypeError
 */
export function erase(image: Tensor, top: number, left: number, height: number, width: number, value: number | readonly number[] | Tensor = 0): Tensor {
  const window = { top, left, height, width };
  return onImage("erase", image, (canvas) => {
    checkInside("erase", window, canvas);
    const patch = (images: Tensor): Tensor => (isTensor(value) ? spread("erase", value, window, canvas) : perChannel("erase", "value", value, images));
    return recoloured(canvas, (images) => withPatch(images, patch(images), [window]));
  });
}
