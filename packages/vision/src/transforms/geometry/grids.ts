import { affineGrid, elementwise, stack, tensor, type Tensor } from "@dl/tensor";
import type { Size } from "./canvas.js";
import { chained, isAffine, scaling, translation, type Homography } from "./homography.js";

const projected = /* @__PURE__ */ elementwise("projected", (x, w) => x.div(w));

/** From [0, W] × [0, H] to the square from −1 to 1 that grids are on. */
const toGrid = ([height, width]: Size): Homography => chained(translation(-1, -1), scaling(2 / width, 2 / height));
const fromGrid = ([height, width]: Size): Homography => chained(scaling(width / 2, height / 2), translation(1, 1));

/** Rows of a matrix with three columns, with a column of 0 for the third coordinate of volumes. */
const flattened = (row: readonly number[]): number[] => [row[0], row[1], 0, row[2]];

/**
 * Where the pixels of new pictures come from: one grid for each map back, from the new picture to the old one.
 * Shapes: M maps → [M, H′, W′, 2], for `gridSample`.
 */
export function gridsOf(batch: Tensor, mapsBack: readonly Homography[], size: Size): Tensor {
  const { dtype, backend, shape: [, , height, width] } = batch;
  const own = mapsBack.map((map) => chained(toGrid([height, width]), map, fromGrid(size)));
  const count = own.length;
  if (mapsBack.every(isAffine)) {
    return affineGrid(tensor(own.flatMap((map) => map.slice(0, 6)), { dtype, backend }).reshape([count, 2, 3]), [count, 1, ...size]);
  }
  // A grid of three coordinates for volumes that are one pixel deep is (x′·w, y′·w, w) of every pixel.
  const rows = own.flatMap((map) => [0, 3, 6].flatMap((row) => flattened(map.slice(row, row + 3))));
  const homogeneous = affineGrid(tensor(rows, { dtype, backend }).reshape([count, 3, 4]), [count, 1, 1, ...size]).squeeze(1);
  const w = homogeneous.select(-1, 2);
  return stack([projected(homogeneous.select(-1, 0), w), projected(homogeneous.select(-1, 1), w)], -1);
}

/** One grid for every image, where there is one for all. */
export const forAll = (grids: Tensor, count: number): Tensor => (grids.shape[0] === count ? grids : grids.expand([count, ...grids.shape.slice(1)]));
