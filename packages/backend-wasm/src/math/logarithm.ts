import { f32x4, i32x4, v128 } from "../assembler/index.js";
import type { FunctionBuilder } from "../assembler/index.js";
import { exp } from "./exponential.js";
import { Steps, pick, polynomial } from "./steps.js";
import type { Vector } from "./steps.js";

/** (log(1 + t) − t + t²/2)/t³ for √½ ≤ 1 + t ≤ √2. (Moshier, Cephes, logf) */
const tail = [7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1];

const smallestNormal = 2 ** -126;
const mantissaBits = 0x7fffff;

/** Natural logarithm, within 1 ulp; of denormals too. */
export function log(f: FunctionBuilder, argument: Vector): Vector {
  const s = new Steps(f);
  const given = s.keep(argument);
  const isTiny = s.keep(f32x4.lt(given, f32x4.const(smallestNormal)));
  const x = s.keep(pick(isTiny, f32x4.mul(given, f32x4.const(2 ** 23)), given));
  const bias = pick(isTiny, i32x4.const(-126 - 23), i32x4.const(-126));
  const fraction = s.keep(v128.or(v128.and(x, i32x4.const(mantissaBits)), f32x4.const(0.5)));
  const below = s.keep(f32x4.lt(fraction, f32x4.const(Math.SQRT1_2)));
  const e = s.keep(f32x4.fromI32x4(i32x4.add(i32x4.add(i32x4.shrUnsigned(x, 23), bias), below)));
  // fraction · (1 or 2) − 1, exactly.
  const t = s.keep(f32x4.add(f32x4.sub(fraction, f32x4.const(1)), v128.and(fraction, below)));
  const t2 = s.keep(f32x4.mul(t, t));
  const y = f32x4.add(f32x4.mul(f32x4.mul(polynomial(s, t, tail), t2), t), f32x4.mul(e, f32x4.const(-2.1219444e-4)));
  const value = f32x4.add(f32x4.add(t, f32x4.sub(y, f32x4.mul(t2, f32x4.const(0.5)))), f32x4.mul(e, f32x4.const(0.693359375)));
  const finite = pick(f32x4.eq(given, f32x4.const(0)), f32x4.const(-Infinity), value);
  // What is not below infinity is infinite or NaN and stays so; below 0 there is no logarithm.
  return s.result(pick(f32x4.lt(given, f32x4.const(0)), f32x4.const(NaN), pick(f32x4.lt(given, f32x4.const(Infinity)), finite, given)));
}

/** log(1 + x): the rounding error of 1 + x is undone by the factor x/((1 + x) − 1). Within 3 ulp. (Kahan) */
export function log1p(f: FunctionBuilder, argument: Vector): Vector {
  const s = new Steps(f);
  const x = s.keep(argument);
  const u = s.keep(f32x4.add(x, f32x4.const(1)));
  const d = s.keep(f32x4.sub(u, f32x4.const(1)));
  const value = f32x4.mul(log(f, u), f32x4.div(x, d));
  const isItself = v128.or(f32x4.eq(d, f32x4.const(0)), f32x4.eq(x, f32x4.const(Infinity)));
  return s.result(pick(isItself, x, value));
}

/** log(1 + eˣ) = max(x, 0) + log1p(e^−|x|), within 3 ulp. */
export function softplus(f: FunctionBuilder, argument: Vector): Vector {
  const s = new Steps(f);
  const x = s.keep(argument);
  return s.result(f32x4.add(f32x4.pmax(x, f32x4.const(0)), log1p(f, exp(f, f32x4.neg(f32x4.abs(x))))));
}
