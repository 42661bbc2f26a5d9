import type { Expr } from "@dl/tensor";

/** Options of every optimizer. */
export interface CommonOptions {
  /** Length of a step. */
  lr: number;
  /** λ of the penalty λ/2·‖w‖². Default 0. */
  weightDecay: number;
  /** Climb instead of descend. Default false. */
  maximize: boolean;
}

const decays = 1;
const ascends = 2;

/** The first bit that a rule may use for its own variants, and the second. Literals: bundlers keep what they would have to compute. */
export const firstVariant = 4;
export const secondVariant = 8;

/** Which variant of `directionOf` the options ask for. */
export const directionVariant = ({ weightDecay, maximize }: Pick<CommonOptions, "weightDecay" | "maximize">): number =>
  (weightDecay === 0 ? 0 : decays) | (maximize ? ascends : 0);

/** The gradient to go against: turned round to maximise, and with the penalty's `decay`·w. */
export function directionOf(variant: number, p: Expr, grad: Expr, decay: Expr): Expr {
  const g = variant & ascends ? grad.neg() : grad;
  return variant & decays ? g.add(p.mul(decay)) : g;
}
