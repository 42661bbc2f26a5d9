import { isFloat } from "@dl/tensor";
import type { DType, PrimitiveName, Program } from "@dl/tensor";

/** ∫₀ˣ e^(−t²) dt·2/√π by Simpson's rule. */
function erf(x: number): number {
  const steps = 400;
  const end = Math.min(Math.abs(x), 6);
  const h = end / steps;
  let sum = 1 + Math.exp(-end * end);
  for (let i = 1; i < steps; i++) sum += (i % 2 === 1 ? 4 : 2) * Math.exp(-((i * h) ** 2));
  return Number.isNaN(x) ? NaN : (Math.sign(x) * 2 * sum * h) / (3 * Math.sqrt(Math.PI));
}

function roundToEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}

const truth = (holds: boolean): number => (holds ? 1 : 0);

/** a^b as C has it: 1 to any power is 1, and so is −1 to an infinite one. */
const power = (a: number, b: number): number => (a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : a ** b);

/** With the sign of the divisor, an infinite one too. */
function modulo(a: number, b: number): number {
  const rest = a % b;
  return rest !== 0 && Math.sign(rest) !== Math.sign(b) ? rest + b : rest;
}

type Primitive = (a: number, b: number, c: number) => number;

/** One function of numbers for each primitive; the tests plant wrong ones. */
export type Primitives = Readonly<Record<Exclude<PrimitiveName, "cast">, Primitive>>;

export const exactPrimitives: Primitives = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  neg: (a) => -a,
  abs: Math.abs,
  sign: Math.sign,
  min: (a, b) => Math.min(a, b),
  max: (a, b) => Math.max(a, b),
  floor: Math.floor,
  round: roundToEven,
  mod: modulo,
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  sqrt: Math.sqrt,
  rsqrt: (a) => 1 / Math.sqrt(a),
  pow: power,
  sin: Math.sin,
  cos: Math.cos,
  atan2: Math.atan2,
  tanh: Math.tanh,
  sigmoid: (a) => 1 / (1 + Math.exp(-a)),
  softplus: (a) => Math.max(a, 0) + Math.log1p(Math.exp(-Math.abs(a))),
  erf,
  eq: (a, b) => truth(a === b),
  ne: (a, b) => truth(a !== b),
  lt: (a, b) => truth(a < b),
  le: (a, b) => truth(a <= b),
  gt: (a, b) => truth(a > b),
  ge: (a, b) => truth(a >= b),
  isNaN: (a) => truth(Number.isNaN(a)),
  and: (a, b) => truth(a !== 0 && b !== 0),
  or: (a, b) => truth(a !== 0 || b !== 0),
  not: (a) => truth(a === 0),
  select: (condition, yes, no) => (condition !== 0 ? yes : no),
};

/** A number as a slot of the dtype holds it, when fractions are kept in `compute`. */
function stored(value: number, dtype: DType, compute: DType): number {
  if (dtype === "bool") return truth(value !== 0);
  if (isFloat(dtype)) return compute === "float32" ? Math.fround(value) : value;
  return value | 0;
}

/** All roots of a program as a function of one element of each input. */
export function evaluator(program: Program, dtypes: readonly DType[], scalars: readonly number[], primitives: Primitives): (inputs: readonly number[]) => number[] {
  const { slots, compute } = program.typing(dtypes.map((dtype) => ({ dtype })), scalars.every(Number.isInteger));
  // Also whole numbers: one beyond int32, such as −3.4e38, is no int32.
  const numbers = [...scalars, ...program.constants].map((value) => (compute === "float32" ? Math.fround(value) : value));
  return (inputs) => {
    const values = [...inputs, ...numbers];
    for (const { op, args, slot } of program.instructions) {
      const [a, b, c] = args.map((arg) => values[arg]);
      if (op === "cast") values[slot] = stored(a, slots[slot], compute);
      else if (op === "mul" && slots[slot] === "int32") values[slot] = Math.imul(a, b);
      else values[slot] = stored(primitives[op](a, b, c), slots[slot], compute);
    }
    return program.outputs.map((slot) => values[slot]);
  };
}
