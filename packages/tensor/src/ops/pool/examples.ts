import { example } from "../../op/example.js";
import type { Example } from "../../op/example.js";
import {
  adaptiveAvgPool1d, adaptiveAvgPool2d, adaptiveAvgPool3d, adaptiveMaxPool1d, adaptiveMaxPool2d, adaptiveMaxPool2dWithIndices, adaptiveMaxPool3d,
} from "./adaptive-pool.js";
import { avgPool1d, avgPool2d, avgPool3d } from "./average-pool.js";
import { kMaxPool1d } from "./k-max-pool.js";
import { lpPool1d, lpPool2d, lpPool3d } from "./lp-pool.js";
import { maxPool1d, maxPool2d, maxPool2dWithIndices, maxPool3d, windowArgmax } from "./max-pool.js";
import { maxUnpool1d, maxUnpool2d, maxUnpool3d } from "./unpool.js";

const square = [[[1, 2, 3], [4, 5, 6], [7, 8, 9]]];
const cube = [[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]];
const pairs = { sizes: [4], out: [2], kernel: [2], stride: [2], dilation: [1], padding: [[0, 0]], asked: [[0, 0]] } as const;

const largest = (): Example[] => [
  example(windowArgmax, { inputs: [[1, 9, 8, 2]], call: ([x]) => windowArgmax(x, pairs), expect: [1, 0] }),
  example(maxPool1d, { inputs: [[[1, 5, 2, 4, 3]]], call: ([x]) => maxPool1d(x, 2), expect: [[5, 4]] }),
  example(maxPool1d, { inputs: [[[1, 5, 2, 4, 3]]], call: ([x]) => maxPool1d(x, 2, { ceilMode: true }), expect: [[5, 4, 3]] }),
  example(maxPool1d, { inputs: [[[-1, -5, -2]]], call: ([x]) => maxPool1d(x, 3, { stride: 1, padding: 1 }), expect: [[-1, -1, -2]] }),
  example(maxPool1d, { shapes: [[1, 4]], call: ([x]) => maxPool1d(x, 2, { padding: 2 }), throws: "padding 2 is more than half of kernel 2" }),
  example(maxPool2d, { inputs: [square], call: ([x]) => maxPool2d(x, 2, { stride: 1 }), expect: [[[5, 6], [8, 9]]] }),
  example(maxPool2d, { shapes: [[2, 2, 4, 5]], call: ([x]) => maxPool2d(x, [2, 3], { stride: 2, padding: [1, 1], ceilMode: true }) }),
  example(maxPool2d, { shapes: [[1, 1, 5, 5]], call: ([x]) => maxPool2d(x, 2, { dilation: 2, stride: 1 }) }),
  example(maxPool2d, { inputs: [square], call: ([x]) => maxPool2dWithIndices(x, 2, { padding: 1 }).indices, expect: [[[0, 2], [6, 8]]], gradient: false }),
  example(maxPool3d, { inputs: [cube], call: ([x]) => maxPool3d(x, 2), expect: [[[[8]]]] }),
  example(maxPool3d, { shapes: [[1, 2, 3, 2, 3]], call: ([x]) => maxPool3d(x, [2, 1, 2], { stride: 1 }) }),
];

const means = (): Example[] => [
  example(avgPool1d, { inputs: [[[1, 5, 2, 4, 3]]], call: ([x]) => avgPool1d(x, 2), expect: [[3, 3]] }),
  example(avgPool1d, { inputs: [[[1, 5, 2]]], call: ([x]) => avgPool1d(x, 2, { padding: 1, ceilMode: true }), expect: [[0.5, 3.5]] }),
  example(avgPool1d, { inputs: [[[1, 5, 2]]], call: ([x]) => avgPool1d(x, 2, { padding: 1, countIncludePad: false }), expect: [[1, 3.5]] }),
  example(avgPool2d, { inputs: [square], call: ([x]) => avgPool2d(x, 2, { stride: 1 }), expect: [[[3, 4], [6, 7]]] }),
  example(avgPool2d, { inputs: [square], call: ([x]) => avgPool2d(x, 2, { stride: 1, divisorOverride: 1 }), expect: [[[12, 16], [24, 28]]] }),
  example(avgPool2d, { shapes: [[2, 2, 4, 5]], call: ([x]) => avgPool2d(x, [2, 3], { stride: 2, padding: [1, 1], ceilMode: true, countIncludePad: false }) }),
  example(avgPool3d, { inputs: [cube], call: ([x]) => avgPool3d(x, 2), expect: [[[[4.5]]]] }),
  example(avgPool3d, { shapes: [[1, 1, 3, 2, 3]], call: ([x]) => avgPool3d(x, [2, 1, 2], { stride: 1 }) }),
  example(lpPool1d, { inputs: [[[3, -4, 6, 8]]], call: ([x]) => lpPool1d(x, 2, 2), expect: [[5, 10]] }),
  example(lpPool2d, { inputs: [square], call: ([x]) => lpPool2d(x, 1, 2, { stride: 1 }), expect: [[[12, 16], [24, 28]]] }),
  example(lpPool2d, { shapes: [[1, 2, 3, 4]], range: [0.5, 2], call: ([x]) => lpPool2d(x, 3, 2, { ceilMode: true }) }),
  example(lpPool3d, { inputs: [cube], call: ([x]) => lpPool3d(x, 2, 2), expect: [[[[Math.sqrt(204)]]]] }),
];

const largestK = (): Example[] => [
  example(kMaxPool1d, { inputs: [[3, 71, 9, 2, 1, 19, 27, 13, 6, 49]], call: ([x]) => kMaxPool1d(x, 4), expect: [71, 19, 27, 49] }),
  example(kMaxPool1d, { inputs: [[[1, 5, 5, 5]]], call: ([x]) => kMaxPool1d(x, 2), expect: [[5, 5]], gradient: false }),
  example(kMaxPool1d, { shapes: [[2, 2, 5]], call: ([x]) => kMaxPool1d(x, 3) }),
  example(kMaxPool1d, { shapes: [[2, 3]], call: ([x]) => kMaxPool1d(x, 4), throws: "has fewer than 4 elements in its last dim" }),
];

const adaptive = (): Example[] => [
  example(adaptiveAvgPool1d, { inputs: [[[1, 2, 3, 4, 5]]], call: ([x]) => adaptiveAvgPool1d(x, 2), expect: [[2, 4]] }),
  example(adaptiveAvgPool2d, { inputs: [square], call: ([x]) => adaptiveAvgPool2d(x, [1, 2]), expect: [[[4.5, 5.5]]] }),
  example(adaptiveAvgPool2d, { shapes: [[1, 2, 4, 5]], call: ([x]) => adaptiveAvgPool2d(x, [2, 3]) }),
  example(adaptiveAvgPool3d, { inputs: [cube], call: ([x]) => adaptiveAvgPool3d(x, 1), expect: [[[[4.5]]]] }),
  example(adaptiveMaxPool1d, { inputs: [[[1, 2, 5, 4, 3]]], call: ([x]) => adaptiveMaxPool1d(x, 2), expect: [[5, 5]] }),
  example(adaptiveMaxPool2d, { inputs: [square], call: ([x]) => adaptiveMaxPool2d(x, [1, 2]), expect: [[[8, 9]]] }),
  example(adaptiveMaxPool2d, { inputs: [square], call: ([x]) => adaptiveMaxPool2dWithIndices(x, [1, 2]).indices, expect: [[[7, 8]]], gradient: false }),
  example(adaptiveMaxPool2d, { shapes: [[1, 2, 4, 5]], call: ([x]) => adaptiveMaxPool2d(x, [2, 3]) }),
  example(adaptiveMaxPool3d, { inputs: [cube], call: ([x]) => adaptiveMaxPool3d(x, [1, 1, 2]), expect: [[[[7, 8]]]] }),
];

const unpooled = (): Example[] => [
  example(maxUnpool1d, { inputs: [[[5, 4]], [[1, 3]]], dtypes: ["float32", "int32"], call: ([x, i]) => maxUnpool1d(x, i, 2), expect: [[0, 5, 0, 4]] }),
  example(maxUnpool1d, { inputs: [[[5, 5]], [[1, 1]]], dtypes: ["float32", "int32"], call: ([x, i]) => maxUnpool1d(x, i, 2, { stride: 1 }), expect: [[0, 5, 0]] }),
  example(maxUnpool1d, { inputs: [[[5, 4]], [[1, 3]]], dtypes: ["float32", "int32"], call: ([x, i]) => maxUnpool1d(x, i, 2, { outputSize: [7] }), throws: "outputSize [7] is not what [2] was pooled from" }),
  example(maxUnpool2d, { inputs: [[[[5]]], [[[2]]]], dtypes: ["float32", "int32"], call: ([x, i]) => maxUnpool2d(x, i, 2), expect: [[[0, 0], [5, 0]]] }),
  example(maxUnpool3d, { inputs: [[[[[5]]]], [[[[6]]]]], dtypes: ["float32", "int32"], call: ([x, i]) => maxUnpool3d(x, i, 2), expect: [[[[0, 0], [0, 0]], [[0, 0], [5, 0]]]] }),
];

export const examples = (): Example[] => [...largest(), ...means(), ...largestK(), ...adaptive(), ...unpooled()];
