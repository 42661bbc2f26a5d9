import { ShapeError, ValueError, checkChoice } from "@dl/registry";
import { cat, interpolate, type Tensor } from "@dl/tensor";
import { withSize, type Canvas, type Size } from "../geometry/canvas.js";
import { chained, scaling, translation } from "../geometry/homography.js";
import { movedPoints } from "../geometry/points.js";
import type { Window } from "./crops.js";
import { moved, type Edit } from "./edit.js";

export interface ResizeRules {
  /** Default "bilinear". */
  readonly interpolation?: "nearest" | "nearestExact" | "bilinear" | "bicubic";
  /** Whether every pixel counts where the new picture is smaller; bilinear and bicubic only. Default true. */
  readonly antialias?: boolean;
}

export const resizeKeys = ["interpolation", "antialias"] as const;

const modes: readonly NonNullable<ResizeRules["interpolation"]>[] = ["nearest", "nearestExact", "bilinear", "bicubic"];

export function checkResize(where: string, { interpolation = "bilinear" }: ResizeRules): void {
  checkChoice(where, "interpolation", interpolation, modes);
}

function interpolated(x: Tensor, [height, width]: Size, { interpolation = "bilinear", antialias = true }: ResizeRules): Tensor {
  if (x.shape[2] === height && x.shape[3] === width) return x;
  const widens = antialias && (interpolation === "bilinear" || interpolation === "bicubic");
  return interpolate(x, { size: [height, width], mode: interpolation, ...(widens && { antialias }) });
}

/** The label at the centre of each new pixel, which is where the image is read, too. */
const interpolatedMask = (mask: Tensor, size: Size, { interpolation }: ResizeRules): Tensor =>
  interpolated(mask, size, { interpolation: interpolation === "nearest" ? "nearest" : "nearestExact" });

export function resizedTo(canvas: Canvas, size: Size, rules: ResizeRules): Edit {
  const map = scaling(size[1] / canvas.width, size[0] / canvas.height);
  return moved(withSize(canvas, size), {
    image: (images) => interpolated(images, size, rules),
    mask: (masks) => interpolatedMask(masks, size, rules),
    points: (points) => movedPoints(points, [map]),
  });
}

const windowOf = (x: Tensor, i: number, { top, left, height, width }: Window): Tensor =>
  x.slice(0, i, i + 1).slice(2, top, top + height).slice(3, left, left + width);

/** Of each picture a window of its own, all resized to one size. */
export function resizedWindows(canvas: Canvas, windows: readonly Window[], size: Size, rules: ResizeRules): Edit {
  const each = (x: Tensor, change: (part: Tensor) => Tensor): Tensor => cat(windows.map((window, i) => change(windowOf(x, i, window))), 0);
  const maps = windows.map(({ top, left, height, width }) => chained(scaling(size[1] / width, size[0] / height), translation(-left, -top)));
  return moved(withSize(canvas, size), {
    image: (images) => each(images, (part) => interpolated(part, size, rules)),
    mask: (masks) => each(masks, (part) => interpolatedMask(part, size, rules)),
    points: (points) => movedPoints(points, maps),
  });
}

/**
 * The size of a resized picture: [height, width] as it stands; a number is that of the shorter side, the longer one in proportion and cut to a
 * whole number, and at most `maxSize`, to which the shorter side gives way.
 * @throws ValueError for sizes that are no whole numbers of at least 1, or a maxSize that is not above a single size
 */
export function newSize(where: string, { height, width }: Canvas, size: number | readonly number[], maxSize?: number): Size {
  if (typeof size !== "number") {
    if (maxSize !== undefined) throw new ValueError(where, "maxSize is given beside [height, width]", "Leave it out, or give a single size", { size, maxSize });
    return [size[0], size[1]];
  }
  if (maxSize !== undefined && maxSize <= size) {
    throw new ValueError(where, `maxSize is ${maxSize}, the size ${size}`, "Give a larger maxSize", { size, maxSize });
  }
  const [short, long] = [Math.min(height, width), Math.max(height, width)];
  const other = Math.trunc((size * long) / short);
  const [newShort, newLong] = maxSize !== undefined && other > maxSize ? [Math.trunc((maxSize * size) / other), maxSize] : [size, other];
  if (newShort < 1) {
    throw new ShapeError(where, `of ${height} × ${width} pixels nothing is left at maxSize ${String(maxSize)}`, "Use a larger one", { maxSize });
  }
  return height <= width ? [newShort, newLong] : [newLong, newShort];
}
