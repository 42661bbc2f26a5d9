import type { PrimitiveName } from "../../expr/expr.js";
import type { DType, TypedArray } from "../../dtype.js";
import { erf, expm1, floorMod, log1p, power, roundHalfEven, sigmoid, softplus } from "./scalar-math.js";

/** Where kept values live: Float32Array in float32 programs, Float64Array otherwise. */
export type Lane = Float32Array | Float64Array;

/**
 * One primitive over `n` elements: `out` from position `o` on, one after the other; operands from `p`, `q`, `r` on in steps of
 * `ps`, `qs`, `rs` (0 repeats one value). Unused operands are passed as any array.
 */
export type Loop = (
  n: number, out: Lane, o: number, a: Lane, p: number, ps: number, b: Lane, q: number, qs: number, c: Lane, r: number, rs: number,
) => void;

/** A loop around a costly function, whose call hardly matters beside its work. */
const unary = (f: (x: number) => number): Loop => (n, out, o, a, p, ps) => {
  for (let i = 0; i < n; i++, p += ps) out[o + i] = f(a[p]);
};

const binary = (f: (x: number, y: number) => number): Loop => (n, out, o, a, p, ps, b, q, qs) => {
  for (let i = 0; i < n; i++, p += ps, q += qs) out[o + i] = f(a[p], b[q]);
};

// Cheap primitives are written out: a loop around a shared function value would call it, and cost four times as much.
export const loops: Readonly<Record<Exclude<PrimitiveName, "cast">, Loop>> = {
  add: (n, out, o, a, p, ps, b, q, qs) => { for (let i = 0; i < n; i++, p += ps, q += qs) out[o + i] = a[p] + b[q]; },
  sub: (n, out, o, a, p, ps, b, q, qs) => { for (let i = 0; i < n; i++, p += ps, q += qs) out[o + i] = a[p] - b[q]; },
  mul: (n, out, o, a, p, ps, b, q, qs) => { for (let i = 0; i < n; i++, p += ps, q += qs) out[o + i] = a[p] * b[q]; },
  div: (n, out, o, a, p, ps, b, q, qs) => { for (let i = 0; i < n; i++, p += ps, q += qs) out[o + i] = a[p] / b[q]; },
  neg: (n, out, o, a, p, ps) => { for (let i = 0; i < n; i++, p += ps) out[o + i] = -a[p]; },
  abs: (n, out, o, a, p, ps) => { for (let i = 0; i < n; i++, p += ps) out[o + i] = Math.abs(a[p]); },
  min: (n, out, o, a, p, ps, b, q, qs) => { for (let i = 0; i < n; i++, p += ps, q += qs) out[o + i] = Math.min(a[p], b[q]); },
  max: (n, out, o, a, p, ps, b, q, qs) => { for (let i = 0; i < n; i++, p += ps, q += qs) out[o + i] = Math.max(a[p], b[q]); },
  floor: (n, out, o, a, p, ps) => { for (let i = 0; i < n; i++, p += ps) out[o + i] = Math.floor(a[p]); },
  sqrt: (n, out, o, a, p, ps) => { for (let i = 0; i < n; i++, p += ps) out[o + i] = Math.sqrt(a[p]); },
  rsqrt: (n, out, o, a, p, ps) => { for (let i = 0; i < n; i++, p += ps) out[o + i] = 1 / Math.sqrt(a[p]); },
  eq: (n, out, o, a, p, ps, b, q, qs) => { for (let i = 0; i < n; i++, p += ps, q += qs) out[o + i] = a[p] === b[q] ? 1 : 0; },
  ne: (n, out, o, a, p, ps, b, q, qs) => { for (let i = 0; i < n; i++, p += ps, q += qs) out[o + i] = a[p] !== b[q] ? 1 : 0; },
  lt: (n, out, o, a, p, ps, b, q, qs) => { for (let i = 0; i < n; i++, p += ps, q += qs) out[o + i] = a[p] < b[q] ? 1 : 0; },
  le: (n, out, o, a, p, ps, b, q, qs) => { for (let i = 0; i < n; i++, p += ps, q += qs) out[o + i] = a[p] <= b[q] ? 1 : 0; },
  gt: (n, out, o, a, p, ps, b, q, qs) => { for (let i = 0; i < n; i++, p += ps, q += qs) out[o + i] = a[p] > b[q] ? 1 : 0; },
  ge: (n, out, o, a, p, ps, b, q, qs) => { for (let i = 0; i < n; i++, p += ps, q += qs) out[o + i] = a[p] >= b[q] ? 1 : 0; },
  and: (n, out, o, a, p, ps, b, q, qs) => { for (let i = 0; i < n; i++, p += ps, q += qs) out[o + i] = a[p] !== 0 && b[q] !== 0 ? 1 : 0; },
  or: (n, out, o, a, p, ps, b, q, qs) => { for (let i = 0; i < n; i++, p += ps, q += qs) out[o + i] = a[p] !== 0 || b[q] !== 0 ? 1 : 0; },
  not: (n, out, o, a, p, ps) => { for (let i = 0; i < n; i++, p += ps) out[o + i] = a[p] === 0 ? 1 : 0; },
  isNaN: (n, out, o, a, p, ps) => { for (let i = 0; i < n; i++, p += ps) out[o + i] = Number.isNaN(a[p]) ? 1 : 0; },
  select: (n, out, o, a, p, ps, b, q, qs, c, r, rs) => {
    for (let i = 0; i < n; i++, p += ps, q += qs, r += rs) out[o + i] = a[p] !== 0 ? b[q] : c[r];
  },
  sign: unary(Math.sign),
  round: unary(roundHalfEven),
  mod: binary(floorMod),
  exp: unary(Math.exp),
  expm1: unary(expm1),
  log: unary(Math.log),
  log1p: unary(log1p),
  pow: binary(power),
  sin: unary(Math.sin),
  cos: unary(Math.cos),
  atan2: binary(Math.atan2),
  tanh: unary(Math.tanh),
  sigmoid: unary(sigmoid),
  softplus: unary(softplus),
  erf: unary(erf),
};

/** int32 products wrap around; as doubles they would lose their low bits. */
export const multiplyInt32: Loop = binary(Math.imul);

export const copyLane: Loop = (n, out, o, a, p, ps) => { for (let i = 0; i < n; i++, p += ps) out[o + i] = a[p]; };
export const truncate: Loop = unary(Math.trunc);
export const toTruth: Loop = (n, out, o, a, p, ps) => { for (let i = 0; i < n; i++, p += ps) out[o + i] = a[p] !== 0 ? 1 : 0; };

export type Load = (n: number, out: Lane, o: number, a: TypedArray, p: number, ps: number) => void;

/** One loop per source type, so that each sees a single kind of array. */
export const loads: Readonly<Record<DType, Load>> = {
  float32: (n, out, o, a, p, ps) => { for (let i = 0; i < n; i++, p += ps) out[o + i] = a[p]; },
  float64: (n, out, o, a, p, ps) => { for (let i = 0; i < n; i++, p += ps) out[o + i] = a[p]; },
  int32: (n, out, o, a, p, ps) => { for (let i = 0; i < n; i++, p += ps) out[o + i] = a[p]; },
  bool: (n, out, o, a, p, ps) => { for (let i = 0; i < n; i++, p += ps) out[o + i] = a[p]; },
  uint8: (n, out, o, a, p, ps) => { for (let i = 0; i < n; i++, p += ps) out[o + i] = a[p]; },
  int8: (n, out, o, a, p, ps) => { for (let i = 0; i < n; i++, p += ps) out[o + i] = a[p]; },
};

export type Store = (n: number, out: TypedArray, o: number, a: Lane, p: number) => void;

export const stores: Readonly<Record<DType, Store>> = {
  float32: (n, out, o, a, p) => { for (let i = 0; i < n; i++) out[o + i] = a[p + i]; },
  float64: (n, out, o, a, p) => { for (let i = 0; i < n; i++) out[o + i] = a[p + i]; },
  int32: (n, out, o, a, p) => { for (let i = 0; i < n; i++) out[o + i] = a[p + i]; },
  bool: (n, out, o, a, p) => { for (let i = 0; i < n; i++) out[o + i] = a[p + i] !== 0 ? 1 : 0; },
  uint8: (n, out, o, a, p) => { for (let i = 0; i < n; i++) out[o + i] = a[p + i]; },
  int8: (n, out, o, a, p) => { for (let i = 0; i < n; i++) out[o + i] = a[p + i]; },
};
