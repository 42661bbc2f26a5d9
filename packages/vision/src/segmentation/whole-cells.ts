import { DTypeError, ShapeError } from "@dl/registry";
import { isFloat, pad, showShape, type Tensor } from "@dl/tensor";
import { checkImage } from "../image/check-image.js";
import type { SpatialDims } from "./dims.js";

export interface Halving {
  readonly dims: SpatialDims;
  readonly inChannels: number;
  /** How often every size is halved. */
  readonly depth: number;
}

function checkInput(where: string, x: Tensor, { dims, inChannels }: Halving): void {
  if (dims === 2) {
    checkImage(where, x, { channels: [inChannels] });
    return;
  }
  if ((x.ndim !== 4 && x.ndim !== 5) || x.shape.at(-4) !== inChannels) {
    const fix = `Give [N, ${inChannels}, D, H, W] or [${inChannels}, D, H, W]`;
    throw new ShapeError(where, `the volume has shape ${showShape(x.shape)}`, fix, { shape: x.shape });
  }
  if (!isFloat(x.dtype)) throw new DTypeError(where, `the volume is ${x.dtype}`, 'Convert it to floats: volume.to("float32")', { dtype: x.dtype });
}

/** What to add on both sides of each spatial dim; the odd one stands behind. */
function marginsOf(where: string, sizes: readonly number[], depth: number): (readonly [before: number, after: number])[] {
  const cell = 2 ** depth;
  const least = Math.min(...sizes);
  if (least < cell) {
    const fits = Math.floor(Math.log2(Math.max(1, least)));
    const fix = fits > 0 ? `Use a depth of at most ${fits}, or enlarge the images` : "Enlarge the images";
    const fact = `the size is ${sizes.join(" × ")}, and depth ${depth} needs at least ${cell} pixels each way`;
    throw new ShapeError(where, fact, fix, { sizes, depth, fits });
  }
  return sizes.map((size) => {
    const missing = (cell - (size % cell)) % cell;
    return [Math.floor(missing / 2), Math.ceil(missing / 2)];
  });
}

/**
 * Runs `body` on the images mirrored beyond their edges, as evenly as possible, up to multiples of 2^depth, and cuts what comes out back to
 * the size that went in. Images without a dim of samples get one, and lose it again.
 * @throws ShapeError, DTypeError for what are no images of so many channels, or for some too small for the depth
 */
export function onWholeCells(where: string, x: Tensor, halving: Halving, body: (whole: Tensor) => Tensor): Tensor {
  const { dims, depth } = halving;
  checkInput(where, x, halving);
  const sizes = x.shape.slice(-dims);
  const margins = marginsOf(where, sizes, depth);
  const isSingle = x.ndim === dims + 1;
  const batch = isSingle ? x.unsqueeze(0) : x;
  const whole = pad(batch, margins.toReversed().flat(), { mode: "reflect" });
  const out = margins.reduce((y, [before, after], d) => (before + after === 0 ? y : y.slice(d + 2, before, before + sizes[d])), body(whole));
  return isSingle ? out.squeeze(0) : out;
}
