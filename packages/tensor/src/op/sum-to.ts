import { sameShape } from "../shape.js";
import type { Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";

/** Sums `x` over the dims along which `shape` was stretched to give x's: the gradient of broadcasting. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const lead = x.shape.length - shape.length;
  const dims = x.shape.flatMap((size, d) => (d < lead || (shape[d - lead] === 1 && size !== 1) ? [d] : []));
  const summed = dims.length === 0 ? x : x.sum(dims, { keepDim: true });
  return lead === 0 ? summed : summed.reshape(shape);
}
