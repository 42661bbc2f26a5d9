import { ShapeError, checkChoice, checkNumber, checkOptions, checkWhole } from "@dl/registry";
import { cat, full, interpolate, isTensor, pad, showShape, stack, type Tensor } from "@dl/tensor";
import { asBatch, likeImage } from "../filters/filter2d.js";
import { checkImage } from "../image/check-image.js";
import { stretched } from "./stretch.js";

export interface GridOptions {
  /** Images in a row. Default 8, or all if they are fewer. */
  readonly columns?: number;
  /** Pixels between images, and around them. Default 2. */
  readonly padding?: number;
  /** Stretch values to 0..1: of "all" images together, or of "each" by itself. Default "none". */
  readonly normalize?: "none" | "all" | "each";
  /** What stands between them. Default 0. */
  readonly value?: number;
}

function batchOf(where: string, images: Tensor | readonly Tensor[]): Tensor {
  if (isTensor(images) ? images.ndim !== 4 || images.shape[0] === 0 : images.length === 0) {
    throw new ShapeError(
      where,
      isTensor(images) ? `the images have shape ${showShape(images.shape)}` : "there are no images",
      "Give a batch [N, C, H, W] or a list of [C, H, W]",
    );
  }
  const batch = isTensor(images) ? images : stack(images);
  checkImage(where, batch);
  return batch;
}

/** Columns and rows filled from the left: [N, C, h, w] → [C, rows·h, columns·w]; empty places have `value`. */
function laidOut(tiles: Tensor, columns: number, value: number): Tensor {
  const [count, channels, height, width] = tiles.shape;
  const rows = Math.ceil(count / columns);
  const { dtype, backend } = tiles;
  const missing = full([rows * columns - count, channels, height, width], value, { dtype, backend });
  const all = cat([tiles, missing]).reshape([rows, columns, channels, height, width]);
  return all.permute([2, 0, 3, 1, 4]).reshape([channels, rows * height, columns * width]);
}

/**
 * Many small pictures as one, row by row; as torchvision's make_grid.
 *
 *     encodePng(fromImage(makeGrid(upscale(batch.x, 4), { columns: 5 })));
 *
 * Shapes: [N, C, H, W] or N of [C, H, W] → [C, rows·(H + padding) + padding, columns·(W + padding) + padding].
 * @throws ShapeError, DTypeError for what is no image, images of different shapes, or none; ValueError for bad options
 */
export function makeGrid(images: Tensor | readonly Tensor[], options: GridOptions = {}): Tensor {
  const where = "makeGrid";
  checkOptions(where, options, ["columns", "padding", "normalize", "value"]);
  const { columns = 8, padding = 2, normalize = "none", value = 0 } = options;
  checkWhole(where, "columns", columns, 1);
  checkWhole(where, "padding", padding);
  checkNumber(where, "value", value);
  checkChoice(where, "normalize", normalize, ["none", "all", "each"]);
  const given = batchOf(where, images);
  const batch = normalize === "none" ? given : stretched(given, normalize === "all" ? [0, 1, 2, 3] : [1, 2, 3]);
  const tiles = pad(batch, [0, padding, 0, padding], { value });
  return pad(laidOut(tiles, Math.min(columns, batch.shape[0]), value), [padding, 0, padding, 0], { value });
}

/**
 * A picture whose pixels are squares of factor × factor, to look at small ones. Shapes: [C, H, W] or [N, C, H, W] → the same with H·factor, W·factor.
 * @throws ShapeError, DTypeError for what is no image; ValueError unless factor is a whole number of at least 1
 */
export function upscale(image: Tensor, factor: number): Tensor {
  checkWhole("upscale", "factor", factor, 1);
  checkImage("upscale", image);
  return likeImage(interpolate(asBatch("upscale", image), { scaleFactor: factor }), image);
}
