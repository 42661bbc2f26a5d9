import { defineComposite } from "../../op/define.js";
import type { Op } from "../../op/define.js";
import { elementwise } from "../../op/elementwise.js";
import { example } from "../../op/example.js";
import type { Example } from "../../op/example.js";
import { constant, select } from "../../expr/expr.js";
import type { Expr } from "../../expr/expr.js";
import type { Tensor } from "../../tensor.js";
import { asFloat, defineFormula, polynomial } from "./formula-op.js";

/** (1 + 2x)·e^(x²)·erfc(x) over t = (x − 3.5)/(x + 3.5), the form of Shepherd & Laframboise (1981); fitted to 3e-17 relative on [0, ∞]. */
const scaled = [
  1.2423492448711544, -0.14000918013761943, -0.010555596332221952, 0.09751909515326224, -0.11508959816001958, 0.08798315382467885,
  -0.0488233258310565, 0.019099330945601945, -0.004215019878405747, -0.00030226790250868746, 0.0005643842605299897,
  -0.00012151232760165049, -4.2781721628905614e-5, 2.4260839884956625e-5, 2.3272968965569266e-6, -3.814933907984698e-6,
  -4.3051702801470573e-8, 6.025096057081062e-7, -8.641744973204816e-9, -9.711971328975727e-8, 6.778448793564802e-10,
  1.3911592311296799e-8, 5.811094619015422e-11, -1.2155186967957756e-9,
];

/** e^(x²)·erfc(x) for x ≥ 0. */
const scaledErfc = (x: Expr): Expr => polynomial(constant(1).sub(constant(7).div(x.add(3.5))), scaled).div(x.mul(2).add(1));

/** e^(−x²) for 0 ≤ x ≤ 30, with x² split so that its rounding does not reach the exponent. */
function gaussian(x: Expr): Expr {
  const coarse = x.mul(16).floor().div(16);
  const rest = x.sub(coarse).mul(x.add(coarse));
  return coarse.square().neg().exp().mul(rest.neg().exp());
}

function complement(x: Expr): Expr {
  // Beyond 30 the result is 0 in float64, too; without the bound, ∞ − ∞ would arise.
  const magnitude = x.abs().min(30);
  const tail = gaussian(magnitude).mul(scaledErfc(magnitude));
  return select(x.lt(0), constant(2).sub(tail), tail);
}

const erfcSlope = elementwise("erfcSlope", (x) => x.square().neg().exp().mul(-2 / Math.sqrt(Math.PI)));

/** 1 − erf(x), without cancellation for large x. Relative error below 1e-15 in float64, 5e-7 in float32. Shapes: any → same. */
export const erfc = defineFormula("erfc", complement, (x) => erfcSlope(x));

/**
 * The distribution function of the standard normal, Φ(x) = erfc(−x/√2)/2.
 * Absolute error below 1e-16 in float64, 5e-8 in float32; in the lower tail relative, x²·2e-16 and x²·1e-7. Shapes: any → same.
 */
export const ndtr = /* @__PURE__ */ defineComposite("ndtr", (x: Tensor): Tensor => erfc(asFloat(x).mul(-Math.SQRT1_2)).mul(0.5));

/** φ(x)/Φ(x) = √(2/π)/(e^(u²)·erfc(u)) at u = −x/√2. */
function hazardFormula(x: Expr): Expr {
  const u = x.mul(-Math.SQRT1_2);
  const tail = scaledErfc(u.abs());
  return constant(Math.sqrt(2 / Math.PI)).div(select(u.lt(0), u.square().exp().mul(2).sub(tail), tail));
}

const hazardSlope = elementwise("hazardSlope", (x, h) => h.neg().mul(x.add(h)));
const hazard: Op<[x: Tensor]> = /* @__PURE__ */ defineFormula("hazard", hazardFormula, (x, h) => hazardSlope(x, h));

function logNormal(x: Expr): Expr {
  const left = scaledErfc(x.abs().mul(Math.SQRT1_2)).mul(0.5).log().sub(x.square().mul(0.5));
  const rest = complement(x.mul(Math.SQRT1_2)).mul(-0.5).log1p();
  return select(x.lt(-1), left, rest);
}

/** log Φ(x), the logarithm of `ndtr`, finite where Φ underflows. Error below 5e-16·(1 + |log Φ|) in float64, 3e-7 in float32. Shapes: any → same. */
export const logNdtr = defineFormula("logNdtr", logNormal, (x) => hazard(x));

export const examples = (): Example[] => [
  example(erfc, { inputs: [[-2, -0.5, 0, 0.5, 2]], expect: [1.9953222650189528, 1.5204998778130465, 1, 0.4795001221869535, 0.004677734981047266] }),
  example(erfc, { inputs: [[5, 9]], expect: [1.537459794428035e-12, 4.13703174651381e-37], tolerance: 1e-17 }),
  example(erfc, { inputs: [[-Infinity, Infinity, 1e30]], expect: [2, 0, 0], gradient: false }),
  example(erfc, { inputs: [[0, 1]], dtypes: ["int32"], expect: [1, 0.15729920705028513] }),
  example(ndtr, { inputs: [[-1, 0, 1.959963984540054]], expect: [0.15865525393145705, 0.5, 0.975] }),
  example(logNdtr, { inputs: [[-40, -1, 0, 2]], expect: [-804.6084420137538, -1.8410216450092636, -Math.LN2, -0.02301290932896349] }),
  example(logNdtr, { inputs: [[-Infinity, Infinity]], expect: [-Infinity, 0], gradient: false }),
];
