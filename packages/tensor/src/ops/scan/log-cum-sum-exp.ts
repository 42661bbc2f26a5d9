import { isFloat } from "../../dtype.js";
import { defineComposite } from "../../op/define.js";
import { example } from "../../op/example.js";
import type { Example } from "../../op/example.js";
import { normalizeDim } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { logAddExp } from "../special/logarithmic.js";
import { scanPairs } from "./scan-pairs.js";

/**
 * out[i] = log(e^x[0] + … + e^x[i]) along `dim`, added in pairs so that nothing overflows. Shapes: any → same.
 * Integers are taken as float32.
 */
export const logCumSumExp = /* @__PURE__ */ defineComposite("logCumSumExp", (x: Tensor, dim: number): Tensor =>
  scanPairs(isFloat(x.dtype) ? x : x.to("float32"), normalizeDim("logCumSumExp", dim, x.ndim), (before, here) => logAddExp(before, here)),
);

export const examples = (): Example[] => [
  example(logCumSumExp, { inputs: [[0, 0, Math.log(2)]], call: ([x]) => logCumSumExp(x, 0), expect: [0, Math.log(2), Math.log(4)] }),
  example(logCumSumExp, { inputs: [[1000, -1000, 1000]], call: ([x]) => logCumSumExp(x, 0), expect: [1000, 1000, 1000 + Math.LN2] }),
  example(logCumSumExp, { inputs: [[-Infinity, -Infinity, 1, Infinity]], call: ([x]) => logCumSumExp(x, 0), expect: [-Infinity, -Infinity, 1, Infinity], gradient: false }),
  example(logCumSumExp, { inputs: [[0.5, 0.5, 0.5]], call: ([x]) => logCumSumExp(x, 0) }),
  example(logCumSumExp, { shapes: [[2, 5]], call: ([x]) => logCumSumExp(x, 1) }),
  example(logCumSumExp, { shapes: [[3]], call: ([x]) => logCumSumExp(x, 1), throws: "dim 1 is out of range" }),
];
