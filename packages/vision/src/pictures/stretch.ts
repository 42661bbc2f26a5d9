import { maximum, type Tensor } from "@dl/tensor";

/** (x − min)/(max − min) over `dims`, so that values fill 0..1; where all are equal, 0. Shapes: any → same. */
export function stretched(x: Tensor, dims: readonly number[]): Tensor {
  const least = x.min(dims, { keepDim: true });
  const span = x.max(dims, { keepDim: true }).sub(least);
  return x.sub(least).div(maximum(span, span.eq(0).to(span.dtype)));
}
