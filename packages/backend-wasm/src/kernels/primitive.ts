// Every primitive of scalar formulas on four elements at a time.
import type { PrimitiveName } from "@dl/tensor";
import { code, f32x4, i32, i32x4, loopFrom, v128 } from "../assembler/index.js";
import type { Code, FunctionBuilder } from "../assembler/index.js";
import { hostedMath, vectorMath } from "../math/index.js";
import type { Host } from "../math/index.js";
import { as } from "./values.js";
import type { Form, Value } from "./values.js";

type Vector = Code<"v128">;
type Emit = (f: FunctionBuilder, args: readonly Vector[], host: Host) => Vector;

const ops = (float: Emit, integer?: Emit): Partial<Record<Form, Emit>> => ({ f32: float, ...(integer && { i32: integer }) });
const two = (op: (a: Vector, b: Vector) => Vector): Emit => (_, [a, b]) => op(a, b);
const one = (op: (a: Vector) => Vector): Emit => (_, [a]) => op(a);
const same: Emit = (_, [a]) => a;

/** x as a local, so that it can be read more than once. */
const kept = (f: FunctionBuilder, x: Vector, use: (x: Vector) => Vector): Vector => {
  const local = f.local("v128");
  return code(local.set(x).bytes, use(local.get).bytes);
};

const signOfInteger: Emit = (f, [a]) => kept(f, a, (x) => i32x4.min(i32x4.max(x, i32x4.const(-1)), i32x4.const(1)));

/** One element at a time, for what vectors cannot do. */
function perLane(f: FunctionBuilder, a: Vector, b: Vector, scalar: (a: Code<"i32">, b: Code<"i32">) => Code<"i32">): Vector {
  const [x, y, out] = f.localsOf("v128", 3);
  const [p, q] = f.localsOf("i32", 2);
  const lanes = [0, 1, 2, 3].map((k) =>
    code(p.set(i32x4.extract(x.get, k)).bytes, q.set(i32x4.extract(y.get, k)).bytes, out.set(i32x4.replace(out.get, scalar(p.get, q.get), k)).bytes),
  );
  return code(x.set(a).bytes, y.set(b).bytes, lanes.map((lane) => lane.bytes), out.get.bytes);
}

/** x − y·⌊x/y⌋, 0 for y = 0. The remainder of the machine has the sign of x: it is moved where y's differs. */
const floorModInteger: Emit = (f, [a, b]) =>
  perLane(f, a, b, (x, y) => {
    const divisor = f.local("i32");
    const rest = f.local("i32");
    const differs = i32.and(i32.ne(rest.get, i32.const(0)), i32.lt(i32.xor(rest.get, divisor.get), i32.const(0)));
    return code(
      divisor.set(i32.or(y, i32.eqz(y))).bytes,
      rest.set(i32.rem(x, divisor.get)).bytes,
      i32.mul(i32.add(rest.get, i32.mul(differs, divisor.get)), i32.ne(y, i32.const(0))).bytes,
    );
  });

/** By squaring, modulo 2³²; a negative exponent leaves 1/x, which truncates to 0 unless x is 1 or −1. */
const integerPower: Emit = (f, [a, b]) => {
  const [base, exponent, power, bit] = f.localsOf("v128", 4);
  const k = f.local("i32");
  const odd = i32x4.ne(v128.and(exponent.get, bit.get), i32x4.const(0));
  const isUnit = i32x4.eq(i32x4.abs(base.get), i32x4.const(1));
  return code(
    base.set(a).bytes,
    exponent.set(b).bytes,
    // 1 and −1 only care for the parity of the exponent, whatever its sign; others give 0.
    power.set(v128.bitselect(i32x4.const(1), i32x4.const(0), v128.or(isUnit, i32x4.ge(exponent.get, i32x4.const(0))))).bytes,
    exponent.set(v128.bitselect(v128.and(exponent.get, i32x4.const(1)), exponent.get, isUnit)).bytes,
    bit.set(i32x4.const(1)).bytes,
    loopFrom(k, i32.const(0), i32.const(31), 1, [
      power.set(v128.bitselect(i32x4.mul(power.get, base.get), power.get, odd)),
      base.set(i32x4.mul(base.get, base.get)),
      bit.set(i32x4.shl(bit.get, 1)),
    ]).bytes,
    power.get.bytes,
  );
};

const arithmetic = {
  add: ops(two(f32x4.add), two(i32x4.add)),
  sub: ops(two(f32x4.sub), two(i32x4.sub)),
  mul: ops(two(f32x4.mul), two(i32x4.mul)),
  div: ops(two(f32x4.div)),
  neg: ops(one(f32x4.neg), one(i32x4.neg)),
  abs: ops(one(f32x4.abs), one(i32x4.abs)),
  sign: ops((f, [a]) => vectorMath.sign(f, a), signOfInteger),
  min: ops(two(f32x4.min), two(i32x4.min)),
  max: ops(two(f32x4.max), two(i32x4.max)),
  floor: ops(one(f32x4.floor), same),
  round: ops(one(f32x4.nearest), same),
  mod: ops((f, [a, b], host) => hostedMath.mod(f, a, b, host), floorModInteger),
  pow: ops((f, [a, b]) => vectorMath.pow(f, a, b), integerPower),
  exp: ops((f, [a]) => vectorMath.exp(f, a)),
  expm1: ops((f, [a]) => vectorMath.expm1(f, a)),
  log: ops((f, [a]) => vectorMath.log(f, a)),
  log1p: ops((f, [a]) => vectorMath.log1p(f, a)),
  sqrt: ops(one(f32x4.sqrt)),
  rsqrt: ops(one((a) => f32x4.div(f32x4.const(1), f32x4.sqrt(a)))),
  sin: ops((f, [a], host) => hostedMath.sin(f, a, host)),
  cos: ops((f, [a], host) => hostedMath.cos(f, a, host)),
  atan2: ops((f, [a, b]) => vectorMath.atan2(f, a, b)),
  tanh: ops((f, [a]) => vectorMath.tanh(f, a)),
  sigmoid: ops((f, [a]) => vectorMath.sigmoid(f, a)),
  softplus: ops((f, [a]) => vectorMath.softplus(f, a)),
  erf: ops((f, [a]) => vectorMath.erf(f, a)),
} satisfies Partial<Record<PrimitiveName, Partial<Record<Form, Emit>>>>;

const comparisons = {
  eq: ops(two(f32x4.eq), two(i32x4.eq)),
  ne: ops(two(f32x4.ne), two(i32x4.ne)),
  lt: ops(two(f32x4.lt), two(i32x4.lt)),
  le: ops(two(f32x4.le), two(i32x4.le)),
  gt: ops(two(f32x4.gt), two(i32x4.gt)),
  ge: ops(two(f32x4.ge), two(i32x4.ge)),
} satisfies Partial<Record<PrimitiveName, Partial<Record<Form, Emit>>>>;

const logic = {
  and: two(v128.and),
  or: two(v128.or),
  not: one(v128.not),
} satisfies Partial<Record<PrimitiveName, Emit>>;

const has = <K extends string>(table: Readonly<Record<K, unknown>>, name: string): name is K => Object.hasOwn(table, name);

/** Floats where either operand is one. */
const commonForm = (args: readonly Value[]): Form => (args.some(({ form }) => form === "f32") ? "f32" : "i32");

function emitted(f: FunctionBuilder, host: Host, table: Partial<Record<Form, Emit>>, form: Form, args: readonly Value[]): Vector {
  const emit = table[form] ?? table.f32;
  if (emit === undefined) throw new RangeError(`no kernel for ${form}`);
  return emit(f, args.map((arg) => as(form, arg)), host);
}

/** @param form what the result is held in */
export function primitive(f: FunctionBuilder, host: Host, op: PrimitiveName, args: readonly Value[], form: Form): Vector {
  if (has(arithmetic, op)) return emitted(f, host, arithmetic[op], form, args);
  if (has(comparisons, op)) return emitted(f, host, comparisons[op], commonForm(args), args);
  if (has(logic, op)) return logic[op](f, args.map((arg) => as("mask", arg)), host);
  if (op === "select") return v128.bitselect(as(form, args[1]), as(form, args[2]), as("mask", args[0]));
  if (op === "cast") return as(form, args[0]);
  // isNaN: only NaN differs from itself.
  return args[0].form === "f32" ? f32x4.ne(args[0].code, args[0].code) : i32x4.const(0);
}
