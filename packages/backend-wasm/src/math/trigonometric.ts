import { demote, f32x4, f64x2, i32x4, shuffle32, unrolled, v128, when } from "../assembler/index.js";
import type { Code, FunctionBuilder } from "../assembler/index.js";
import type { Host } from "./host.js";
import { Steps, multiplyAdd, pick, polynomial, withSign } from "./steps.js";
import type { Vector } from "./steps.js";

/** π/2 in three parts of 33 bits each. (Sun, fdlibm) */
const halfPi = [1.57079632673412561417, 6.07710050630396597660e-11, 2.02226624879595063154e-21];
/** Up to here the products of those parts with the quotient are exact. */
const farthest = 1e6;

const sinTail = [-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1];
const cosTail = [2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2];

/** x = k·π/2 + r in float64; r as float32 and k's two low bits as integers. */
function reduced(s: Steps, x: Vector): { readonly r: Vector; readonly k: Vector } {
  const half = (low: Vector): { readonly r: Vector; readonly k: Vector } => {
    const wide = s.keep(f64x2.promoteLow(low));
    const k = s.keep(f64x2.nearest(f64x2.mul(wide, f64x2.const(2 / Math.PI))));
    return { r: s.keep(demote(halfPi.reduce((rest, part) => f64x2.sub(rest, f64x2.mul(k, f64x2.const(part))), wide))), k: s.keep(i32x4.truncSatZero(k)) };
  };
  const [low, high] = [half(x), half(shuffle32(x, x, [2, 3, 2, 3]))];
  return { r: s.keep(shuffle32(low.r, high.r, [0, 1, 4, 5])), k: s.keep(shuffle32(low.k, high.k, [0, 1, 4, 5])) };
}

/** For the few arguments whose quotient has too many digits the host works them out, lane by lane. */
function farAway(s: Steps, x: Vector, value: Vector, host: (x: Code<"f32">) => Code<"f32">): Vector {
  const result = s.f.local("v128");
  s.then(result.set(value));
  const isFar = s.keep(v128.and(f32x4.gt(f32x4.abs(x), f32x4.const(farthest)), f32x4.lt(f32x4.abs(x), f32x4.const(Infinity))));
  const lane = (k: number): Code => when(i32x4.extract(isFar, k), [result.set(f32x4.replace(result.get, host(f32x4.extract(x, k)), k))]);
  s.then(when(v128.anyTrue(isFar), [unrolled(4, lane)]));
  return result.get;
}

/** sin(x + quarters·π/2), within 2 ulp. */
function wave(f: FunctionBuilder, argument: Vector, quarters: 0 | 1, host: (x: Code<"f32">) => Code<"f32">): Vector {
  const s = new Steps(f);
  const x = s.keep(argument);
  const { r, k } = reduced(s, x);
  const quadrant = s.keep(i32x4.add(k, i32x4.const(quarters)));
  const z = s.keep(f32x4.mul(r, r));
  const sine = multiplyAdd(f32x4.mul(polynomial(s, z, sinTail), z), r, r);
  const cosine = f32x4.add(f32x4.sub(f32x4.const(1), f32x4.mul(z, f32x4.const(0.5))), f32x4.mul(polynomial(s, z, cosTail), f32x4.mul(z, z)));
  const isOdd = i32x4.ne(v128.and(quadrant, i32x4.const(1)), i32x4.const(0));
  const sign = i32x4.shl(v128.and(quadrant, i32x4.const(2)), 30);
  const near = s.keep(v128.xor(pick(isOdd, cosine, sine), sign));
  // Infinity − Infinity is NaN, as it should be; −0 is kept.
  const exact = quarters === 0 ? pick(f32x4.eq(x, f32x4.const(0)), x, near) : near;
  const outside = pick(f32x4.lt(f32x4.abs(x), f32x4.const(Infinity)), exact, f32x4.const(NaN));
  return s.result(farAway(s, x, outside, host));
}

export const sin = (f: FunctionBuilder, x: Vector, host: Host): Vector => wave(f, x, 0, host.sin);
export const cos = (f: FunctionBuilder, x: Vector, host: Host): Vector => wave(f, x, 1, host.cos);

/** (atan(x)/x − 1)/x² in x², for |x| ≤ tan(π/8). (Moshier, Cephes, atanf) */
const atanTail = [8.05374449538e-2, -1.38776856032e-1, 1.99777106478e-1, -3.33329491539e-1];

/** The angle of the point (x, y) in (−π, π], within 3 ulp. */
export function atan2(f: FunctionBuilder, yArgument: Vector, xArgument: Vector): Vector {
  const s = new Steps(f);
  const [y, x] = [s.keep(yArgument), s.keep(xArgument)];
  const [height, width] = [s.keep(f32x4.abs(y)), s.keep(f32x4.abs(x))];
  const isSteep = s.keep(f32x4.gt(height, width));
  const [small, large] = [s.keep(f32x4.min(height, width)), s.keep(f32x4.max(height, width))];
  const bothInfinite = f32x4.eq(small, f32x4.const(Infinity));
  const quotient = pick(bothInfinite, f32x4.const(1), f32x4.div(small, large));
  const ratio = s.keep(pick(f32x4.eq(large, f32x4.const(0)), f32x4.const(0), quotient));
  const isWide = s.keep(f32x4.gt(ratio, f32x4.const(Math.SQRT2 - 1)));
  const t = s.keep(pick(isWide, f32x4.div(f32x4.sub(ratio, f32x4.const(1)), f32x4.add(ratio, f32x4.const(1))), ratio));
  const z = s.keep(f32x4.mul(t, t));
  const angle = s.keep(f32x4.add(multiplyAdd(f32x4.mul(polynomial(s, z, atanTail), z), t, t), v128.and(isWide, f32x4.const(Math.PI / 4))));
  const upright = s.keep(pick(isSteep, f32x4.sub(f32x4.const(Math.PI / 2), angle), angle));
  // −0 lies to the left as well.
  const isLeft = i32x4.lt(x, i32x4.const(0));
  const whole = withSign(pick(isLeft, f32x4.sub(f32x4.const(Math.PI), upright), upright), y);
  // NaN of either argument is lost in the comparisons.
  return s.result(pick(f32x4.eq(f32x4.add(y, x), f32x4.add(y, x)), whole, pick(v128.or(f32x4.ne(x, x), f32x4.ne(y, y)), f32x4.const(NaN), whole)));
}
