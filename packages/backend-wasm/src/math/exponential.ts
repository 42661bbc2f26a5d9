import { f32x4, i32x4 } from "../assembler/index.js";
import type { FunctionBuilder } from "../assembler/index.js";
import { Steps, multiplyAdd, pick, polynomial } from "./steps.js";
import type { Vector } from "./steps.js";

/** ln 2 in two parts, of which the first has few bits: its products with whole numbers are exact. */
const [ln2High, ln2Low] = [0.693359375, -2.1219444e-4];
/** (eʳ − 1 − r)/r² for |r| ≤ ln 2 / 2. (Moshier, Cephes, expf) */
const tail = [1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1];

/** Added to a float below 2²², it leaves the nearest whole number in the low bits. */
const magic = 1.5 * 2 ** 23;
const magicBits = 0x4b400000;

/** x = n·ln 2 + r, n as an integer. */
function reduced(s: Steps, x: Vector): { readonly whole: Vector; readonly r: Vector } {
  const shifted = s.keep(f32x4.add(f32x4.mul(x, f32x4.const(Math.LOG2E)), f32x4.const(magic)));
  const n = s.keep(f32x4.sub(shifted, f32x4.const(magic)));
  const r = s.keep(f32x4.sub(f32x4.sub(x, f32x4.mul(n, f32x4.const(ln2High))), f32x4.mul(n, f32x4.const(ln2Low))));
  return { r, whole: s.keep(i32x4.sub(shifted, i32x4.const(magicBits))) };
}

/** 2ⁿ for n from −126 to 127. */
const powerOfTwo = (n: Vector): Vector => i32x4.shl(i32x4.add(n, i32x4.const(127)), 23);

/** Within [low, high]; NaN stays. */
const clamped = (x: Vector, low: number, high: number): Vector => f32x4.pmax(f32x4.pmin(x, f32x4.const(high)), f32x4.const(low));

/** Within these bounds eˣ is neither 0 nor infinite in float32. */
const [lowest, highest] = [-104, 89];

/** eʳ from what `reduced` leaves. */
const reducedPower = (s: Steps, r: Vector): Vector => multiplyAdd(polynomial(s, r, tail), f32x4.mul(r, r), f32x4.add(r, f32x4.const(1)));

/** eˣ, within 1 ulp; denormal results included. */
export function exp(f: FunctionBuilder, argument: Vector): Vector {
  const s = new Steps(f);
  const x = s.keep(clamped(argument, lowest, highest));
  const { whole, r } = reduced(s, x);
  const value = reducedPower(s, r);
  // 2ⁿ in two factors: by itself it may be infinite or denormal where the product is not.
  const half = s.keep(i32x4.shrSigned(whole, 1));
  return s.result(f32x4.mul(f32x4.mul(value, powerOfTwo(half)), powerOfTwo(i32x4.sub(whole, half))));
}

/** eˣ, within 1 ulp, for x from −87 to 88, or NaN: fewer steps. */
export function moderateExp(f: FunctionBuilder, argument: Vector): Vector {
  const s = new Steps(f);
  const { whole, r } = reduced(s, s.keep(argument));
  return s.result(f32x4.mul(reducedPower(s, r), powerOfTwo(whole)));
}

/** eˣ − 1 without cancellation: 2ⁿ·(eʳ − 1) + (2ⁿ − 1), within 2 ulp. */
export function expm1(f: FunctionBuilder, argument: Vector): Vector {
  const s = new Steps(f);
  const given = s.keep(argument);
  const x = s.keep(clamped(given, -30, 87));
  const { whole, r } = reduced(s, x);
  const small = multiplyAdd(polynomial(s, r, tail), f32x4.mul(r, r), r);
  const scale = s.keep(powerOfTwo(whole));
  const value = s.keep(f32x4.add(f32x4.mul(small, scale), f32x4.sub(scale, f32x4.const(1))));
  // Small arguments are their own value, −0 among them.
  const moderate = pick(f32x4.eq(given, f32x4.const(0)), given, value);
  return s.result(pick(f32x4.gt(given, f32x4.const(87)), exp(f, given), moderate));
}
