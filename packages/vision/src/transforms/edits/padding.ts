import { ShapeError, ValueError, checkChoice } from "@dl/registry";
import { indexSelect, onesLike, pad, showShape, tensor, where as choose, type PadMode, type Tensor } from "@dl/tensor";
import { withSize, type Canvas } from "../geometry/canvas.js";
import { translation } from "../geometry/homography.js";
import { movedPoints } from "../geometry/points.js";
import { perChannel } from "../geometry/sampling.js";
import { moved, type Edit } from "./edit.js";

/** What stands beyond the edge: a colour, the edge's pixels, or the picture mirrored without ("reflect") or with its edge ("symmetric"). */
export type ImagePadding = "constant" | "edge" | "reflect" | "symmetric";

/** Pixels on each side. */
export type Margins = readonly [left: number, top: number, right: number, bottom: number];

export interface PaddingOptions {
  /** Default "constant". */
  readonly paddingMode?: ImagePadding;
  /** The colour, one number or one per channel. Default 0. */
  readonly fill?: number | readonly number[];
}

const modes: readonly ImagePadding[] = ["constant", "edge", "reflect", "symmetric"];

/**
 * One number for all sides, [left and right, top and bottom], or [left, top, right, bottom].
 * @throws ValueError for another form, or a mode that does not exist
 */
export function marginsOf(where: string, padding: number | readonly number[], { paddingMode = "constant" }: PaddingOptions): Margins {
  checkChoice(where, "paddingMode", paddingMode, modes);
  const list = typeof padding === "number" ? [padding, padding] : padding;
  const [left, top, right, bottom] = list.length === 2 ? [...list, ...list] : list;
  if ((list.length === 2 || list.length === 4) && list.every(Number.isSafeInteger)) return [left, top, right, bottom];
  const fix = "Give a whole number, [left and right, top and bottom], or [left, top, right, bottom]";
  throw new ValueError(where, `padding is ${showShape(list)}`, fix, { padding });
}

/** Mirrors a dim with its edges. */
function mirrored(where: string, x: Tensor, dim: number, before: number, after: number): Tensor {
  const length = x.shape[dim];
  if (Math.max(before, after) > length || Math.min(before, after) < 0) {
    throw new ShapeError(where, `symmetric padding of ${before} and ${after} does not fit ${length} pixels`, `Use 0 to ${length}`, { shape: x.shape });
  }
  const places = Int32Array.from({ length: before + length + after }, (_, i) => {
    const at = i - before;
    return at < 0 ? -1 - at : at < length ? at : 2 * length - 1 - at;
  });
  return indexSelect(x, dim, tensor(places, { backend: x.backend }));
}

const padModes: Readonly<Record<Exclude<ImagePadding, "symmetric">, PadMode>> = { constant: "constant", edge: "replicate", reflect: "reflect" };

/** Shapes: [N, C, H, W] → [N, C, top + H + bottom, left + W + right]; negative margins of mode "constant" cut off. */
export function paddedBatch(where: string, batch: Tensor, [left, top, right, bottom]: Margins, { paddingMode = "constant", fill = 0 }: PaddingOptions): Tensor {
  if (paddingMode === "symmetric") return mirrored(where, mirrored(where, batch, 2, top, bottom), 3, left, right);
  const sides = [left, right, top, bottom];
  const wide = pad(batch, sides, { mode: padModes[paddingMode] });
  if (paddingMode !== "constant" || fill === 0 || sides.every((side) => side <= 0)) return wide;
  const inside = pad(onesLike(batch.slice(0, 0, 1).slice(1, 0, 1)), sides).gt(0);
  return choose(inside, wide, perChannel(where, "fill", fill, batch));
}

export function padded(where: string, canvas: Canvas, margins: Margins, options: PaddingOptions & { readonly maskFill?: number }): Edit {
  const [left, top, right, bottom] = margins;
  const { maskFill = 0, ...own } = options;
  return moved(withSize(canvas, [canvas.height + top + bottom, canvas.width + left + right]), {
    image: (images) => paddedBatch(where, images, margins, own),
    mask: (masks) => paddedBatch(where, masks, margins, { ...own, fill: maskFill }).to(masks.dtype),
    points: (points) => movedPoints(points, [translation(left, top)]),
  });
}
