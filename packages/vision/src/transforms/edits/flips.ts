import { flip } from "@dl/tensor";
import type { Canvas } from "../geometry/canvas.js";
import { chained, scaling, translation } from "../geometry/homography.js";
import { movedPoints } from "../geometry/points.js";
import { moved, type Edit } from "./edit.js";

/** Left and right, or top and bottom, change places. */
export function flipped(canvas: Canvas, direction: "horizontal" | "vertical"): Edit {
  const isHorizontal = direction === "horizontal";
  const dim = isHorizontal ? 3 : 2;
  const map = isHorizontal ? chained(translation(canvas.width, 0), scaling(-1, 1)) : chained(translation(0, canvas.height), scaling(1, -1));
  return moved(canvas, { image: (images) => flip(images, [dim]), mask: (masks) => flip(masks, [dim]), points: (points) => movedPoints(points, [map]) });
}
