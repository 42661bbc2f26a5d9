import { constant, select } from "./expr.js";
import type { Expr, PrimitiveName } from "./expr.js";

/**
 * What a primitive gives: `same` promotes its operands, `float` promotes them to at least float32, `bool` is a truth value,
 * `branch` is the promotion of a select's two branches, `target` the dtype a cast names.
 */
export type ResultKind = "same" | "float" | "bool" | "branch" | "target";

export interface Primitive {
  readonly result: ResultKind;
  /** Floating-point operations per element, for `flops()`; a transcendental counts as one. */
  readonly flops: number;
  /** ∂self/∂argument for each argument, `null` where it is zero everywhere. */
  readonly partials: (args: readonly Expr[], self: Expr) => readonly (Expr | null)[];
}

const one = (): Expr => constant(1);
const flat = (args: readonly Expr[]): null[] => args.map(() => null);
const never = (result: ResultKind): Primitive => ({ result, flops: 1, partials: flat });

/** 1 where the first operand is chosen, ½ on ties, 0 elsewhere, as PyTorch's minimum and maximum. */
const chosen = (wins: Expr, tie: Expr): Expr => select(wins, 1, select(tie, 0.5, 0));

/** ∂(aᵇ)/∂a = b·aᵇ⁻¹, 0 for b = 0 even where a = 0. */
function powBase([a, b]: readonly Expr[]): Expr {
  if (b.op === "const") return b.value === 0 ? constant(0) : a.pow(b.value - 1).mul(b);
  return select(b.eq(0), 0, b.mul(a.pow(b.sub(1))));
}

/** ∂(aᵇ)/∂b = aᵇ·ln a, 0 where a = 0 and b ≥ 0. */
const powExponent = ([a, b]: readonly Expr[], self: Expr): Expr => select(a.eq(0).and(b.ge(0)), 0, self.mul(a.log()));

export const primitives: Readonly<Record<PrimitiveName, Primitive>> = {
  add: { result: "same", flops: 1, partials: () => [one(), one()] },
  sub: { result: "same", flops: 1, partials: () => [one(), constant(-1)] },
  mul: { result: "same", flops: 1, partials: ([a, b]) => [b, a] },
  div: { result: "float", flops: 1, partials: ([, b], self) => [one().div(b), self.div(b).neg()] },
  neg: { result: "same", flops: 1, partials: () => [constant(-1)] },
  abs: { result: "same", flops: 1, partials: ([a]) => [a.sign()] },
  sign: never("same"),
  min: { result: "same", flops: 1, partials: ([a, b]) => [chosen(a.lt(b), a.eq(b)), chosen(b.lt(a), a.eq(b))] },
  max: { result: "same", flops: 1, partials: ([a, b]) => [chosen(a.gt(b), a.eq(b)), chosen(b.gt(a), a.eq(b))] },
  floor: never("same"),
  round: never("same"),
  mod: { result: "same", flops: 3, partials: ([a, b]) => [one(), a.div(b).floor().neg()] },
  exp: { result: "float", flops: 1, partials: (_, self) => [self] },
  expm1: { result: "float", flops: 1, partials: (_, self) => [self.add(1)] },
  log: { result: "float", flops: 1, partials: ([a]) => [one().div(a)] },
  log1p: { result: "float", flops: 1, partials: ([a]) => [one().div(a.add(1))] },
  sqrt: { result: "float", flops: 1, partials: (_, self) => [constant(0.5).div(self)] },
  rsqrt: { result: "float", flops: 2, partials: (_, self) => [self.mul(self).mul(self).mul(-0.5)] },
  pow: { result: "same", flops: 1, partials: (args, self) => [powBase(args), args[1].op === "const" ? null : powExponent(args, self)] },
  sin: { result: "float", flops: 1, partials: ([a]) => [a.cos()] },
  cos: { result: "float", flops: 1, partials: ([a]) => [a.sin().neg()] },
  atan2: {
    result: "float",
    flops: 1,
    partials: ([y, x]) => {
      const radius = x.square().add(y.square());
      return [x.div(radius), y.div(radius).neg()];
    },
  },
  tanh: { result: "float", flops: 1, partials: (_, self) => [one().sub(self.square())] },
  sigmoid: { result: "float", flops: 3, partials: (_, self) => [self.mul(one().sub(self))] },
  softplus: { result: "float", flops: 3, partials: ([a]) => [a.sigmoid()] },
  erf: { result: "float", flops: 1, partials: ([a]) => [a.square().neg().exp().mul(2 / Math.sqrt(Math.PI))] },
  eq: never("bool"),
  ne: never("bool"),
  lt: never("bool"),
  le: never("bool"),
  gt: never("bool"),
  ge: never("bool"),
  isNaN: never("bool"),
  and: never("bool"),
  or: never("bool"),
  not: never("bool"),
  select: { result: "branch", flops: 1, partials: ([c]) => [null, select(c, 1, 0), select(c, 0, 1)] },
  cast: { result: "target", flops: 0, partials: (_, self) => [self.dtype === "float32" || self.dtype === "float64" ? one() : null] },
};
