import { ShapeError, checkNumber, checkOptions } from "@dl/registry";
import { sameShape, showShape, type Tensor } from "@dl/tensor";
import { toRgb } from "./channels.js";
import { colourMap, type ColourMapName } from "./colour-map.js";

export interface OverlayOptions {
  /** Colours of the heat. Default "inferno". */
  readonly colours?: ColourMapName;
  /** How much of the heat is seen: 0 shows the image alone, 1 the heat. Default 0.5. */
  readonly alpha?: number;
}

/**
 * A picture with heat on it, such as that of `gradCAM`: (1 − alpha)·image + alpha·colour.
 * Shapes: image [C, H, W] and heat [H, W] in 0..1 → [3, H, W], ready for `encodePng(fromImage(…))`; batches [N, C, H, W] and [N, H, W] → [N, 3, H, W].
 * @throws ShapeError, DTypeError for what is no image, or heat of another size; ValueError for bad options
 */
export function overlayHeatmap(image: Tensor, heat: Tensor, options: OverlayOptions = {}): Tensor {
  const where = "overlayHeatmap";
  checkOptions(where, options, ["colours", "alpha"]);
  const { colours = "inferno", alpha = 0.5 } = options;
  checkNumber(where, "alpha", alpha, 0, 1);
  const shown = toRgb(image);
  const wanted = shown.shape.toSpliced(-3, 1);
  if (!sameShape(heat.shape, wanted)) {
    const fix = `Give heat of shape ${showShape(wanted)}; interpolate stretches it`;
    throw new ShapeError(where, `the image has shape ${showShape(image.shape)}, the heat ${showShape(heat.shape)}`, fix, { shapes: [image.shape, heat.shape] });
  }
  return shown.mul(1 - alpha).add(colourMap(colours)(heat).mul(alpha));
}
