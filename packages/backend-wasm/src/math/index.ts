import { f32x4 } from "../assembler/index.js";
import type { FunctionBuilder } from "../assembler/index.js";
import { erf } from "./error-function.js";
import { exp, expm1 } from "./exponential.js";
import { sigmoid, tanh } from "./hyperbolic.js";
import { log, log1p, softplus } from "./logarithm.js";
import { mod, pow } from "./power.js";
import { Steps, pick } from "./steps.js";
import type { Vector } from "./steps.js";
import { atan2, cos, sin } from "./trigonometric.js";

export { importHost, mathOfHost } from "./host.js";
export type { Host } from "./host.js";

/** −1, 0 or 1; −0 and NaN stay. */
function sign(f: FunctionBuilder, argument: Vector): Vector {
  const s = new Steps(f);
  const x = s.keep(argument);
  return s.result(pick(f32x4.gt(x, f32x4.const(0)), f32x4.const(1), pick(f32x4.lt(x, f32x4.const(0)), f32x4.const(-1), x)));
}

/** Functions on four float32 at a time, as code that leaves the result. */
export const vectorMath = { exp, expm1, log, log1p, softplus, tanh, sigmoid, erf, pow, sign, atan2 };
/** Those that ask the host for a few of their arguments. */
export const hostedMath = { sin, cos, mod };
