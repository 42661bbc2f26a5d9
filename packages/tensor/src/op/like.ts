import { newArray } from "../dtype.js";
import type { Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";

/** Numbers computed on the host as a tensor of x's dtype on x's backend. */
export function likeOf(x: Tensor, values: ArrayLike<number>, shape: Shape): Tensor {
  const data = newArray(x.dtype, values.length);
  data.set(values);
  return x.makeFrom(data, x.dtype, shape);
}
