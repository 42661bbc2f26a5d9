import type { Expr, Tensor } from "@dl/tensor";

/** The columns of `count` gates apart: [N, count·H] → [N, H] each. */
export function gatesOf(all: Tensor, count: number): Tensor[] {
  const size = all.shape[1] / count;
  return Array.from({ length: count }, (_, k) => all.slice(1, k * size, (k + 1) * size));
}

/** σ' = σ·(1 − σ), by the sigmoid's value. */
export const sigmoidSlope = (value: Expr): Expr => value.mul(value.neg().add(1));

/** tanh' = 1 − tanh², by the value of tanh. */
export const tanhSlope = (value: Expr): Expr => value.square().neg().add(1);
