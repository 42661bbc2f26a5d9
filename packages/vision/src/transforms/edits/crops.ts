import { ShapeError, ValueError, checkWhole } from "@dl/registry";
import { takeAlongDim, tensor, type Tensor } from "@dl/tensor";
import { withSize, type Canvas, type Size } from "../geometry/canvas.js";
import { translation } from "../geometry/homography.js";
import { movedPoints } from "../geometry/points.js";
import { moved, type Edit } from "./edit.js";
import { padded } from "./padding.js";

/** A rectangle of a picture: its upper left pixel, and how many pixels it has. */
export interface Window {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** @throws ValueError unless top and left are whole numbers, and height and width at least 1 */
function checkWindow(where: string, { top, left, height, width }: Window): void {
  for (const [name, start] of Object.entries({ top, left })) {
    if (!Number.isSafeInteger(start)) throw new ValueError(where, `${name} is ${start}`, "Give a whole number", { [name]: start });
  }
  checkWhole(where, "height", height, 1);
  checkWhole(where, "width", width, 1);
}

/** @throws ShapeError for a window that reaches beyond the picture; ValueError for numbers that are not whole, or sizes below 1 */
export function checkInside(where: string, window: Window, canvas: Canvas): void {
  checkWindow(where, window);
  const { top, left, height, width } = window;
  if (top >= 0 && left >= 0 && top + height <= canvas.height && left + width <= canvas.width) return;
  const fact = `the window of ${height} × ${width} at [${top}, ${left}] leaves the picture of ${canvas.height} × ${canvas.width}`;
  throw new ShapeError(where, fact, "Give a window within the picture", { window });
}

/** The same window of all pictures; what lies outside of them is 0. @throws ShapeError for a window that shows nothing of them */
export function cropped(where: string, canvas: Canvas, window: Window): Edit {
  checkWindow(where, window);
  const { top, left, height, width } = window;
  if (top >= canvas.height || left >= canvas.width || top + height <= 0 || left + width <= 0) {
    const fact = `rows ${top} to ${top + height - 1} and columns ${left} to ${left + width - 1} lie outside of ${canvas.height} × ${canvas.width} pixels`;
    throw new ShapeError(where, fact, "Crop where the picture is", { window, canvas });
  }
  return padded(where, canvas, [-left, -top, left + width - canvas.width, top + height - canvas.height], {});
}

/** `size` elements along a dim, from a start of each image's own. */
function takenFrom(x: Tensor, dim: number, starts: readonly number[], size: number): Tensor {
  const places = Int32Array.from({ length: starts.length * size }, (_, i) => starts[Math.floor(i / size)] + (i % size));
  const shape = [starts.length, 1, 1, 1].with(dim, size);
  return takeAlongDim(x, tensor(places, { shape, backend: x.backend }), dim);
}

/** Of each picture a window of its own, all of one size and within the pictures. */
export function croppedEach(canvas: Canvas, corners: readonly Pick<Window, "top" | "left">[], size: Size): Edit {
  const [height, width] = size;
  const cut = (x: Tensor): Tensor => takenFrom(takenFrom(x, 2, corners.map(({ top }) => top), height), 3, corners.map(({ left }) => left), width);
  return moved(withSize(canvas, size), {
    image: cut,
    mask: cut,
    points: (points) => movedPoints(points, corners.map(({ top, left }) => translation(-left, -top))),
  });
}

/** Half of a whole number, as Python rounds: halves to the even one. */
const halved = (n: number): number => (n % 4 === 3 ? (n + 1) / 2 : Math.floor(n / 2));

/** The window in the middle; it may be larger than the picture. */
export function centralWindow({ height, width }: Canvas, [newHeight, newWidth]: Size): Window {
  const startOf = (length: number, wanted: number): number => (wanted > length ? -Math.floor((wanted - length) / 2) : halved(length - wanted));
  return { top: startOf(height, newHeight), left: startOf(width, newWidth), height: newHeight, width: newWidth };
}
