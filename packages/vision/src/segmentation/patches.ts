import { ShapeError, ValueError, checkChoice, checkOptions, checkWhole } from "@dl/registry";
import { pad as padded, showShape, unfold, type PadMode, type Tensor } from "@dl/tensor";
import { asBatch } from "../filters/filter2d.js";
import { checkImage } from "../image/check-image.js";

/** What stands beyond the edge in patches around pixels near it; "none" leaves those pixels out. */
export type PatchPadding = "reflect" | "replicate" | "zeros" | "none";

export const patchPaddings: readonly PatchPadding[] = ["reflect", "replicate", "zeros", "none"];

const padModes: Readonly<Record<Exclude<PatchPadding, "none">, PadMode>> = { reflect: "reflect", replicate: "replicate", zeros: "constant" };

export interface PatchOptions {
  /** Pixels from the centre of a patch to that of the next. Default 1: a patch for every pixel. */
  readonly stride?: number;
  /** Default "reflect". */
  readonly pad?: PatchPadding;
  /** Class of every pixel, [H, W] or [N, H, W] as the image; the patches are labelled with that of their centres. */
  readonly mask?: Tensor;
}

export interface Patches {
  /** [P, C, k, k]: image by image, and in each row by row. */
  readonly patches: Tensor;
  /** Class of each centre, [P]; `null` without a mask. */
  readonly labels: Tensor | null;
  /** Rows of the image in which centres lie, and columns. */
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}

/** @throws ValueError unless there is a pixel in the middle */
export function checkPatchSize(where: string, size: number): void {
  checkWhole(where, "the size of a patch", size, 1);
  if (size % 2 === 1) return;
  throw new ValueError(where, `patches of ${size} × ${size} pixels have none in the middle`, `Use an odd size, such as ${size + 1}`, { size });
}

/** A view of all patches, [N, rows, columns, C, k, k]. */
export function patchesAround(where: string, images: Tensor, size: number, stride: number, pad: PatchPadding): Tensor {
  const margin = (size - 1) / 2;
  const [height, width] = images.shape.slice(2);
  const mostBeyond = pad === "reflect" ? Math.min(height, width) - 1 : Infinity;
  if (margin > mostBeyond || (pad === "none" && size > Math.min(height, width))) {
    const fact = `patches of ${size} × ${size} do not fit an image of ${height} × ${width} with pad "${pad}"`;
    throw new ShapeError(where, fact, 'Use smaller ones, or pad "replicate" or "zeros"', { size, shape: images.shape });
  }
  const whole = pad === "none" ? images : padded(images, [margin, margin, margin, margin], { mode: padModes[pad] });
  return unfold(unfold(whole, 2, size, stride), 3, size, stride).permute([0, 2, 3, 1, 4, 5]);
}

function labelsOf(mask: Tensor, images: Tensor, first: number, stride: number): Tensor {
  const [count, , height, width] = images.shape;
  const masks = mask.ndim === 2 ? mask.unsqueeze(0) : mask;
  if (showShape(masks.shape) !== showShape([count, height, width])) {
    const fact = `the mask has shape ${showShape(mask.shape)}, the image ${showShape(images.shape)}`;
    throw new ShapeError("extractPatches", fact, "Give a class for every pixel", { shapes: [mask.shape, images.shape] });
  }
  return masks.slice(1, first, height - first, stride).slice(2, first, width - first, stride).flatten();
}

/**
 * The square patches of an image around its pixels, each with the class of the pixel in its middle: what patch-wise segmentation learns from.
 * Shapes: image [C, H, W] or [N, C, H, W] → patches [P, C, size, size], labels [P]; with stride 1 and padding P = N·H·W.
 * @throws ValueError for an even size; ShapeError when patches or mask do not fit the image; DTypeError
 */
export function extractPatches(image: Tensor, size: number, options: PatchOptions & { readonly mask: Tensor }): Patches & { readonly labels: Tensor };
export function extractPatches(image: Tensor, size: number, options?: PatchOptions): Patches;
export function extractPatches(image: Tensor, size: number, options: PatchOptions = {}): Patches {
  const where = "extractPatches";
  checkOptions(where, options, ["stride", "pad", "mask"]);
  const { stride = 1, pad = "reflect", mask } = options;
  checkImage(where, image);
  checkPatchSize(where, size);
  checkWhole(where, "stride", stride, 1);
  checkChoice(where, "pad", pad, patchPaddings);
  const images = asBatch(where, image);
  const windows = patchesAround(where, images, size, stride, pad);
  const first = pad === "none" ? (size - 1) / 2 : 0;
  const centres = (count: number): number[] => Array.from({ length: count }, (_, i) => first + i * stride);
  return {
    patches: windows.reshape([-1, images.shape[1], size, size]),
    labels: mask === undefined ? null : labelsOf(mask, images, first, stride),
    rows: centres(windows.shape[1]),
    columns: centres(windows.shape[2]),
  };
}
