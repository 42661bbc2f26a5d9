// What every primitive gives for NaN, infinities, zeros and the ends of the float range.
import { selectExpr } from "@dl/tensor";
import type { Expr, PrimitiveName } from "@dl/tensor";
import { input, output, program } from "./kernel-case.js";
import type { KernelCase } from "./kernel-case.js";

const special = [NaN, Infinity, -Infinity, 0, -0, 1, -1, 0.5, 1.5, -2.5, 1e-8, 88, -88, 100, 3.4e38, -3.4e38];
/** Angles beyond this are not reduced alike everywhere. */
const angles = special.filter((x) => !(Math.abs(x) > 100 && Number.isFinite(x)));
const few = [NaN, Infinity, -Infinity, 0, -0, 1, -1, 2, -3, 3.4e38];
/** Remainders of the largest numbers are all rounding. */
const divisible = few.filter((x) => Math.abs(x) !== 3.4e38);

interface Policy {
  readonly formula: (a: Expr, b: Expr, c: Expr) => Expr;
  /** The values of each operand: they meet in all combinations. */
  readonly operands: readonly (readonly number[])[];
  readonly truth?: boolean;
  /** The very same number, the sign of a zero too. */
  readonly exact?: boolean;
}

const unary = (formula: (a: Expr) => Expr, values = special): Policy => ({ formula, operands: [values] });
const binary = (formula: (a: Expr, b: Expr) => Expr, values = few): Policy => ({ formula, operands: [values, values] });
const truth = (policy: Policy): Policy => ({ ...policy, truth: true, exact: true });

const policies: Readonly<Record<Exclude<PrimitiveName, "cast">, Policy>> = {
  add: binary((a, b) => a.add(b)),
  sub: binary((a, b) => a.sub(b)),
  mul: binary((a, b) => a.mul(b)),
  div: binary((a, b) => a.div(b)),
  neg: { ...unary((a) => a.neg()), exact: true },
  abs: { ...unary((a) => a.abs()), exact: true },
  sign: unary((a) => a.sign()),
  min: binary((a, b) => a.min(b)),
  max: binary((a, b) => a.max(b)),
  floor: unary((a) => a.floor()),
  round: unary((a) => a.round()),
  mod: binary((a, b) => a.mod(b), divisible),
  exp: unary((a) => a.exp()),
  expm1: unary((a) => a.expm1()),
  log: unary((a) => a.log()),
  log1p: unary((a) => a.log1p()),
  sqrt: unary((a) => a.sqrt()),
  rsqrt: unary((a) => a.rsqrt()),
  pow: binary((a, b) => a.pow(b)),
  sin: unary((a) => a.sin(), angles),
  cos: unary((a) => a.cos(), angles),
  atan2: binary((a, b) => a.atan2(b)),
  tanh: unary((a) => a.tanh()),
  sigmoid: unary((a) => a.sigmoid()),
  softplus: unary((a) => a.softplus()),
  erf: unary((a) => a.erf()),
  eq: truth(binary((a, b) => a.eq(b))),
  ne: truth(binary((a, b) => a.ne(b))),
  lt: truth(binary((a, b) => a.lt(b))),
  le: truth(binary((a, b) => a.le(b))),
  gt: truth(binary((a, b) => a.gt(b))),
  ge: truth(binary((a, b) => a.ge(b))),
  isNaN: truth(unary((a) => a.isNaN())),
  and: truth(binary((a, b) => a.and(b))),
  or: truth(binary((a, b) => a.or(b))),
  not: truth(unary((a) => a.not())),
  // A choice is no sum of products: NaN in the branch that is not taken stays out.
  select: { formula: (a, b, c) => selectExpr(a, b, c), operands: [[0, -0, 1, -3, NaN], divisible, divisible], exact: true },
};

const combinations = (operands: readonly (readonly number[])[]): number[][] =>
  operands.reduce<number[][]>((rows, values) => rows.flatMap((row) => values.map((value) => [...row, value])), [[]]);

const policyCase = (name: string, { formula, operands, truth: isTruth = false, exact = false }: Policy): KernelCase => ({
  kernel: "map",
  name: `${name} of NaN, infinities, zeros and large numbers`,
  dtypes: isTruth ? ["bool"] : [],
  tolerance: exact ? 0 : 1e-5,
  run: (backend) => {
    const rows = combinations(operands);
    const inputs = operands.map((_, k) => input(backend, [rows.length], { data: rows.map((row) => row[k]) }));
    const out = output(backend, [rows.length], isTruth ? "bool" : "float32");
    backend.map(program(operands.length, formula), inputs, [out], []);
    return out;
  },
});

/** A cast rounds what is between, and knows no NaN among whole numbers and truth values. */
const castCases = (): KernelCase[] => [
  {
    kernel: "map",
    name: "a cast to int32 cuts towards zero",
    dtypes: ["int32"],
    run: (backend) => {
      const out = output(backend, [5], "int32");
      backend.map(program(1, (x) => x.cast("int32")), [input(backend, [5], { data: [1.9, -1.9, 0.5, -0.5, 100000.7] })], [out], []);
      return out;
    },
  },
  {
    kernel: "map",
    name: "a cast to bool is true for all but 0",
    dtypes: ["bool"],
    run: (backend) => {
      const out = output(backend, [7], "bool");
      backend.map(program(1, (x) => x.cast("bool")), [input(backend, [7], { data: [0, -0, 0.25, -3, NaN, Infinity, -Infinity] })], [out], []);
      return out;
    },
  },
];

export const specialCases = (): KernelCase[] => [...Object.entries(policies).map(([name, policy]) => policyCase(name, policy)), ...castCases()];
