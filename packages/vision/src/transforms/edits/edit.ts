import type { Tensor } from "@dl/tensor";
import { withSize, type Canvas, type Size } from "../geometry/canvas.js";
import { forAll, gridsOf } from "../geometry/grids.js";
import { inverted, type Homography } from "../geometry/homography.js";
import { boxesAround, cornersOf, movedPoints } from "../geometry/points.js";
import { sampled, sampledMask, type Sampling } from "../geometry/sampling.js";

/** What a transform does to everything that belongs to a batch of pictures, its parameters drawn. */
export interface Edit {
  /** What comes out. */
  readonly canvas: Canvas;
  /** Shapes: [N, C, H, W] → [N, C′, H′, W′]. */
  readonly image: (images: Tensor) => Tensor;
  /** Shapes: [N, M, H, W] → [N, M, H′, W′]. */
  readonly mask: (masks: Tensor) => Tensor;
  /** Shapes: [N, K, 2] → the same. */
  readonly points: (points: Tensor) => Tensor;
  /** Shapes: [N, K, 4] → the same. */
  readonly boxes: (boxes: Tensor) => Tensor;
}

const same = (x: Tensor): Tensor => x;

export const unchanged = (canvas: Canvas): Edit => ({ canvas, image: same, mask: same, points: same, boxes: same });

/** Changes colours, and moves nothing. @param channels of the result */
export const recoloured = (canvas: Canvas, image: Edit["image"], channels = canvas.channels): Edit => ({ ...unchanged({ ...canvas, channels }), image });

/** Moves things; boxes become those around their moved corners. */
export const moved = (canvas: Canvas, parts: Pick<Edit, "image" | "mask" | "points">): Edit => ({
  ...parts,
  canvas,
  boxes: (boxes) => boxesAround(parts.points(cornersOf(boxes)), canvas),
});

export interface Warp extends Sampling {
  /** What masks hold beyond the picture. Default 0. */
  readonly maskFill?: number;
  /** Of the new picture. Default as before. */
  readonly size?: Size;
}

/** Moves pictures by a map each, or one map for all. */
export function warped(where: string, canvas: Canvas, maps: readonly Homography[], warp: Warp): Edit {
  const { size = [canvas.height, canvas.width], maskFill = 0, ...sampling } = warp;
  const back = maps.map((map) => inverted(where, map));
  const grids = (like: Tensor): Tensor => forAll(gridsOf(like, back, size), canvas.count);
  return moved(withSize(canvas, size), {
    image: (images) => sampled(where, images, grids(images), sampling),
    mask: (masks) => sampledMask(where, masks, grids(masks.to("float32")), maskFill),
    points: (points) => movedPoints(points, maps),
  });
}

/** One after the other. */
export const inTurn = (edits: readonly Edit[], canvas: Canvas): Edit => ({
  canvas: edits.at(-1)?.canvas ?? canvas,
  image: (images) => edits.reduce((x, edit) => edit.image(x), images),
  mask: (masks) => edits.reduce((x, edit) => edit.mask(x), masks),
  points: (points) => edits.reduce((x, edit) => edit.points(x), points),
  boxes: (boxes) => edits.reduce((x, edit) => edit.boxes(x), boxes),
});
