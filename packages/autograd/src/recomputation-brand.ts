// Apart from the class, so that a program without checkpoints does not carry it.
import type { Recomputation } from "./recomputation.js";

export const recomputationBrand: unique symbol = Symbol.for("dl/recomputation");

/** Whether a gradient rule is a `Recomputation`, of this copy of the package or another. */
export const isRecomputation = (rule: object): rule is Recomputation => recomputationBrand in rule;
