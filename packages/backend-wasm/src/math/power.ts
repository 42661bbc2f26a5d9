import { demote, f32x4, f64x2, i32x4, i64x2, shuffle32, unrolled, v128, when } from "../assembler/index.js";
import type { Code, FunctionBuilder } from "../assembler/index.js";
import type { Host } from "./host.js";
import { Steps, pick, polynomial64, withSign } from "./steps.js";
import type { Vector } from "./steps.js";

const twoTo52 = 2 ** 52;
const exponentBias = 1023;

/** log₂ of positive finite doubles: exponent and fraction apart, then artanh's series. Absolute error below 1e-11. */
function log2(s: Steps, x: Vector): Vector {
  const ones = f64x2.const(1);
  const exponent = v128.or(i64x2.shrUnsigned(x, 52), f64x2.const(twoTo52));
  const m = s.keep(v128.bitselect(ones, x, f64x2.const(-Infinity)));
  const isLarge = s.keep(f64x2.gt(m, f64x2.const(Math.SQRT2)));
  const fraction = s.keep(f64x2.mul(m, v128.bitselect(f64x2.const(0.5), ones, isLarge)));
  const e = f64x2.add(f64x2.sub(exponent, f64x2.const(twoTo52 + exponentBias)), v128.and(isLarge, ones));
  const t = s.keep(f64x2.div(f64x2.sub(fraction, ones), f64x2.add(fraction, ones)));
  const z = s.keep(f64x2.mul(t, t));
  const series = [1 / 15, 1 / 13, 1 / 11, 1 / 9, 1 / 7, 1 / 5, 1 / 3, 1];
  return s.keep(f64x2.add(e, f64x2.mul(f64x2.mul(t, polynomial64(s, z, series)), f64x2.const(2 * Math.LOG2E))));
}

/** 2ᵖ of doubles; beyond ±1000 it is as good as infinite or 0 in float32. Relative error below 1e-10. */
function exp2(s: Steps, exponent: Vector): Vector {
  const p = s.keep(f64x2.max(f64x2.min(exponent, f64x2.const(1000)), f64x2.const(-1000)));
  const n = s.keep(f64x2.nearest(p));
  const t = s.keep(f64x2.mul(f64x2.sub(p, n), f64x2.const(Math.LN2)));
  const factorials = [3628800, 362880, 40320, 5040, 720, 120, 24, 6, 2, 1, 1];
  // The whole number n + 1023 sits in the low bits of 2⁵² + n + 1023; shifted up it is the exponent of 2ⁿ.
  const scale = i64x2.shl(f64x2.add(n, f64x2.const(twoTo52 + exponentBias)), 52);
  return s.keep(f64x2.mul(polynomial64(s, t, factorials.map((k) => 1 / k)), scale));
}

/** |x|ʸ for the two low lanes. */
function positive(s: Steps, x: Vector, y: Vector): Vector {
  const base = s.keep(f64x2.promoteLow(f32x4.abs(x)));
  const power = s.keep(f64x2.promoteLow(y));
  const isEdge = s.keep(v128.or(f64x2.eq(base, f64x2.const(0)), f64x2.eq(base, f64x2.const(Infinity))));
  const logarithm = v128.bitselect(f64x2.mul(f64x2.sub(base, f64x2.const(0.5)), f64x2.const(Infinity)), log2(s, base), isEdge);
  // NaN of the base has no fraction that would show it.
  const known = f64x2.mul(power, v128.bitselect(logarithm, base, f64x2.eq(base, base)));
  return s.keep(demote(exp2(s, known)));
}

/** xʸ as C has it, within 1 ulp: in float64 throughout. */
export function pow(f: FunctionBuilder, xArgument: Vector, yArgument: Vector): Vector {
  const s = new Steps(f);
  const [x, y] = [s.keep(xArgument), s.keep(yArgument)];
  const upper = (v: Vector): Vector => shuffle32(v, v, [2, 3, 2, 3]);
  const size = s.keep(shuffle32(positive(s, x, y), positive(s, upper(x), upper(y)), [0, 1, 4, 5]));
  const isWhole = s.keep(f32x4.eq(f32x4.trunc(y), y));
  const half = s.keep(f32x4.mul(y, f32x4.const(0.5)));
  const isOdd = v128.and(isWhole, f32x4.ne(f32x4.trunc(half), half));
  const isNegative = s.keep(i32x4.lt(x, i32x4.const(0)));
  const signed = s.keep(v128.or(size, v128.and(v128.and(isNegative, isOdd), f32x4.const(-0))));
  const isUndefined = v128.andNot(v128.and(v128.and(f32x4.lt(x, f32x4.const(0)), f32x4.gt(x, f32x4.const(-Infinity))), f32x4.eq(y, y)), isWhole);
  const known = pick(isUndefined, f32x4.const(NaN), signed);
  const minusOneToInfinity = v128.and(f32x4.eq(x, f32x4.const(-1)), f32x4.eq(f32x4.abs(y), f32x4.const(Infinity)));
  const isOne = v128.or(v128.or(f32x4.eq(y, f32x4.const(0)), f32x4.eq(x, f32x4.const(1))), minusOneToInfinity);
  return s.result(pick(isOne, f32x4.const(1), known));
}

/** Quotients up to here times the divisor are exact in float64. */
const farthest = 2 ** 28;

/** x − y·trunc(x/y) for the two low lanes. */
function remainder(s: Steps, x: Vector, y: Vector): Vector {
  const [a, b] = [s.keep(f64x2.promoteLow(x)), s.keep(f64x2.promoteLow(y))];
  const q = s.keep(f64x2.div(a, b));
  const whole = v128.bitselect(f64x2.neg(f64x2.floor(f64x2.neg(q))), f64x2.floor(q), f64x2.lt(q, f64x2.const(0)));
  return s.keep(demote(f64x2.sub(a, f64x2.mul(whole, b))));
}

/** The remainder with the sign of y, exact: by vectors where the quotient is small enough, otherwise by the host. */
export function mod(f: FunctionBuilder, xArgument: Vector, yArgument: Vector, host: Host): Vector {
  const s = new Steps(f);
  const [x, y] = [s.keep(xArgument), s.keep(yArgument)];
  const upper = (v: Vector): Vector => shuffle32(v, v, [2, 3, 2, 3]);
  const rest = f.local("v128");
  s.then(rest.set(shuffle32(remainder(s, x, y), remainder(s, upper(x), upper(y)), [0, 1, 4, 5])));
  // Also where the quotient was rounded up to the next whole number, and for infinite divisors.
  const size = f32x4.abs(f32x4.div(x, y));
  const isFar = s.keep(v128.not(v128.and(f32x4.lt(size, f32x4.const(farthest)), v128.and(f32x4.lt(f32x4.abs(rest.get), f32x4.abs(y)), f32x4.lt(f32x4.abs(y), f32x4.const(Infinity))))));
  const lane = (k: number): Code => when(i32x4.extract(isFar, k), [rest.set(f32x4.replace(rest.get, host.rem(f32x4.extract(x, k), f32x4.extract(y, k)), k))]);
  s.then(when(v128.anyTrue(isFar), [unrolled(4, lane)]));
  const found = s.keep(withSign(rest.get, x));
  const differs = v128.and(f32x4.ne(found, f32x4.const(0)), v128.xor(f32x4.lt(found, f32x4.const(0)), f32x4.lt(y, f32x4.const(0))));
  return s.result(f32x4.add(found, v128.and(differs, y)));
}
