import type { DType } from "../dtype.js";

/** The scalar primitives a backend compiles; every elementwise op is a formula over these. */
export type PrimitiveName =
  | "add" | "sub" | "mul" | "div" | "neg" | "abs" | "sign" | "min" | "max" | "floor" | "round" | "mod"
  | "exp" | "expm1" | "log" | "log1p" | "sqrt" | "rsqrt" | "pow"
  | "sin" | "cos" | "atan2" | "tanh" | "sigmoid" | "softplus" | "erf"
  | "eq" | "ne" | "lt" | "le" | "gt" | "ge" | "isNaN" | "and" | "or" | "not"
  | "select" | "cast";

/** What stands at the leaves of a formula. `scalar(k)` is a run-time number: changing it recompiles nothing. */
export type LeafName = "input" | "scalar" | "const";

export type Operand = Expr | number;

/** Marks expressions of every copy of this package. */
export const exprBrand: unique symbol = Symbol.for("dl/expr");

export const isExpr = (value: unknown): value is Expr => typeof value === "object" && value !== null && exprBrand in value;

const lift = (operand: Operand): Expr => (typeof operand === "number" ? constant(operand) : operand);

/**
 * A node of a scalar formula. Building one runs nothing: the graph is differentiated symbolically and compiled by each backend.
 * Comparisons give bool; arithmetic on mixed types promotes as tensors do.
 */
export class Expr {
  readonly [exprBrand] = true;

  constructor(
    readonly op: PrimitiveName | LeafName,
    readonly args: readonly Expr[],
    /** The constant's value, or the index of the input or scalar. */
    readonly value = 0,
    /** The target of a cast. */
    readonly dtype?: DType,
  ) {}

  add(other: Operand): Expr { return sum(this, lift(other)); }
  sub(other: Operand): Expr { return difference(this, lift(other)); }
  mul(other: Operand): Expr { return product(this, lift(other)); }
  div(other: Operand): Expr { return quotient(this, lift(other)); }
  neg(): Expr { return negative(this); }
  /** The remainder with the sign of the divisor, as in Python: x − y·⌊x/y⌋. */
  mod(other: Operand): Expr { return new Expr("mod", [this, lift(other)]); }
  abs(): Expr { return new Expr("abs", [this]); }
  /** −1, 0 or 1. */
  sign(): Expr { return new Expr("sign", [this]); }
  min(other: Operand): Expr { return new Expr("min", [this, lift(other)]); }
  max(other: Operand): Expr { return new Expr("max", [this, lift(other)]); }
  floor(): Expr { return new Expr("floor", [this]); }
  ceil(): Expr { return this.neg().floor().neg(); }
  /** To the nearest whole number, halves to even. */
  round(): Expr { return new Expr("round", [this]); }
  exp(): Expr { return new Expr("exp", [this]); }
  expm1(): Expr { return new Expr("expm1", [this]); }
  log(): Expr { return new Expr("log", [this]); }
  log1p(): Expr { return new Expr("log1p", [this]); }
  sqrt(): Expr { return new Expr("sqrt", [this]); }
  rsqrt(): Expr { return new Expr("rsqrt", [this]); }
  square(): Expr { return product(this, this); }
  pow(exponent: Operand): Expr { return power(this, lift(exponent)); }
  sin(): Expr { return new Expr("sin", [this]); }
  cos(): Expr { return new Expr("cos", [this]); }
  /** The angle of the point (x, this), in (−π, π]. */
  atan2(x: Operand): Expr { return new Expr("atan2", [this, lift(x)]); }
  tanh(): Expr { return new Expr("tanh", [this]); }
  sigmoid(): Expr { return new Expr("sigmoid", [this]); }
  /** log(1 + eˣ), without overflow. */
  softplus(): Expr { return new Expr("softplus", [this]); }
  erf(): Expr { return new Expr("erf", [this]); }
  eq(other: Operand): Expr { return new Expr("eq", [this, lift(other)]); }
  ne(other: Operand): Expr { return new Expr("ne", [this, lift(other)]); }
  lt(other: Operand): Expr { return new Expr("lt", [this, lift(other)]); }
  le(other: Operand): Expr { return new Expr("le", [this, lift(other)]); }
  gt(other: Operand): Expr { return new Expr("gt", [this, lift(other)]); }
  ge(other: Operand): Expr { return new Expr("ge", [this, lift(other)]); }
  isNaN(): Expr { return new Expr("isNaN", [this]); }
  and(other: Operand): Expr { return new Expr("and", [this, lift(other)]); }
  or(other: Operand): Expr { return new Expr("or", [this, lift(other)]); }
  not(): Expr { return new Expr("not", [this]); }
  cast(dtype: DType): Expr { return new Expr("cast", [this], 0, dtype); }
}

export const constant = (value: number): Expr => new Expr("const", [], value);
export const input = (index: number): Expr => new Expr("input", [], index);
export const scalar = (index: number): Expr => new Expr("scalar", [], index);

/** `condition ? yes : no` per element; the gradient follows the chosen branch only. */
export function select(condition: Operand, yes: Operand, no: Operand): Expr {
  const [c, a, b] = [lift(condition), lift(yes), lift(no)];
  if (c.op === "const") return c.value === 0 ? b : a;
  return a === b ? a : new Expr("select", [c, a, b]);
}

export const isConst = (e: Expr, value: number): boolean => e.op === "const" && Object.is(e.value, value);

// The constructors below fold only what holds for every float, NaN and infinities included; x·0 is folded by `differentiate` alone.

function sum(a: Expr, b: Expr): Expr {
  if (a.op === "const" && b.op === "const") return constant(a.value + b.value);
  if (isConst(a, 0)) return b;
  if (isConst(b, 0)) return a;
  return b.op === "neg" ? difference(a, b.args[0]) : new Expr("add", [a, b]);
}

function difference(a: Expr, b: Expr): Expr {
  if (a.op === "const" && b.op === "const") return constant(a.value - b.value);
  if (isConst(b, 0)) return a;
  if (isConst(a, 0)) return negative(b);
  return b.op === "neg" ? sum(a, b.args[0]) : new Expr("sub", [a, b]);
}

function product(a: Expr, b: Expr): Expr {
  if (a.op === "const" && b.op === "const") return constant(a.value * b.value);
  if (isConst(a, 1)) return b;
  if (isConst(b, 1)) return a;
  if (isConst(a, -1)) return negative(b);
  if (isConst(b, -1)) return negative(a);
  if (a.op === "neg") return negative(product(a.args[0], b));
  if (b.op === "neg") return negative(product(a, b.args[0]));
  return new Expr("mul", [a, b]);
}

function quotient(a: Expr, b: Expr): Expr {
  if (a.op === "const" && b.op === "const") return constant(a.value / b.value);
  return new Expr("div", [a, b]);
}

function negative(a: Expr): Expr {
  if (a.op === "const") return constant(-a.value);
  return a.op === "neg" ? a.args[0] : new Expr("neg", [a]);
}

function power(base: Expr, exponent: Expr): Expr {
  if (isConst(exponent, 1)) return base;
  if (isConst(exponent, 2)) return product(base, base);
  return new Expr("pow", [base, exponent]);
}
