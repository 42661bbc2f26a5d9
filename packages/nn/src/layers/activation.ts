import { ValueError } from "@dl/registry";
import type { Tensor } from "@dl/tensor";
import { Layer } from "../module/layer.js";

/**
 * Any op of one tensor as a layer: `new Activation(gelu)`. Files name it by the op, so an op of a plugin works, too;
 * an ordinary function runs but cannot be saved. Shapes: the op's.
 */
export class Activation extends Layer {
  static readonly type = "nn/Activation";
  readonly op: (x: Tensor) => Tensor;

  constructor(op: (x: Tensor) => Tensor) {
    super([op]);
    if (typeof op !== "function") throw new ValueError("Activation", `the op is ${typeof op}`, "Give a function of one tensor: new Activation(gelu)");
    this.op = op;
  }

  forward(x: Tensor): Tensor {
    return this.op(x);
  }
}
