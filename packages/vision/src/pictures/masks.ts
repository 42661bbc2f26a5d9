import { DTypeError, ShapeError, checkNumber, checkOptions } from "@dl/registry";
import { isFloat, sameShape, showShape, where as choose, type Tensor } from "@dl/tensor";
import { toRgb } from "./channels.js";
import { asPixel, palette, type Colour } from "./colours.js";
import { checkOne } from "./host.js";

export interface DrawMasksOptions {
  /** Of the first mask, or of class 1, and so on; they begin again when they run out. Default: eight that are told apart with any kind of colour vision. */
  readonly colours?: readonly Colour[];
  /** How much of the colour is seen, 0..1. Default 0.5. */
  readonly alpha?: number;
}

/** Masks one by one, each [1, H, W] of truth values. */
function masksOf(where: string, mask: Tensor, [height, width]: readonly number[]): Tensor[] {
  const { shape, ndim, dtype } = mask;
  if ((ndim !== 2 && ndim !== 3) || !sameShape(shape.slice(-2), [height, width])) {
    throw new ShapeError(
      where,
      `the image has ${height} × ${width} pixels, the mask shape ${showShape(shape)}`,
      "Give classes [H, W] or masks [K, H, W]",
      { shape },
    );
  }
  if (isFloat(dtype)) throw new DTypeError(where, `the mask is ${dtype}`, "Give classes as whole numbers, or truth values: probabilities.ge(0.5)", { dtype });
  if (ndim === 3) return Array.from({ length: shape[0] }, (_, k) => mask.slice(0, k, k + 1).ne(0));
  const classes = dtype === "bool" ? 1 : Math.max(0, mask.max().item());
  const labels = mask.unsqueeze(0);
  return Array.from({ length: classes }, (_, k) => (dtype === "bool" ? labels : labels.eq(k + 1)));
}

/**
 * A picture with segmentation masks over it: (1 − alpha)·image + alpha·colour where a mask is true; where several are, the last one shows.
 * Shapes: image [C, H, W], mask [H, W] of classes, of which 0 stays as it is, or [K, H, W] of truth values → [3, H, W].
 * @throws ShapeError, DTypeError for what is no image, or a mask of another size or of floats; ValueError for bad options
 */
export function drawMasks(image: Tensor, mask: Tensor, options: DrawMasksOptions = {}): Tensor {
  const where = "drawMasks";
  checkOptions(where, options, ["colours", "alpha"]);
  const { colours, alpha = 0.5 } = options;
  checkNumber(where, "alpha", alpha, 0, 1);
  checkOne(where, image);
  const shown = toRgb(image);
  const masks = masksOf(where, mask, image.shape.slice(1));
  const chosen = palette(where, masks.length, colours);
  const dim = shown.mul(1 - alpha);
  return masks.reduce((drawn, own, k) => choose(own, dim.add(asPixel(chosen[k], shown).mul(alpha)), drawn), shown);
}
