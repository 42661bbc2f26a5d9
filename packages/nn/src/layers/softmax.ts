import { logSoftmax, softmax } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { Layer } from "../module/layer.js";

/** eˣ/Σeˣ along `dim`. Shapes: [..] → same; the values along `dim` add up to 1. */
export class Softmax extends Layer {
  static readonly type = "nn/Softmax";

  constructor(readonly dim: number) {
    super([dim]);
  }

  forward(x: Tensor): Tensor {
    return softmax(x, this.dim);
  }
}

/** x − log Σeˣ along `dim`. Shapes: [..] → same. */
export class LogSoftmax extends Layer {
  static readonly type = "nn/LogSoftmax";

  constructor(readonly dim: number) {
    super([dim]);
  }

  forward(x: Tensor): Tensor {
    return logSoftmax(x, this.dim);
  }
}
