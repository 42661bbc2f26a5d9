import { example } from "../../op/example.js";
import type { Example } from "../../op/example.js";
import { localResponseNorm, normalize } from "./lengths.js";
import { batchNorm, groupNorm, instanceNorm, layerNorm, rmsNorm } from "./norm.js";

/** [1, 2, 3, 4] with mean 0 and variance 1, eps 1e-5. */
const four = [-1.3416354, -0.4472118, 0.4472118, 1.3416354];

export const examples = (): Example[] => [
  example(batchNorm, { inputs: [[[1], [2], [3], [4]]], call: ([x]) => batchNorm(x), expect: four.map((v) => [v]) }),
  example(batchNorm, { shapes: [[3, 2, 2], [2], [2]], call: ([x, weight, bias]) => batchNorm(x, { weight, bias, eps: 0.1 }) }),
  example(batchNorm, {
    inputs: [[[1], [2]], [1.5], [4]], call: ([x, mean, variance]) => batchNorm(x, { mean, variance, eps: 0 }), expect: [[-0.25], [0.25]],
  }),
  example(batchNorm, { shapes: [[1, 3]], call: ([x]) => batchNorm(x), throws: "one element per channel" }),
  example(layerNorm, { inputs: [[[1, 2, 3, 4]]], call: ([x]) => layerNorm(x, [4]), expect: [four] }),
  example(layerNorm, { shapes: [[2, 2, 3], [2, 3], [2, 3]], call: ([x, weight, bias]) => layerNorm(x, [2, 3], { weight, bias }) }),
  example(layerNorm, { shapes: [[2, 3]], call: ([x]) => layerNorm(x, [4]), throws: "x of shape [2, 3] does not end in [4]" }),
  example(rmsNorm, { inputs: [[[3, 4]]], call: ([x]) => rmsNorm(x, [2]), expect: [[3 / Math.sqrt(12.5), 4 / Math.sqrt(12.5)]] }),
  example(rmsNorm, { shapes: [[2, 3], [3]], call: ([x, weight]) => rmsNorm(x, [3], { weight, eps: 0.01 }) }),
  example(groupNorm, { inputs: [[[1, 2, 3, 4], [4, 3, 2, 1]]], call: ([x]) => groupNorm(x, 1), expect: [four, four.toReversed()] }),
  example(groupNorm, { shapes: [[2, 4, 2], [4], [4]], call: ([x, weight, bias]) => groupNorm(x, 2, { weight, bias }) }),
  example(groupNorm, { shapes: [[1, 4]], call: ([x]) => groupNorm(x, 3), throws: "3 groups do not divide 4 channels" }),
  example(instanceNorm, { inputs: [[[[1, 2, 3, 4]]]], call: ([x]) => instanceNorm(x), expect: [[four]] }),
  example(instanceNorm, { shapes: [[2, 2, 3], [2], [2]], call: ([x, weight, bias]) => instanceNorm(x, { weight, bias }) }),
  example(normalize, { inputs: [[[3, 4], [0, 0]]], call: ([x]) => normalize(x), expect: [[0.6, 0.8], [0, 0]], gradient: false }),
  example(normalize, { shapes: [[2, 3]], call: ([x]) => normalize(x, { dim: 0, p: 3 }) }),
  example(localResponseNorm, { inputs: [[[[1], [2]]]], call: ([x]) => localResponseNorm(x, 2, { alpha: 2, beta: 1 }), expect: [[[0.5], [1 / 3]]] }),
  example(localResponseNorm, { shapes: [[1, 3, 2]], call: ([x]) => localResponseNorm(x, 3, { alpha: 0.5 }) }),
];
