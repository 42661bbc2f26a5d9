import { f32x4 } from "../assembler/index.js";
import type { FunctionBuilder } from "../assembler/index.js";
import { moderateExp } from "./exponential.js";
import { Steps, multiplyAdd, pick, polynomial, withSign } from "./steps.js";
import type { Vector } from "./steps.js";

/** erf(x)/x − 1 in x², for |x| ≤ 0.9277. (Juffa, 2012, a minimax approximation) */
const near = [-5.96761703e-4, 4.99119423e-3, -2.67681349e-2, 1.12819925e-1, -3.76125336e-1, 1.28379166e-1];
/** log(1 − erf(t))/t + 1 for 0.9277 ≤ t ≤ 4. (Juffa, 2012) */
const far = [-1.7285347e-5, 3.83197126e-4, -3.88396438e-3, 2.42546219e-2, -1.06777877e-1, -6.34846687e-1, -1.28717512e-1];

/** From here on erf is 1 in float32. */
const end = 4;

/** The error function, within 2 ulp. */
export function erf(f: FunctionBuilder, argument: Vector): Vector {
  const s = new Steps(f);
  const x = s.keep(argument);
  const t = s.keep(f32x4.pmin(f32x4.abs(x), f32x4.const(end)));
  const z = s.keep(f32x4.mul(x, x));
  const inner = multiplyAdd(polynomial(s, z, near), x, x);
  const exponent = f32x4.sub(f32x4.mul(polynomial(s, t, far), t), t);
  const outer = withSign(f32x4.sub(f32x4.const(1), moderateExp(f, exponent)), x);
  return s.result(pick(f32x4.le(t, f32x4.const(0.927734375)), inner, outer));
}
