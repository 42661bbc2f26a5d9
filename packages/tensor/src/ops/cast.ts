import { checkDType } from "../dtype.js";
import type { DType } from "../dtype.js";
import { input } from "../expr/expr.js";
import { brandOp } from "../op/define.js";
import { Kernel } from "../op/elementwise.js";
import { example } from "../op/example.js";
import type { Example } from "../op/example.js";
import type { Tensor } from "../tensor.js";

const kernels = new Map<DType, Kernel>();

function castTo(x: Tensor, dtype: DType): Tensor {
  checkDType("to", dtype);
  if (x.dtype === dtype) return x;
  let kernel = kernels.get(dtype);
  if (kernel === undefined) kernels.set(dtype, (kernel = new Kernel("cast", input(0).cast(dtype), 1, 0)));
  return kernel.apply([x], []);
}

/** Converts the elements: floats are cut towards zero for integers, anything but 0 becomes true. */
export const cast = Object.assign(brandOp(castTo, "cast", "elementwise"), { differentiable: true });

export const examples = (): Example[] => [
  example(cast, { inputs: [[1.7, -1.7]], call: ([x]) => cast(x, "int32"), expect: [1, -1] }),
  example(cast, { inputs: [[0, 2]], call: ([x]) => cast(x, "bool"), expect: [false, true] }),
  example(cast, { inputs: [[0, 2]], dtypes: ["int32"], call: ([x]) => cast(x, "float32"), expect: [0, 2], gradient: false }),
  example(cast, { shapes: [[2, 3]], call: ([x]) => cast(x, "float64") }),
];
