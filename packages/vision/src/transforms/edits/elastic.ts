import { DTypeError, ShapeError } from "@dl/registry";
import { gridSample, isFloat, showShape, tensor, type Tensor } from "@dl/tensor";
import type { Canvas } from "../geometry/canvas.js";
import { forAll, gridsOf } from "../geometry/grids.js";
import { identity } from "../geometry/homography.js";
import { sampled, sampledMask, type Sampling } from "../geometry/sampling.js";
import { moved, type Edit } from "./edit.js";

/** Steps towards the point that is read from where it should be; fields that do not fold the picture halve the distance at least. */
const steps = 30;

/** Where points go: q with q + d(q) = p, by q ← p − d(q). Shapes: points [N, K, 2], displacement [N, H, W, 2] → [N, K, 2]. */
function displacedPoints(points: Tensor, displacement: Tensor, { height, width }: Canvas): Tensor {
  if (points.size === 0) return points;
  const { dtype, backend } = points;
  const half = tensor([width / 2, height / 2], { dtype, backend });
  const target = points.div(half).sub(1);
  const field = displacement.to(dtype).to(backend).permute([0, 3, 1, 2]);
  let place = target;
  for (let i = 0; i < steps; i++) {
    const shift = gridSample(field, place.unsqueeze(1), { paddingMode: "border" }).squeeze(2).transpose(1, 2);
    place = target.sub(shift);
  }
  return place.add(1).mul(half);
}

/** @throws ShapeError unless the displacement is [H, W, 2] or [N, H, W, 2] of the picture's size; DTypeError unless it holds floats */
function checkDisplacement(where: string, { shape, dtype }: Tensor, { count, height, width }: Canvas): void {
  const [images, ...rest] = shape.length === 3 ? [1, ...shape] : shape;
  if (shape.length < 3 || !(images === 1 || images === count) || showShape(rest) !== showShape([height, width, 2])) {
    const fact = `the displacement has shape ${showShape(shape)} for ${height} × ${width} pixels`;
    throw new ShapeError(where, fact, `Give [${height}, ${width}, 2], or one for each image`, { shape });
  }
  if (!isFloat(dtype)) throw new DTypeError(where, `the displacement is ${dtype}`, 'Convert it: displacement.to("float32")', { dtype });
}

/**
 * Every pixel is read elsewhere. Shapes: displacement [H, W, 2] or [N, H, W, 2], x and y in halves of the picture's width and height.
 */
export function displaced(where: string, canvas: Canvas, displacement: Tensor, { maskFill = 0, ...sampling }: Sampling & { readonly maskFill?: number }): Edit {
  checkDisplacement(where, displacement, canvas);
  const fields = forAll(displacement.ndim === 3 ? displacement.unsqueeze(0) : displacement, canvas.count);
  const grids = (like: Tensor): Tensor => gridsOf(like, [identity], [canvas.height, canvas.width]).add(fields.to(like.dtype).to(like.backend));
  return moved(canvas, {
    image: (images) => sampled(where, images, grids(images), sampling),
    mask: (masks) => sampledMask(where, masks, grids(masks.to("float32")), maskFill),
    points: (points) => displacedPoints(points, fields, canvas),
  });
}
