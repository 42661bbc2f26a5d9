import { checkNumber, checkPositive } from "@dl/registry";
import { chained, translation, type Homography, type Point } from "./homography.js";

export interface AffineParts {
  /** Degrees, clockwise as one sees the picture. Default 0. */
  readonly angle?: number;
  /** Pixels to the right and down. Default [0, 0]. */
  readonly translate?: Point;
  /** How many times as large. Default 1. */
  readonly scale?: number;
  /** Degrees along x, or along x and along y. Default 0. */
  readonly shear?: number | Point;
  /** What stays in place when turned, sheared and scaled: [x, y] from the upper left corner. Default the middle. */
  readonly center?: Point;
}

/** Exact at quarter turns, where π is not. */
function cosine(degrees: number): number {
  const turned = ((degrees % 360) + 360) % 360;
  if (turned % 90 === 0) return [1, 0, -1, 0][turned / 90];
  return Math.cos((degrees * Math.PI) / 180);
}

const sine = (degrees: number): number => cosine(degrees - 90);

/** @throws ValueError for numbers that are not finite, or a scale that is not above 0 */
export function checkParts(where: string, { angle = 0, translate = [0, 0], scale = 1, shear = 0, center = [0, 0] }: AffineParts): void {
  checkNumber(where, "angle", angle);
  checkPositive(where, "scale", scale);
  const lists = { translate, center, shear: typeof shear === "number" ? [shear] : shear };
  for (const [name, list] of Object.entries(lists)) list.forEach((value) => { checkNumber(where, name, value); });
}

/** Where the points of a picture go: shear along y, then along x, rotation, scale, and at last translation, as in torchvision. */
export function affineMap({ height, width }: { readonly height: number; readonly width: number }, parts: AffineParts): Homography {
  const { angle = 0, translate = [0, 0], scale = 1, shear = 0, center = [width / 2, height / 2] } = parts;
  const [shearX, shearY] = typeof shear === "number" ? [shear, 0] : shear;
  const [cosY, slope] = [cosine(shearY), sine(shearX) / cosine(shearX)];
  const [cos, sin] = [cosine(angle - shearY) / cosY, sine(angle - shearY) / cosY];
  const turned = [cos, -cos * slope - sine(angle), 0, sin, -sin * slope + cosine(angle), 0, 0, 0, 1];
  const scaled = turned.map((entry, i) => (i < 6 ? entry * scale : entry));
  return chained(translation(center[0] + translate[0], center[1] + translate[1]), scaled, translation(-center[0], -center[1]));
}
