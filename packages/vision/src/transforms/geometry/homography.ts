// Maps of the plane that keep lines straight, as 3 × 3 matrices on the host: parameters are drawn and combined there, a few numbers per image.
// Coordinates are those of boxes: x to the right and y down in pixels, the picture covers [0, W] × [0, H], so pixel (0, 0) has its centre at (½, ½).
import { ValueError } from "@dl/registry";

/** Row-major: (x, y, 1) goes to (x′·w, y′·w, w). */
export type Homography = readonly number[];

export type Point = readonly [x: number, y: number];

export const identity: Homography = [1, 0, 0, 0, 1, 0, 0, 0, 1];

export const translation = (x: number, y: number): Homography => [1, 0, x, 0, 1, y, 0, 0, 1];

export const scaling = (x: number, y: number): Homography => [x, 0, 0, 0, y, 0, 0, 0, 1];

function product(a: Homography, b: Homography): Homography {
  return Array.from({ length: 9 }, (_, i) => {
    const [row, column] = [3 * Math.floor(i / 3), i % 3];
    return a[row] * b[column] + a[row + 1] * b[column + 3] + a[row + 2] * b[column + 6];
  });
}

/** The last one first, as matrices multiply. */
export const chained = (...maps: readonly Homography[]): Homography => maps.reduce(product);

/** Whether no perspective is in it. */
export const isAffine = (map: Homography): boolean => map[6] === 0 && map[7] === 0 && map[8] === 1;

/** The map back. @throws ValueError when there is none */
export function inverted(where: string, m: Homography): Homography {
  const cofactors = [
    m[4] * m[8] - m[5] * m[7], m[2] * m[7] - m[1] * m[8], m[1] * m[5] - m[2] * m[4],
    m[5] * m[6] - m[3] * m[8], m[0] * m[8] - m[2] * m[6], m[2] * m[3] - m[0] * m[5],
    m[3] * m[7] - m[4] * m[6], m[1] * m[6] - m[0] * m[7], m[0] * m[4] - m[1] * m[3],
  ];
  const determinant = m[0] * cofactors[0] + m[1] * cofactors[3] + m[2] * cofactors[6];
  const back = cofactors.map((cofactor) => cofactor / determinant);
  if (back.every(Number.isFinite)) return back;
  const fix = "Give corners of which no three lie on a line, and scales above 0";
  throw new ValueError(where, `the map [${m.join(", ")}] squeezes the picture into a line`, fix, { map: m });
}

/** From the corners (0, 0), (1, 0), (1, 1), (0, 1) to four points. (Heckbert, 1989) */
function fromUnitSquare([[x0, y0], [x1, y1], [x2, y2], [x3, y3]]: readonly Point[]): Homography {
  const [dx1, dx2, dx3] = [x1 - x2, x3 - x2, x0 - x1 + x2 - x3];
  const [dy1, dy2, dy3] = [y1 - y2, y3 - y2, y0 - y1 + y2 - y3];
  const determinant = dx1 * dy2 - dx2 * dy1;
  const g = (dx3 * dy2 - dx2 * dy3) / determinant;
  const h = (dx1 * dy3 - dx3 * dy1) / determinant;
  return [x1 - x0 + g * x1, x3 - x0 + h * x3, x0, y1 - y0 + g * y1, y3 - y0 + h * y3, y0, g, h, 1];
}

/** The map that takes four points to four others. @throws ValueError when three of them lie on a line */
export function homographyBetween(where: string, from: readonly Point[], to: readonly Point[]): Homography {
  const map = chained(fromUnitSquare(to), inverted(where, fromUnitSquare(from)));
  const unit = map.map((entry) => entry / map[8]);
  inverted(where, unit);
  return unit;
}
