import { DTypeError, ShapeError, checkOptions } from "@dl/registry";
import { isFloat } from "../../dtype.js";
import { defineComposite } from "../../op/define.js";
import { example } from "../../op/example.js";
import type { Example } from "../../op/example.js";
import { likeOf } from "../../op/like.js";
import { checkShape, showShape, sizeOf } from "../../shape.js";
import type { Shape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";

export interface AffineGridOptions {
  /** −1 and 1 are the centres of the corner elements, instead of their outer edges. Default false; as given to `gridSample`. */
  readonly alignCorners?: boolean;
}

/** The centre of element i of `size`, on the scale from −1 to 1. */
function coordinate(i: number, size: number, alignCorners: boolean): number {
  if (size === 1) return 0;
  return alignCorners ? (2 * i) / (size - 1) - 1 : (2 * i + 1) / size - 1;
}

/** [x, y, 1] or [x, y, z, 1] of every element, row-major. */
function homogeneous(sizes: Shape, alignCorners: boolean): Float64Array {
  const rank = sizes.length;
  const points = new Float64Array(sizeOf(sizes) * (rank + 1));
  for (let p = 0, at = 0; at < points.length; p++, at += rank + 1) {
    let rest = p;
    for (let d = rank - 1; d >= 0; d--) {
      points[at + rank - 1 - d] = coordinate(rest % sizes[d], sizes[d], alignCorners);
      rest = Math.floor(rest / sizes[d]);
    }
    points[at + rank] = 1;
  }
  return points;
}

/**
 * The grid that makes `gridSample` apply an affine map: theta times [x, y, 1] of every element of the output, or times [x, y, z, 1].
 * Shapes: theta [N, 2, 3] and size [N, C, H, W] → [N, H, W, 2]; [N, 3, 4] and [N, C, D, H, W] → [N, D, H, W, 3]. (Jaderberg et al., 2015)
 * @throws ShapeError when theta does not fit the size; DTypeError unless it holds floats
 */
export const affineGrid = /* @__PURE__ */ defineComposite("affineGrid", (theta: Tensor, size: Shape, options: AffineGridOptions = {}): Tensor => {
  checkOptions("affineGrid", options, ["alignCorners"]);
  checkShape("affineGrid", size);
  const [n, , ...sizes] = size;
  const rank = sizes.length;
  if ((rank !== 2 && rank !== 3) || theta.ndim !== 3 || theta.shape[0] !== n || theta.shape[1] !== rank || theta.shape[2] !== rank + 1) {
    throw new ShapeError("affineGrid", `theta of shape ${showShape(theta.shape)} does not fit size ${showShape(size)}`, "Give [N, 2, 3] for [N, C, H, W], or [N, 3, 4] for [N, C, D, H, W]", {
      shapes: [theta.shape, size],
    });
  }
  if (!isFloat(theta.dtype)) throw new DTypeError("affineGrid", `theta is ${theta.dtype}`, 'Convert it: theta.to("float32")', { dtype: theta.dtype });
  const points = likeOf(theta, homogeneous(sizes, options.alignCorners ?? false), [sizeOf(sizes), rank + 1]);
  return points.matmul(theta.transpose()).reshape([n, ...sizes, rank]);
});

export const examples = (): Example[] => [
  example(affineGrid, { inputs: [[[[1, 0, 0], [0, 1, 0]]]], call: ([theta]) => affineGrid(theta, [1, 1, 2, 2]), expect: [[[[-0.5, -0.5], [0.5, -0.5]], [[-0.5, 0.5], [0.5, 0.5]]]] }),
  example(affineGrid, { inputs: [[[[0, 2, 1], [1, 0, 0]]]], call: ([theta]) => affineGrid(theta, [1, 1, 2, 1], { alignCorners: true }), expect: [[[[-1, 0]], [[3, 0]]]] }),
  example(affineGrid, { shapes: [[2, 3, 4]], call: ([theta]) => affineGrid(theta, [2, 1, 2, 1, 3]) }),
  example(affineGrid, { shapes: [[1, 2, 3]], call: ([theta]) => affineGrid(theta, [2, 1, 2, 2]), throws: "theta of shape [1, 2, 3] does not fit size [2, 1, 2, 2]" }),
];
