import { f32x4 } from "../assembler/index.js";
import type { FunctionBuilder } from "../assembler/index.js";
import { Steps, multiplyAdd, pick, polynomial, withSign } from "./steps.js";
import type { Vector } from "./steps.js";

/** Near 0 a polynomial in x², beyond it one of the fourth root of 1 − erf, which needs neither an exponential nor a division. */
const border = 1.04;
/** From here on erf is 1 in float32. */
const end = 4;

/** erf(x)/x − 1 in x², for |x| ≤ border: least largest relative error (6.2e-8), by reweighted least squares (Lawson, 1961). */
const near = [-5.445977e-4, 4.873564e-3, -2.6675101e-2, 1.1278976e-1, -3.7612188e-1, 1.2837909e-1];
/** (1 − erf(t))^¼ for border ≤ t ≤ end: least largest error of erf (1.8e-8), found likewise. */
const far = [-1.6525389e-4, 3.037667e-3, -2.1077177e-2, 6.25528e-2, -4.3897822e-2, -7.055504e-2, -3.0458295e-1, 1.0044575];

/** The error function, within 2 ulp. */
export function erf(f: FunctionBuilder, argument: Vector): Vector {
  const s = new Steps(f);
  const x = s.keep(argument);
  const t = s.keep(f32x4.pmin(f32x4.abs(x), f32x4.const(end)));
  const z = s.keep(f32x4.mul(x, x));
  const inner = multiplyAdd(polynomial(s, z, near), x, x);
  const root = s.keep(polynomial(s, t, far));
  const square = s.keep(f32x4.mul(root, root));
  const outer = withSign(f32x4.sub(f32x4.const(1), f32x4.mul(square, square)), x);
  return s.result(pick(f32x4.le(t, f32x4.const(border)), inner, outer));
}
