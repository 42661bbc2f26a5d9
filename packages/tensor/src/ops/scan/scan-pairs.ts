import type { Tensor } from "../../tensor.js";
import { cat } from "../joining.js";

/**
 * out[i] = x[0] ∘ … ∘ x[i] along `dim` for any associative, elementwise ∘, by doubling. Made of differentiable ops, so its gradients
 * are those of ∘, to any order. (Hillis & Steele, 1986)
 */
export function scanPairs(x: Tensor, dim: number, combine: (before: Tensor, here: Tensor) => Tensor): Tensor {
  const length = x.ndim === 0 ? 1 : x.shape[dim];
  let sofar = x;
  for (let width = 1; width < length; width *= 2) {
    const combined = combine(sofar.slice(dim, 0, length - width), sofar.slice(dim, width));
    sofar = cat([sofar.slice(dim, 0, width), combined], dim);
  }
  return sofar;
}
