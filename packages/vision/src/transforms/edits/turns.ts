import { rot90, type Tensor } from "@dl/tensor";
import { affineMap } from "../geometry/affine-map.js";
import { withSize, type Canvas, type Size } from "../geometry/canvas.js";
import { chained, inverted, translation, type Homography, type Point } from "../geometry/homography.js";
import { movedPoints } from "../geometry/points.js";
import type { Sampling } from "../geometry/sampling.js";
import { moved, unchanged, warped, type Edit } from "./edit.js";
import { paddedBatch, type Margins } from "./padding.js";

export interface TurnOptions extends Sampling {
  /** Whether the new picture is as large as it takes to show all of the old one. Default false: its size stays. */
  readonly expand?: boolean;
  /** What stays in place, [x, y] from the upper left corner. Default the middle. */
  readonly center?: Point;
  /** What masks hold beyond the picture. Default 0. */
  readonly maskFill?: number;
}

/** Counter-clockwise, by degrees. */
const turn = (canvas: Canvas, angle: number, center: Point | undefined): Homography => affineMap(canvas, { angle: -angle, ...(center && { center }) });

/** Cut to multiples of 10⁻⁴ first, as in torchvision: a corner at 20.0000001 needs no pixel more. */
const cut = (position: number): number => Math.trunc(position / 1e-4) * 1e-4;

/** How large a picture is that shows all of the old one. */
function expandedSize({ height, width }: Canvas, map: Homography): Size {
  const corners = [[0, 0], [width, 0], [0, height], [width, height]];
  const spanOf = (row: number): number => {
    const ends = corners.map(([x, y]) => map[row] * x + map[row + 1] * y + map[row + 2]);
    return Math.ceil(cut(Math.max(...ends))) - Math.floor(cut(Math.min(...ends)));
  };
  return [spanOf(3), spanOf(0)];
}

/** Whole quarter turns, which copy pixels and mix none. The sizes of the two sides have to differ by an even number where they change places. */
function quarterTurned(where: string, canvas: Canvas, turns: number, { expand = false, maskFill = 0, fill }: TurnOptions): Edit {
  const size: Size = turns % 2 === 1 && expand ? [canvas.width, canvas.height] : [canvas.height, canvas.width];
  const changesPlaces = turns % 2 === 1 && !expand;
  const [x, y] = changesPlaces ? [(canvas.width - canvas.height) / 2, (canvas.height - canvas.width) / 2] : [0, 0];
  const margins: Margins = [x, y, x, y];
  const turned = (batch: Tensor, colour: number | readonly number[]): Tensor =>
    paddedBatch(where, rot90(batch, { k: turns, dims: [2, 3] }), margins, { fill: colour });
  const map = chained(translation((size[1] - canvas.width) / 2, (size[0] - canvas.height) / 2), turn(canvas, 90 * turns, undefined));
  return moved(withSize(canvas, size), {
    image: (images) => turned(images, fill ?? 0),
    mask: (masks) => turned(masks, maskFill).to(masks.dtype),
    points: (points) => movedPoints(points, [map]),
  });
}

/** Turns all pictures counter-clockwise by one angle. Quarter turns about the middle are exact. */
export function turnedBy(where: string, canvas: Canvas, angle: number, options: TurnOptions): Edit {
  const { expand = false, center, ...warp } = options;
  const turns = ((angle / 90) % 4 + 4) % 4;
  if (turns === 0) return unchanged(canvas);
  if (Number.isInteger(turns) && center === undefined && (turns === 2 || expand || (canvas.height - canvas.width) % 2 === 0)) {
    return quarterTurned(where, canvas, turns, options);
  }
  const map = turn(canvas, angle, center);
  if (!expand) return warped(where, canvas, [map], warp);
  const size = expandedSize(canvas, inverted(where, map));
  const inMiddle = chained(translation((size[1] - canvas.width) / 2, (size[0] - canvas.height) / 2), map);
  return warped(where, canvas, [inMiddle], { ...warp, size });
}

/** Turns each picture by an angle of its own. */
export const turnedEach = (where: string, canvas: Canvas, angles: readonly number[], { center, ...warp }: Omit<TurnOptions, "expand">): Edit =>
  warped(where, canvas, angles.map((angle) => turn(canvas, angle, center)), warp);
