import { elementwise } from "../op/elementwise.js";
import { example } from "../op/example.js";
import type { Example } from "../op/example.js";
import { constant, select } from "../expr/expr.js";
import type { Expr } from "../expr/expr.js";

const limited = (x: Expr, low: number, high: number): Expr => select(x.le(low), low, select(x.ge(high), high, x));

/** max(x, 0); the gradient at 0 is 0. */
export const relu = elementwise("relu", (x) => select(x.le(0), 0, x));
/** min(max(x, 0), 6). */
export const relu6 = elementwise("relu6", (x) => limited(x, 0, 6));
/** x for x > 0, negativeSlope·x otherwise. (Maas et al., 2013) */
export const leakyRelu = elementwise("leakyRelu", (x, negativeSlope = constant(0.01)) => select(x.gt(0), x, x.mul(negativeSlope)));
/** leakyRelu with a learned slope, broadcast against x. (He et al., 2015) */
export const prelu = elementwise("prelu", (x, weight) => select(x.gt(0), x, x.mul(weight)));
/** x for x > 0, α(eˣ − 1) otherwise. (Clevert et al., 2016) */
export const elu = elementwise("elu", (x, alpha = constant(1)) => select(x.gt(0), x, x.expm1().mul(alpha)));
/** max(0, x) + min(0, α(e^(x/α) − 1)). (Barron, 2017) */
export const celu = elementwise("celu", (x, alpha = constant(1)) => select(x.gt(0), x, x.div(alpha).expm1().mul(alpha)));
/** 1.0507·(x for x > 0, 1.6733·(eˣ − 1) otherwise). (Klambauer et al., 2017) */
export const selu = elementwise("selu", (x) => select(x.gt(0), x, x.expm1().mul(1.6732632423543772)).mul(1.0507009873554805));
/** x·Φ(x) = x/2·(1 + erf(x/√2)). (Hendrycks & Gimpel, 2016) */
export const gelu = elementwise("gelu", (x) => x.mul(0.5).mul(x.mul(Math.SQRT1_2).erf().add(1)));
/** gelu by tanh: x/2·(1 + tanh(√(2/π)(x + 0.044715x³))). */
export const geluTanh = elementwise("geluTanh", (x) =>
  x.mul(0.5).mul(x.mul(x.square().mul(0.044715).add(1)).mul(Math.sqrt(2 / Math.PI)).tanh().add(1)),
);
/** 1/(1 + e⁻ˣ). */
export const sigmoid = elementwise("sigmoid", (x) => x.sigmoid());
/** log(sigmoid(x)), without underflow. */
export const logSigmoid = elementwise("logSigmoid", (x) => x.neg().softplus().neg());
/** x·sigmoid(x), also called swish. (Elfwing et al., 2017) */
export const silu = elementwise("silu", (x) => x.mul(x.sigmoid()));
/** x·tanh(softplus(x)). (Misra, 2019) */
export const mish = elementwise("mish", (x) => x.mul(x.softplus().tanh()));
/** log(1 + e^(βx))/β, without overflow. */
export const softplus = elementwise("softplus", (x, beta = constant(1)) => x.mul(beta).softplus().div(beta));
/** (eˣ − e⁻ˣ)/(eˣ + e⁻ˣ). */
export const tanh = elementwise("tanh", (x) => x.tanh());
/** x limited to [low, high]. */
export const hardtanh = elementwise("hardtanh", (x, low = constant(-1), high = constant(1)) => select(x.le(low), low, select(x.ge(high), high, x)));
/** min(max(x + 3, 0), 6)/6. */
export const hardsigmoid = elementwise("hardsigmoid", (x) => limited(x.add(3), 0, 6).div(6));
/** x·hardsigmoid(x). (Howard et al., 2019) */
export const hardswish = elementwise("hardswish", (x) => x.mul(limited(x.add(3), 0, 6)).div(6));
/** x/(1 + |x|). (Bergstra et al., 2009) */
export const softsign = elementwise("softsign", (x) => x.div(x.abs().add(1)));
/** x − tanh(x). */
export const tanhshrink = elementwise("tanhshrink", (x) => x.sub(x.tanh()));
/** 0 on [−λ, λ], x elsewhere. */
export const hardshrink = elementwise("hardshrink", (x, lambda = constant(0.5)) => select(x.abs().le(lambda), 0, x));
/** x moved by λ towards 0, and 0 on [−λ, λ]. */
export const softshrink = elementwise("softshrink", (x, lambda = constant(0.5)) =>
  select(x.gt(lambda), x.sub(lambda), select(x.lt(lambda.neg()), x.add(lambda), 0)),
);
/** x where x > threshold, value elsewhere. */
export const threshold = elementwise("threshold", (x, limit, value) => select(x.gt(limit), x, value));

const points = [-2, -0.5, 0.25, 0.5, 2];

export const examples = (): Example[] => [
  example(relu, { inputs: [[-1, 0, 2]], expect: [0, 0, 2], gradient: false }),
  example(relu, { shapes: [[2, 3]] }),
  example(relu6, { inputs: [[-1, 3, 8]], expect: [0, 3, 6] }),
  example(leakyRelu, { inputs: [[-1, 2]], expect: [-0.01, 2] }),
  example(leakyRelu, { inputs: [[-1, 2]], call: ([x]) => leakyRelu(x, 0.2), expect: [-0.2, 2] }),
  example(prelu, { inputs: [[[-1, 2], [-3, 4]], [0.1, 0.2]], expect: [[-0.1, 2], [-0.3, 4]] }),
  example(elu, { inputs: [points], expect: [Math.expm1(-2), Math.expm1(-0.5), 0.25, 0.5, 2] }),
  example(elu, { inputs: [[-1, 200]], call: ([x]) => elu(x, 2), expect: [2 * Math.expm1(-1), 200] }),
  example(celu, { inputs: [[-1, 1]], call: ([x]) => celu(x, 2), expect: [2 * Math.expm1(-0.5), 1] }),
  example(selu, { inputs: [[-1, 1]], expect: [-1.1113307, 1.050701] }),
  example(gelu, { inputs: [points], expect: [-0.0455003, -0.1542688, 0.1496766, 0.3457312, 1.9544997] }),
  example(geluTanh, { inputs: [points], expect: [-0.0454023, -0.1542860, 0.1496753, 0.3457140, 1.9545977] }),
  example(sigmoid, { inputs: [[-2, -0.5, 0, 0.5, 2]], expect: [0.1192029, 0.3775407, 0.5, 0.6224593, 0.8807971] }),
  example(sigmoid, { inputs: [[-1000, 1000]], expect: [0, 1] }),
  example(logSigmoid, { inputs: [[-1000, 0]], expect: [-1000, -Math.LN2] }),
  example(silu, { inputs: [points], expect: [-0.2384058, -0.1887703, 0.1405441, 0.3112297, 1.7615942] }),
  example(mish, { inputs: [points], expect: [-0.2525015, -0.2207366, 0.1695724, 0.3752485, 1.9439590] }),
  example(softplus, { inputs: [[-200, 0, 200]], expect: [0, Math.LN2, 200] }),
  example(softplus, { inputs: [points], call: ([x]) => softplus(x, 2) }),
  example(tanh, { inputs: [[-2, -0.5, 0, 0.5, 2]], expect: [-0.9640276, -0.4621172, 0, 0.4621172, 0.9640276] }),
  example(hardtanh, { inputs: [[-3, 0.5, 3]], expect: [-1, 0.5, 1] }),
  example(hardsigmoid, { inputs: [[-4, 0, 4]], expect: [0, 0.5, 1] }),
  example(hardswish, { inputs: [[-4, 1, 4]], expect: [0, 2 / 3, 4] }),
  example(softsign, { inputs: [[-1, 3]], expect: [-0.5, 0.75] }),
  example(tanhshrink, { inputs: [[0, 2]], expect: [0, 2 - Math.tanh(2)] }),
  example(hardshrink, { inputs: [[-1, 0.3, 1]], expect: [-1, 0, 1] }),
  example(softshrink, { inputs: [[-1, 0.3, 1]], expect: [-0.5, 0, 0.5] }),
  example(threshold, { inputs: [[0.05, 1]], call: ([x]) => threshold(x, 0.1, 20), expect: [20, 1] }),
];
