import { defineOp } from "../op/define.js";
import { example } from "../op/example.js";
import type { Example } from "../op/example.js";
import { normalizeDims } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { reshaped } from "../view.js";

/** A row-major copy in memory of its own. */
export const clone = defineOp({
  name: "clone",
  parse: (x: Tensor) => [[x], null],
  shape: ([x]) => x.shape,
  forward: (backend, [x], out) => { backend.copy(x, out); },
  backward: ({ grad }) => [grad],
});

/** Reverses the order along one or several dims. A copy. */
export const flip = defineOp({
  name: "flip",
  parse: (x: Tensor, dims: number | readonly number[]) => [[x], normalizeDims("flip", dims, x.ndim)],
  shape: ([x]) => x.shape,
  forward: (backend, [x], out, dims) => {
    const strides = x.strides.map((stride, d) => (dims.includes(d) ? -stride : stride));
    const offset = dims.reduce((at, d) => at + (x.shape[d] - 1) * x.strides[d], x.offset);
    backend.copy(reshaped(x, x.shape, strides, offset), out);
  },
  backward: ({ grad, options: dims }): Tensor[] => [flip(grad, dims)],
});

export const examples = (): Example[] => [
  example(clone, { inputs: [[1, 2]], expect: [1, 2] }),
  example(clone, { shapes: [[2, 3]], call: ([x]) => clone(x.transpose()) }),
  example(flip, { inputs: [[[1, 2], [3, 4]]], call: ([x]) => flip(x, 1), expect: [[2, 1], [4, 3]] }),
  example(flip, { shapes: [[2, 3]], call: ([x]) => flip(x, [0, 1]) }),
];
