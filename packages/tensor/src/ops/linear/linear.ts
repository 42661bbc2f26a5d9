import { DTypeError, ShapeError } from "@dl/registry";
import { defineOp } from "../../op/define.js";
import { example } from "../../op/example.js";
import type { Example } from "../../op/example.js";
import { showShape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { reshaped } from "../../view.js";

/** One product, to which the offset is added while it is written: x [M, K], weight [N, K], bias [N] → [M, N]. */
const product = defineOp({
  name: "linear",
  parse: (x: Tensor, weight: Tensor, bias: Tensor | null) => [bias === null ? [x, weight] : [x, weight, bias], null],
  shape: ([x, weight]) => [x.shape[0], weight.shape[0]],
  forward: (backend, [x, weight, bias], out) => {
    const turned = reshaped(weight, [weight.shape[1], weight.shape[0]], [weight.strides[1], weight.strides[0]]);
    // Without the third input `bias` is undefined: views come as many as inputs.
    const offset = (bias as typeof bias | undefined) && reshaped(bias, out.shape, [0, bias.strides[0]]);
    backend.matmul(x, turned, out, offset);
  },
  flops: ({ length, 0: x }, out) => out.size * (2 * x.shape[1] + (length > 2 ? 1 : 0)),
  backward: ({ grad, inputs: [x, weight], needs }): (Tensor | null)[] => [
    needs[0] ? grad.matmul(weight) : null,
    needs[1] ? grad.transpose().matmul(x) : null,
    needs[2] ? grad.sum(0) : null,
  ],
});

function check(x: Tensor, weight: Tensor, bias: Tensor | null): void {
  if (weight.ndim !== 2 || x.ndim === 0 || x.shape.at(-1) !== weight.shape[1]) {
    throw new ShapeError("linear", `x of shape ${showShape(x.shape)} with a weight of shape ${showShape(weight.shape)}`, "Give x [.., K] and a weight [N, K]", { shapes: [x.shape, weight.shape] });
  }
  if (bias !== null && showShape(bias.shape) !== `[${weight.shape[0]}]`) {
    throw new ShapeError("linear", `the bias has shape ${showShape(bias.shape)}`, `Give [${weight.shape[0]}], one number per output`, { shape: bias.shape });
  }
  for (const other of bias === null ? [weight] : [weight, bias]) {
    if (other.dtype !== x.dtype) throw new DTypeError("linear", `x is ${x.dtype}, the weight or bias ${other.dtype}`, `Convert one of them: x.to("${other.dtype}")`);
  }
}

/**
 * x·Wᵀ + b. Shapes: x [.., K], weight [N, K], bias [N] → [.., N].
 * @throws ShapeError when sizes do not meet; DTypeError when dtypes differ
 */
export function linear(x: Tensor, weight: Tensor, bias: Tensor | null = null): Tensor {
  check(x, weight, bias);
  const rows = x.ndim === 2 ? x : x.ndim === 1 ? x.unsqueeze(0) : x.flatten(0, -2);
  const out = product(rows, weight, bias);
  return x.ndim === 2 ? out : out.reshape([...x.shape.slice(0, -1), weight.shape[0]]);
}

export const examples = (): Example[] => [
  example(product, { inputs: [[[1, 2]], [[3, 4], [5, 6], [7, 8]], [1, 1, 1]], call: ([x, w, b]) => linear(x, w, b), expect: [[12, 18, 24]] }),
  example(product, { shapes: [[5, 7], [9, 7], [9]], call: ([x, w, b]) => linear(x, w, b) }),
  example(product, { shapes: [[5, 7], [9, 7]], call: ([x, w]) => linear(x, w) }),
  example(product, { shapes: [[2, 3, 4], [5, 4], [5]], call: ([x, w, b]) => linear(x, w, b) }),
  example(product, { shapes: [[4], [3, 4], [3]], call: ([x, w, b]) => linear(x, w, b) }),
  example(product, { shapes: [[0, 4], [3, 4], [3]], call: ([x, w, b]) => linear(x, w, b) }),
  example(product, { shapes: [[4, 3], [4, 3]], call: ([x, w]) => linear(x.transpose(), w.transpose()) }),
  example(product, { shapes: [[2, 3], [4, 5], [4]], call: ([x, w, b]) => linear(x, w, b), throws: "x of shape [2, 3] with a weight of shape [4, 5]" }),
  example(product, { shapes: [[2, 3], [4, 3], [3]], call: ([x, w, b]) => linear(x, w, b), throws: "the bias has shape [3]" }),
];
