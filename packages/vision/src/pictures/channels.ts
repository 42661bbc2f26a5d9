import { checkOptions } from "@dl/registry";
import { cat, tensor, type Tensor } from "@dl/tensor";
import { checkImage } from "../image/check-image.js";
import { asPixel, checkColour, type Colour } from "./colours.js";

export interface AlphaOptions {
  /** What transparent pixels are laid on, [red, green, blue]. Default null: alpha is dropped, and the colours stay as they are. */
  readonly background?: Colour | null;
}

const CHANNELS = [1, 2, 3, 4];

/** The image without its alpha, [.., 1 or 3, H, W]. */
function opaque(image: Tensor, background: Colour | null): Tensor {
  const count = image.shape.at(-3) ?? 0;
  if (count === 1 || count === 3) return image;
  const colours = image.slice(-3, 0, count - 1);
  if (background === null) return colours;
  const alpha = image.slice(-3, count - 1);
  // A grey picture on a coloured ground is coloured.
  return colours.mul(alpha).add(asPixel(background, image).mul(alpha.neg().add(1)));
}

/** @throws ShapeError, DTypeError, ValueError, UnknownNameError */
function withoutAlpha(where: string, image: Tensor, options: AlphaOptions): Tensor {
  checkOptions(where, options, ["background"]);
  checkImage(where, image, { channels: CHANNELS });
  const { background = null } = options;
  if (background !== null) checkColour(where, background);
  return opaque(image, background);
}

/**
 * Any picture in colours: grey is repeated, alpha dropped or laid on a background as c·a + b·(1 − a).
 * Shapes: [C, H, W] or [N, C, H, W] with 1 (grey), 2 (grey and alpha), 3 or 4 channels → the same with 3.
 * @throws ShapeError, DTypeError for what is no image; ValueError for a colour that is none
 */
export function toRgb(image: Tensor, options: AlphaOptions = {}): Tensor {
  const shown = withoutAlpha("toRgb", image, options);
  return shown.shape.at(-3) === 3 ? shown : cat([shown, shown, shown], shown.ndim - 3);
}

/**
 * Any picture in grey: 0.299·red + 0.587·green + 0.114·blue; alpha as in `toRgb`.
 * Shapes: [C, H, W] or [N, C, H, W] with 1 to 4 channels → the same with 1. (ITU-R BT.601)
 * @throws ShapeError, DTypeError for what is no image; ValueError for a colour that is none
 */
export function toGrey(image: Tensor, options: AlphaOptions = {}): Tensor {
  const shown = withoutAlpha("toGrey", image, options);
  if (shown.shape.at(-3) === 1) return shown;
  const weights = tensor([0.299, 0.587, 0.114], { dtype: shown.dtype, backend: shown.backend }).reshape([3, 1, 1]);
  return shown.mul(weights).sum(-3, { keepDim: true });
}
