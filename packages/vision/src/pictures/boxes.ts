import { ShapeError, ValueError, checkOptions, checkWhole } from "@dl/registry";
import { tensor, type Tensor } from "@dl/tensor";
import { toRgb } from "./channels.js";
import { palette, type Colour } from "./colours.js";
import { checkOne } from "./host.js";

/** From the left and upper edge to the right and lower one, in pixels: the whole image is [0, 0, W, H]. */
export type Box = readonly [x1: number, y1: number, x2: number, y2: number];

export interface DrawBoxesOptions {
  /** Of the first box, and so on; they begin again when they run out. Default: eight that are told apart with any kind of colour vision. */
  readonly colours?: readonly Colour[];
  /** Pixels of the line, inside of the box. Default 1. */
  readonly width?: number;
}

function checkBox(where: string, box: readonly number[], number: number): void {
  if (box.length !== 4 || !box.every(Number.isFinite)) {
    throw new ShapeError(
      where,
      `box ${number} is [${box.join(", ")}]`,
      "Give [x1, y1, x2, y2] in pixels",
      { box },
    );
  }
  const [x1, y1, x2, y2] = box;
  if (x1 > x2 || y1 > y2) throw new ValueError(where, `box ${number} is [${box.join(", ")}]`, "Give the left and upper edge first", { box });
}

/** Paints the border of one box into [3, H, W]; what lies outside of the picture is left out. */
function outline(data: Float64Array, [height, width]: readonly number[], [x1, y1, x2, y2]: Box, colour: Colour, line: number): void {
  const [left, top, right, bottom] = [Math.floor(x1), Math.floor(y1), Math.ceil(x2) - 1, Math.ceil(y2) - 1];
  for (let y = Math.max(0, top); y <= Math.min(height - 1, bottom); y++) {
    for (let x = Math.max(0, left); x <= Math.min(width - 1, right); x++) {
      if (Math.min(x - left, right - x, y - top, bottom - y) >= line) continue;
      for (let c = 0; c < 3; c++) data[(c * height + y) * width + x] = colour[c];
    }
  }
}

/**
 * A picture with the outlines of boxes. A box covers the pixels that it touches, and its line lies inside; later boxes lie on earlier ones.
 * Shapes: image [C, H, W] → [3, H, W].
 * @param boxes in pixels
 * @throws ShapeError, DTypeError for what is no image or no box; ValueError for boxes with swapped edges or bad options
 */
export function drawBoxes(image: Tensor, boxes: readonly Box[], options: DrawBoxesOptions = {}): Tensor {
  const where = "drawBoxes";
  checkOptions(where, options, ["colours", "width"]);
  const { colours, width = 1 } = options;
  checkWhole(where, "width", width, 1);
  checkOne(where, image);
  boxes.forEach((box, i) => { checkBox(where, box, i); });
  const shown = toRgb(image);
  const { shape, dtype, backend } = shown;
  const data = Float64Array.from(shown.dataSync());
  const chosen = palette(where, boxes.length, colours);
  boxes.forEach((box, i) => { outline(data, shape.slice(1), box, chosen[i], width); });
  return tensor(data, { shape, dtype, backend });
}
