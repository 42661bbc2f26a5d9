import { f32x4 } from "../assembler/index.js";
import type { FunctionBuilder } from "../assembler/index.js";
import { exp, moderateExp } from "./exponential.js";
import { Steps, multiplyAdd, pick, polynomial, withSign } from "./steps.js";
import type { Vector } from "./steps.js";

/** (tanh(x)/x − 1)/x² in x². (Moshier, Cephes, tanhf) */
const tail = [-5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1];

/** From here on tanh is 1 in float32. */
const end = 10;

/** Within 2 ulp: a polynomial near 0, otherwise 1 − 2/(e²ˣ + 1). */
export function tanh(f: FunctionBuilder, argument: Vector): Vector {
  const s = new Steps(f);
  const x = s.keep(argument);
  const size = s.keep(f32x4.pmin(f32x4.abs(x), f32x4.const(end)));
  const z = s.keep(f32x4.mul(x, x));
  const near = multiplyAdd(polynomial(s, z, tail), f32x4.mul(z, x), x);
  const far = f32x4.sub(f32x4.const(1), f32x4.div(f32x4.const(2), f32x4.add(moderateExp(f, f32x4.add(size, size)), f32x4.const(1))));
  return s.result(withSign(pick(f32x4.lt(size, f32x4.const(0.625)), near, far), x));
}

/** 1/(1 + e⁻ˣ), through e^−|x| so that neither side loses digits. Within 3 ulp. */
export function sigmoid(f: FunctionBuilder, argument: Vector): Vector {
  const s = new Steps(f);
  const x = s.keep(argument);
  const e = s.keep(exp(f, f32x4.neg(f32x4.abs(x))));
  const numerator = pick(f32x4.lt(x, f32x4.const(0)), e, f32x4.const(1));
  return s.result(f32x4.div(numerator, f32x4.add(e, f32x4.const(1))));
}
