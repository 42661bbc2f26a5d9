import { DTypeError, ShapeError } from "@dl/registry";
import { isFloat } from "../dtype.js";
import type { DType } from "../dtype.js";
import { defineOp } from "../op/define.js";
import { example } from "../op/example.js";
import type { Example } from "../op/example.js";
import { sumTo } from "../op/sum-to.js";
import { broadcastShapes, showShape } from "../shape.js";
import type { Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { broadcastView } from "../view.js";

function check(a: Tensor, b: Tensor): void {
  const inner = b.ndim > 1 ? b.shape[b.ndim - 2] : b.shape[0];
  if (a.ndim === 0 || b.ndim === 0 || a.shape[a.ndim - 1] !== inner) {
    throw new ShapeError(
      "matmul",
      `${showShape(a.shape)} times ${showShape(b.shape)}: the inner sizes differ`,
      "Transpose one of them: x.transpose()",
      { shapes: [a.shape, b.shape] },
    );
  }
  if (a.dtype !== b.dtype || !(isFloat(a.dtype) || a.dtype === "int32" || a.dtype === "int8")) {
    throw new DTypeError("matmul", `cannot multiply ${a.dtype} with ${b.dtype}`, 'Convert with x.to("float32")');
  }
}

/** Products of bytes are added up exactly. */
export const productType = (dtype: DType): DType => (dtype === "int8" ? "int32" : dtype);

const batchOf = (shape: Shape): Shape => shape.slice(0, -2);

const product = defineOp({
  name: "matmul",
  parse: (a: Tensor, b: Tensor) => [[a, b], null],
  shape: ([a, b]) => [...broadcastShapes("matmul", batchOf(a.shape), batchOf(b.shape)), a.shape[a.ndim - 2], b.shape[b.ndim - 1]],
  dtype: ([{ dtype }]) => productType(dtype),
  forward: (backend, [a, b], out) => {
    const batch = batchOf(out.shape);
    backend.matmul(broadcastView(a, [...batch, ...a.shape.slice(-2)]), broadcastView(b, [...batch, ...b.shape.slice(-2)]), out);
  },
  flops: ([a], out) => 2 * out.size * a.shape[a.ndim - 1],
  backward: ({ grad, inputs: [a, b], needs }): (Tensor | null)[] => [
    needs[0] ? sumTo(product(grad, b.transpose()), a.shape) : null,
    needs[1] ? sumTo(product(a.transpose(), grad), b.shape) : null,
  ],
});

/**
 * Matrix product a·b. Shapes: [.., M, K] × [.., K, N] → [.., M, N], leading dims broadcast; a vector [K] counts as a row on the
 * left and as a column on the right, and that dim vanishes again, as in torch.matmul. Transposed operands are not copied.
 * int8 times int8 gives int32, which is exact below 2³¹; the WebAssembly backend does large ones up to twice as fast as floats.
 * @throws ShapeError when the inner sizes differ; DTypeError when the dtypes do
 */
export function matmul(a: Tensor, b: Tensor): Tensor {
  check(a, b);
  if (a.ndim > 2 && b.ndim === 2) {
    // One tall product, whose weight gradient is one product too, instead of one for each leading index.
    return product(a.flatten(0, -2), b).reshape([...a.shape.slice(0, -1), b.shape[1]]);
  }
  if (a.ndim > 1 && b.ndim > 1) return product(a, b);
  const out = product(a.ndim === 1 ? a.unsqueeze(0) : a, b.ndim === 1 ? b.unsqueeze(1) : b);
  const columnless = b.ndim === 1 ? out.squeeze(-1) : out;
  return a.ndim === 1 ? columnless.squeeze(b.ndim === 1 ? -1 : -2) : columnless;
}

export const examples = (): Example[] => [
  example(product, { inputs: [[[1, 2], [3, 4]], [[5, 6], [7, 8]]], expect: [[19, 22], [43, 50]] }),
  example(product, { shapes: [[2, 3], [3, 4]] }),
  example(product, { shapes: [[2, 2, 3], [3, 2]] }),
  example(product, { shapes: [[2, 2, 3], [3, 2]], call: ([a, b]) => matmul(a, b) }),
  example(product, { shapes: [[2, 0, 3], [3, 2]], call: ([a, b]) => matmul(a, b) }),
  example(product, { shapes: [[2, 1, 2, 3], [2, 3, 2]] }),
  example(product, { shapes: [[3, 2], [4, 3]], call: ([a, b]) => matmul(a.transpose(), b.transpose()) }),
  example(product, { shapes: [[9, 17], [17, 10]] }),
  example(product, { inputs: [[[1, -128, 3], [127, 5, -6]], [[7, -8], [127, 127], [-128, 2]]], dtypes: ["int8", "int8"], expect: [[-16633, -16258], [2292, -393]] }),
  example(product, { shapes: [[9, 37], [37, 10]], dtypes: ["int8", "int8"], range: [-128, 128] }),
  example(product, { shapes: [[2, 2, 33], [5, 33]], dtypes: ["int8", "int8"], range: [-128, 128], call: ([a, b]) => product(a, b.transpose()) }),
  example(product, { inputs: [[1, 2, 3], [4, 5, 6]], call: ([a, b]) => matmul(a, b), expect: 32 }),
  example(product, { shapes: [[2, 3, 4], [4]], call: ([a, b]) => matmul(a, b) }),
  example(product, { shapes: [[2, 3], [4, 5]], call: ([a, b]) => matmul(a, b), throws: "[2, 3] times [4, 5]" }),
];
