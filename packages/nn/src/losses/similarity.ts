import { checkOptions, checkPositive, ValueError } from "@dl/registry";
import { defineComposite, elementwise, norm } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";

export interface CosineSimilarityOptions {
  /** The dim of the vectors' components. Default 1. */
  readonly dim?: number;
  /** The least length of a vector, so that a zero vector gives 0. Default 1e-8. */
  readonly eps?: number;
}

export const cosineSimilarityKeys = ["dim", "eps"] as const satisfies readonly (keyof CosineSimilarityOptions)[];

/** From the dot product and both squared lengths. The bound is inside of the root, whose slope at 0 is infinite. */
const cosine = /* @__PURE__ */ elementwise("cosine", (dot, a, b, floor) => dot.mul(a.max(floor).rsqrt()).mul(b.max(floor).rsqrt()));

/**
 * The cosine of the angle between vectors: Σ a·b/(max(‖a‖, eps)·max(‖b‖, eps)) along `dim`.
 * Shapes: both broadcast, without `dim`.
 */
export const cosineSimilarity = /* @__PURE__ */ defineComposite("cosineSimilarity", (a: Tensor, b: Tensor, options: CosineSimilarityOptions = {}): Tensor => {
  checkOptions("cosineSimilarity", options, cosineSimilarityKeys);
  const { dim = 1, eps = 1e-8 } = options;
  checkPositive("cosineSimilarity", "eps", eps);
  const products = a.mul(b);
  const [first, second] = [a.expand(products.shape), b.expand(products.shape)];
  return cosine(products.sum(dim), first.square().sum(dim), second.square().sum(dim), eps * eps);
});

export interface PairwiseDistanceOptions {
  /** The order of the norm, above 0; Infinity for the largest difference. Default 2. */
  readonly p?: number;
  /** Added to every difference, so that equal vectors have a gradient. Default 1e-6. */
  readonly eps?: number;
  /** Keep the last dim with size 1. Default false. */
  readonly keepDim?: boolean;
}

export const pairwiseDistanceKeys = ["p", "eps", "keepDim"] as const satisfies readonly (keyof PairwiseDistanceOptions)[];

/** The distance of vectors: ‖a − b + eps‖ₚ along the last dim. Shapes: both broadcast, without the last dim. @throws ValueError for p ≤ 0 */
export const pairwiseDistance = /* @__PURE__ */ defineComposite("pairwiseDistance", (a: Tensor, b: Tensor, options: PairwiseDistanceOptions = {}): Tensor => {
  checkOptions("pairwiseDistance", options, pairwiseDistanceKeys);
  const { p = 2, eps = 1e-6, keepDim = false } = options;
  checkOrder("pairwiseDistance", p);
  return norm(a.sub(b).add(eps), -1, { p, keepDim });
});

/** @throws ValueError unless `p` is the order of a norm */
export function checkOrder(where: string, p: number): void {
  if (!(p > 0)) throw new ValueError(where, `the order p is ${p}`, "Use a number above 0, or Infinity", { p });
}
