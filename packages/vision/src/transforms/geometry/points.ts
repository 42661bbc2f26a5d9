// Points and boxes that move with a picture. Both count in pixels from the upper left corner: the picture covers [0, W] × [0, H].
import { cat, indexSelect, maximum, minimum, onesLike, tensor, type Tensor } from "@dl/tensor";
import type { Canvas } from "./canvas.js";
import type { Homography } from "./homography.js";

/** Shapes: points [N, K, 2] and one map for each image, or one for all → [N, K, 2]. */
export function movedPoints(points: Tensor, maps: readonly Homography[]): Tensor {
  if (points.size === 0) return points;
  const { dtype, backend } = points;
  const matrices = tensor(maps.flat(), { dtype, backend }).reshape([maps.length, 3, 3]);
  const moved = cat([points, onesLike(points.slice(2, 0, 1))], 2).matmul(matrices.transpose());
  return moved.slice(2, 0, 2).div(moved.slice(2, 2));
}

/** The corners of boxes. Shapes: [N, K, 4] → [N, 4·K, 2]. */
export function cornersOf(boxes: Tensor): Tensor {
  const [count, boxCount] = boxes.shape;
  const order = tensor([0, 1, 2, 1, 2, 3, 0, 3], { dtype: "int32", backend: boxes.backend });
  return indexSelect(boxes, 2, order).reshape([count, 4 * boxCount, 2]);
}

/** The smallest boxes around four points each, cut at the edges of the picture. Shapes: [N, 4·K, 2] → [N, K, 4]. */
export function boxesAround(corners: Tensor, { height, width }: Canvas): Tensor {
  const [count, cornerCount] = corners.shape;
  if (cornerCount === 0) return corners.reshape([count, 0, 4]);
  const { dtype, backend } = corners;
  const fours = corners.reshape([count, cornerCount / 4, 4, 2]);
  const limit = tensor([width, height, width, height], { dtype, backend });
  return minimum(maximum(cat([fours.min(2), fours.max(2)], -1), 0), limit);
}
