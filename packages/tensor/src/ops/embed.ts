import { defineOp } from "../op/define.js";
import { example } from "../op/example.js";
import type { Example } from "../op/example.js";
import type { Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { reshaped } from "../view.js";

/** Zeros of `shape` with x laid at from, from + step, … along `dim`: the inverse of a slice, and its gradient. */
export const embed = defineOp({
  name: "embed",
  parse: (x: Tensor, shape: Shape, dim: number, from: number, step: number) => [[x], { shape, dim, from, step }],
  shape: (_, { shape }) => shape,
  forward: (backend, [x], out, { dim, from, step }) => {
    const strides = out.strides.with(dim, out.strides[dim] * step);
    backend.copy(x, reshaped(out, x.shape, strides, out.offset + from * out.strides[dim]));
  },
  backward: ({ grad, inputs: [x], options: { dim, from, step } }) => [
    grad.slice(dim, from, from + (x.shape[dim] - 1) * step + 1, step),
  ],
});

export const examples = (): Example[] => [
  example(embed, { inputs: [[1, 2]], call: ([x]) => embed(x, [5], 0, 1, 2), expect: [0, 1, 0, 2, 0] }),
  example(embed, { shapes: [[2, 2]], call: ([x]) => embed(x, [2, 4], 1, 1, 1) }),
];
