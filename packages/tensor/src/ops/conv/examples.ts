import { example } from "../../op/example.js";
import type { Example } from "../../op/example.js";
import { conv1d, conv2d, conv3d } from "./conv.js";
import { convTranspose1d, convTranspose2d, convTranspose3d } from "./conv-transpose.js";
import { convolve, convolveInput, convolveWeight } from "./convolve.js";
import type { Convolution } from "../../backend/contract.js";
import { col2im, im2col } from "./patches.js";

const plain: Convolution = { kernel: [2], stride: [1], dilation: [1], padding: [[0, 0]], groups: 1, out: [2] };
const busy: Convolution = { kernel: [2, 2], stride: [2, 1], dilation: [1, 2], padding: [[1, 0], [0, 1]], groups: 2, out: [2, 3] };
const ramp = [[[[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16]]]];
const sobel = [[[[1, 0, -1], [2, 0, -2], [1, 0, -1]]]];
const ones = [[[[1, 1, 1], [1, 1, 1], [1, 1, 1]]]];
const square = [[[1, 2, 3], [4, 5, 6], [7, 8, 9]]];

const trio = (): Example[] => [
  example(convolve, { inputs: [[[[1, 2, 3]]], [[[1, 10]]]], call: ([x, w]) => convolve(x, w, plain), expect: [[[21, 32]]] }),
  example(convolve, { shapes: [[2, 4, 3, 4], [2, 2, 2, 2]], call: ([x, w]) => convolve(x, w, busy) }),
  example(convolveInput, { inputs: [[[[1, 2]]], [[[1, 10]]]], call: ([y, w]) => convolveInput(y, w, [3], plain), expect: [[[1, 12, 20]]] }),
  example(convolveInput, { shapes: [[1, 2, 2, 3], [2, 2, 2, 2]], call: ([y, w]) => convolveInput(y, w, [3, 4], busy) }),
  example(convolveWeight, { inputs: [[[[1, 2, 3]]], [[[1, 10]]]], call: ([x, y]) => convolveWeight(x, y, plain), expect: [[[21, 32]]] }),
  example(convolveWeight, { shapes: [[2, 4, 3, 4], [2, 2, 2, 3]], call: ([x, y]) => convolveWeight(x, y, busy) }),
];

const convs = (): Example[] => [
  example(conv1d, { inputs: [[[1, 2, 3, 4, 5]], [[[1, 0, -1]]]], call: ([x, w]) => conv1d(x, w, { padding: 1, stride: 2 }), expect: [[-2, -2, 4]] }),
  example(conv1d, { shapes: [[2, 2, 5], [2, 2, 3], [2]], call: ([x, w, bias]) => conv1d(x, w, { bias, padding: "same", paddingMode: "circular" }) }),
  example(conv1d, { shapes: [[1, 1, 3], [1, 1, 5]], throws: "kernel 5 does not fit input 3 with padding 0" }),
  example(conv1d, { shapes: [[1, 1, 3], [1, 1, 2]], call: ([x, w]) => conv1d(x, w, { padding: 0.5 }), throws: 'Use padding: "same"' }),
  example(conv2d, { inputs: [ramp, sobel], expect: [[[[-8, -8], [-8, -8]]]] }),
  example(conv2d, { inputs: [ones, [[[[1, 1], [1, 1]]]]], call: ([x, w]) => conv2d(x, w, { padding: "same" }), expect: [[[[4, 4, 2], [4, 4, 2], [2, 2, 1]]]] }),
  example(conv2d, { shapes: [[1, 2, 4, 4], [2, 1, 2, 2]], call: ([x, w]) => conv2d(x, w, { groups: 2, stride: 2, dilation: 2, padding: [[1, 1], [0, 1]] }) }),
  example(conv2d, { shapes: [[1, 2, 3, 3], [2, 2, 3, 3]], call: ([x, w]) => conv2d(x, w, { padding: 1, paddingMode: "reflect" }) }),
  example(conv2d, { shapes: [[1, 2, 3, 3], [2, 2, 3, 3]], call: ([x, w]) => conv2d(x, w, { padding: 1, paddingMode: "replicate" }) }),
  example(conv2d, { inputs: [[[[[-128, 127], [3, 4]]]], [[[[-128]]], [[[127]]]]], dtypes: ["int8", "int8"], expect: [[[[16384, -16256], [-384, -512]], [[-16256, 16129], [381, 508]]]] }),
  example(conv2d, { shapes: [[2, 6, 5, 7], [4, 3, 3, 3]], dtypes: ["int8", "int8"], range: [-128, 128], call: ([x, w]) => conv2d(x, w, { groups: 2, padding: 1, stride: 2 }) }),
  example(conv2d, { shapes: [[1, 3, 4, 4], [2, 1, 2, 2]], call: ([x, w]) => conv2d(x, w, { groups: 2 }), throws: "groups 2 do not divide 3 input channels" }),
  example(conv2d, { shapes: [[1, 3, 4, 4], [2, 1, 2, 2]], throws: "has 3 channels, the weight of shape [2, 1, 2, 2] takes 1" }),
  example(conv3d, { inputs: [[[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]], [[[[[1, 1], [1, 1]], [[1, 1], [1, 1]]]]]], expect: [[[[36]]]] }),
  example(conv3d, { shapes: [[1, 1, 2, 3, 2], [2, 1, 2, 2, 1]], call: ([x, w]) => conv3d(x, w, { padding: [1, 0, 0], stride: [2, 1, 1] }) }),
];

const transposed = (): Example[] => [
  example(convTranspose1d, { inputs: [[[1, 2]], [[[1, 10]]]], call: ([x, w]) => convTranspose1d(x, w, { stride: 2 }), expect: [[1, 10, 2, 20]] }),
  example(convTranspose1d, { shapes: [[2, 2, 3], [2, 1, 3], [2]], call: ([x, w, bias]) => convTranspose1d(x, w, { bias, groups: 2, stride: 2, padding: 1, outputPadding: 1 }) }),
  example(convTranspose1d, { shapes: [[1, 1, 3], [1, 1, 3]], call: ([x, w]) => convTranspose1d(x, w, { outputPadding: 1 }), throws: "outputPadding 1 is not below stride 1" }),
  example(convTranspose2d, { inputs: [square, [[[[1, 0], [0, 1]]]]], call: ([x, w]) => convTranspose2d(x, w), expect: [[[1, 2, 3, 0], [4, 6, 8, 3], [7, 12, 14, 6], [0, 7, 8, 9]]] }),
  example(convTranspose2d, { shapes: [[1, 2, 2, 3], [2, 2, 2, 2]], call: ([x, w]) => convTranspose2d(x, w, { dilation: 2, padding: [1, 0] }) }),
  example(convTranspose3d, { inputs: [[[[[2]]]], [[[[[1, 2]]]]]], call: ([x, w]) => convTranspose3d(x, w), expect: [[[[2, 4]]]] }),
  example(convTranspose3d, { shapes: [[1, 1, 2, 2, 2], [1, 1, 2, 1, 2]], call: ([x, w]) => convTranspose3d(x, w, { stride: [1, 2, 1] }) }),
];

const patches = (): Example[] => [
  example(im2col, { inputs: [[square]], call: ([x]) => im2col(x, 2), expect: [[[1, 2, 4, 5], [2, 3, 5, 6], [4, 5, 7, 8], [5, 6, 8, 9]]] }),
  example(im2col, { shapes: [[1, 2, 3, 3]], call: ([x]) => im2col(x, [2, 1], { padding: 1, stride: 2, dilation: [2, 1] }) }),
  example(col2im, { inputs: [[[[1, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1]]]], call: ([x]) => col2im(x, 3, 2), expect: [[[[1, 2, 1], [2, 4, 2], [1, 2, 1]]]] }),
  example(col2im, { shapes: [[1, 4, 4]], call: ([x]) => col2im(x, 2, 2, { padding: 1, stride: 2 }) }),
  example(col2im, { shapes: [[1, 4, 5]], call: ([x]) => col2im(x, 3, 2), throws: "For an image of [3, 3] give [N, C·4, 4]" }),
];

export const examples = (): Example[] => [...trio(), ...convs(), ...transposed(), ...patches()];
