import { ValueError } from "@dl/registry";
import { elementwise, type Expr, type Tensor } from "@dl/tensor";
import { checkImage } from "../../image/check-image.js";
import { perImage, type PerImage } from "./on-image.js";

const pictures = { channels: [1, 3] } as const;

const inUnit = (x: Expr): Expr => x.max(0).min(1);

const dimmed = /* @__PURE__ */ elementwise("adjustBrightness", (x, factor) => inUnit(x.mul(factor)));
const blended = /* @__PURE__ */ elementwise("blendImages", (x, other, factor) => inUnit(x.mul(factor).add(other.mul(factor.neg().add(1)))));
const grey = /* @__PURE__ */ elementwise("rgbToGrayscale", (r, g, b) => r.mul(0.2989).add(g.mul(0.587)).add(b.mul(0.114)));

const channelsOf = ({ shape, ndim }: Tensor): number => shape[ndim - 3];

/** [.., C, H, W] → [.., 1, H, W]: what is grey already stays. */
function greyOf(image: Tensor): Tensor {
  if (channelsOf(image) === 1) return image;
  const dim = image.ndim - 3;
  const [red, green, blue] = [0, 1, 2].map((channel) => image.slice(dim, channel, channel + 1));
  return grey(red, green, blue);
}

/**
 * Grey values: 0.2989·red + 0.587·green + 0.114·blue. Shapes: [3, H, W], [1, H, W] or batches of them → [.., numOutputChannels, H, W].
 * @param numOutputChannels 1 (default), or 3 for the same value three times
 * @throws ValueError for another number; ShapeError for other channels; DTypeError
 */
export function rgbToGrayscale(image: Tensor, numOutputChannels = 1): Tensor {
  checkImage("rgbToGrayscale", image, pictures);
  if (numOutputChannels !== 1 && numOutputChannels !== 3) {
    throw new ValueError("rgbToGrayscale", `numOutputChannels is ${String(numOutputChannels)}`, "Use 1 or 3", { numOutputChannels });
  }
  const result = greyOf(image);
  return numOutputChannels === 1 ? result : result.expand(image.shape.with(image.ndim - 3, 3));
}

/**
 * Brighter or darker: factor·x, cut to 0..1. 0 is black, 1 the picture itself. Shapes: [C, H, W] or [N, C, H, W] with 1 or 3 channels → the same.
 * @param factor one number, or one for each image of a batch
 * @throws ValueError for a factor below 0; ShapeError, DTypeError
 */
export function adjustBrightness(image: Tensor, factor: PerImage): Tensor {
  checkImage("adjustBrightness", image, pictures);
  return dimmed(image, perImage("adjustBrightness", "factor", factor, image, 0));
}

/**
 * More or less contrast: factor·x + (1 − factor)·(mean grey value), cut to 0..1. 0 is grey all over, 1 the picture itself.
 * Shapes: [C, H, W] or [N, C, H, W] with 1 or 3 channels → the same.
 * @param factor one number, or one for each image of a batch
 * @throws ValueError for a factor below 0; ShapeError, DTypeError
 */
export function adjustContrast(image: Tensor, factor: PerImage): Tensor {
  checkImage("adjustContrast", image, pictures);
  return blended(image, greyOf(image).mean([-3, -2, -1], { keepDim: true }), perImage("adjustContrast", "factor", factor, image, 0));
}

/**
 * Stronger or weaker colours: factor·x + (1 − factor)·(grey value), cut to 0..1. 0 is the grey picture, 1 the picture itself; grey pictures stay.
 * Shapes: [C, H, W] or [N, C, H, W] with 1 or 3 channels → the same.
 * @param factor one number, or one for each image of a batch
 * @throws ValueError for a factor below 0; ShapeError, DTypeError
 */
export function adjustSaturation(image: Tensor, factor: PerImage): Tensor {
  checkImage("adjustSaturation", image, pictures);
  const own = perImage("adjustSaturation", "factor", factor, image, 0);
  return channelsOf(image) === 1 ? image : blended(image, greyOf(image), own);
}
