import { code, f32x4, f64x2, v128 } from "../assembler/index.js";
import type { Code, FunctionBuilder } from "../assembler/index.js";

export type Vector = Code<"v128">;

/** Values that are worked out one after the other, each kept in a local, and in the end one of them. */
export class Steps {
  private readonly statements: Code["bytes"][] = [];

  constructor(readonly f: FunctionBuilder) {}

  /** Computes now; what it returns can be read as often as needed. */
  keep(value: Vector): Vector {
    const local = this.f.local("v128");
    this.statements.push(local.set(value).bytes);
    return local.get;
  }

  then(statement: Code): void {
    this.statements.push(statement.bytes);
  }

  result(value: Vector): Vector {
    return code(this.statements, value.bytes);
  }
}

interface Arithmetic {
  const: (value: number) => Vector;
  add: (a: Vector, b: Vector) => Vector;
  mul: (a: Vector, b: Vector) => Vector;
}

/**
 * c₀·xⁿ + c₁·xⁿ⁻¹ + …, in pairs, and pairs of those: half of Horner's chain of operations that wait for each other. (Estrin, 1960)
 * x must be cheap to repeat.
 */
const polynomialOver = ({ const: constant, add, mul }: Arithmetic) => (s: Steps, x: Vector, coefficients: readonly number[]): Vector => {
  let terms = coefficients.toReversed().map(constant);
  for (let power = x; terms.length > 1; ) {
    const [factor, own] = [power, terms];
    terms = Array.from({ length: Math.ceil(own.length / 2) }, (_, k) => (2 * k + 1 < own.length ? add(mul(own[2 * k + 1], factor), own[2 * k]) : own[2 * k]));
    if (terms.length > 1) power = s.keep(mul(factor, factor));
  }
  return terms[0];
};

export const polynomial = /* @__PURE__ */ polynomialOver(f32x4);
export const polynomial64 = /* @__PURE__ */ polynomialOver(f64x2);

/** condition ? yes : no, lane by lane. */
export const pick = (condition: Vector, yes: Vector, no: Vector): Vector => v128.bitselect(yes, no, condition);

const signBit = (): Vector => f32x4.const(-0);

/** The magnitude of a with the sign of b. */
export const withSign = (a: Vector, b: Vector): Vector => v128.bitselect(b, a, signBit());
export const isNaN = (x: Vector): Vector => f32x4.ne(x, x);
export const multiplyAdd = (a: Vector, b: Vector, c: Vector): Vector => f32x4.add(f32x4.mul(a, b), c);
