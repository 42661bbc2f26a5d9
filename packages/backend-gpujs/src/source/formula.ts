import { isFloat } from "@dl/tensor";
import type { DType, Instruction, PrimitiveName, Program, Typing } from "@dl/tensor";
import type { CallBuilder } from "./builder.js";

type Write = (a: string, b: string, c: string) => string;

const truth = (condition: string): string => `(${condition} ? 1 : 0)`;
const comparison = (operator: string): Write => (a, b) => truth(`${a} ${operator} ${b}`);

/** What floats, and whole numbers held as floats, do alike. */
const common: Readonly<Record<Exclude<PrimitiveName, "cast">, Write>> = {
  add: (a, b) => `${a} + ${b}`,
  sub: (a, b) => `${a} - ${b}`,
  mul: (a, b) => `${a} * ${b}`,
  div: (a, b) => `${a} / ${b}`,
  neg: (a) => `-${a}`,
  abs: (a) => `Math.abs(${a})`,
  sign: (a) => `(${a} > 0 ? 1 : (${a} < 0 ? -1 : ${a}))`,
  min: (a, b) => `dlMin(${a}, ${b})`,
  max: (a, b) => `dlMax(${a}, ${b})`,
  floor: (a) => `Math.floor(${a})`,
  round: (a) => `dlRound(${a})`,
  mod: (a, b) => `dlMod(${a}, ${b}, inf, nan)`,
  exp: (a) => `dlExp(${a}, inf)`,
  expm1: (a) => `dlExpm1(${a}, inf)`,
  log: (a) => `dlLog(${a}, inf, nan)`,
  log1p: (a) => `dlLog1p(${a}, inf, nan)`,
  sqrt: (a) => `dlSqrt(${a}, inf, nan)`,
  rsqrt: (a) => `dlRsqrt(${a}, inf, nan)`,
  pow: (a, b) => `dlPow(${a}, ${b}, inf, nan)`,
  sin: (a) => `dlSin(${a}, inf, nan)`,
  cos: (a) => `dlCos(${a}, inf, nan)`,
  atan2: (a, b) => `dlAtan2(${a}, ${b}, inf, nan)`,
  tanh: (a) => `dlTanh(${a})`,
  sigmoid: (a) => `dlSigmoid(${a}, inf)`,
  softplus: (a) => `dlSoftplus(${a}, inf, nan)`,
  erf: (a) => `dlErf(${a})`,
  eq: comparison("==="),
  ne: (a, b) => `(${a} === ${b} ? 0 : 1)`,
  lt: comparison("<"),
  le: comparison("<="),
  gt: comparison(">"),
  ge: comparison(">="),
  isNaN: (a) => `dlNaN(${a})`,
  and: (a, b) => `(${a} === 0 || ${b} === 0 ? 0 : 1)`,
  or: (a, b) => `(${a} === 0 && ${b} === 0 ? 0 : 1)`,
  not: (a) => truth(`${a} === 0`),
  select: (c, a, b) => `(${c} === 0 ? ${b} : ${a})`,
};

/** What whole numbers do otherwise. */
const whole: Partial<typeof common> = {
  mod: (a, b) => `(${b} === 0 ? 0 : dlMod(${a}, ${b}, inf, nan))`,
  pow: (a, b) => `dlIntPow(${a}, ${b})`,
};

const cut = (a: string): string => `(${a} < 0 ? Math.ceil(${a}) : Math.floor(${a}))`;

function cast(a: string, from: DType, to: DType): string {
  if (to === "bool") return `(${a} === 0 ? 0 : 1)`;
  const value = isFloat(from) && !isFloat(to) ? cut(a) : a;
  // The low byte.
  return to === "uint8" ? `(${value} - Math.floor(${value} / 256) * 256)` : value;
}

/** x², x³ and x⁴, which need no logarithm. */
function power(a: string, exponent: number | undefined): string | null {
  return exponent === 2 || exponent === 3 || exponent === 4 ? new Array<string>(exponent).fill(a).join(" * ") : null;
}

/**
 * Statements that compute a program, and the name of its value.
 * @param inputs what its inputs are, as source
 */
export function formula(builder: CallBuilder, program: Program, typing: Typing, inputs: readonly string[], scalars: readonly number[], prefix = "v"): { readonly lines: readonly string[]; readonly value: string } {
  const constants = program.constants.map((value) => builder.constant(value));
  const names: string[] = [...inputs, ...scalars.map((value) => builder.number(value)), ...constants];
  const firstConstant = program.numInputs + program.numScalars;
  const written = ({ op, args, dtype }: Instruction, slot: number): string => {
    const [a, b, c] = args.map((arg) => names[arg]);
    if (op === "cast") return cast(a, typing.slots[args[0]], dtype ?? "float32");
    const isWhole = !isFloat(typing.slots[slot]);
    if (op === "pow" && !isWhole) return power(a, program.constants.at(args[1] - firstConstant < 0 ? Infinity : args[1] - firstConstant)) ?? common.pow(a, b, c);
    return ((isWhole ? whole[op] : undefined) ?? common[op])(a, b, c);
  };
  const lines = program.instructions.map((instruction) => {
    const line = `const ${prefix}${instruction.slot} = ${written(instruction, instruction.slot)};`;
    names[instruction.slot] = `${prefix}${instruction.slot}`;
    return line;
  });
  return { lines, value: names[program.outputs[0]] };
}
