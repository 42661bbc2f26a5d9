import { checkOptions } from "@dl/registry";
import { unflatten } from "@dl/tensor";
import type { Shape, Tensor } from "@dl/tensor";
import { Layer } from "../module/layer.js";

/** x → x. Shapes: [..] → same. */
export class Identity extends Layer {
  static readonly type = "nn/Identity";

  constructor() {
    super([]);
  }

  forward(x: Tensor): Tensor {
    return x;
  }
}

export interface FlattenOptions {
  /** First dim to merge. Default 1: the batch stays. */
  readonly startDim?: number;
  /** Last dim to merge. Default −1. */
  readonly endDim?: number;
}

/** Merges dims startDim … endDim into one. Shapes: [N, ..] → [N, product]. */
export class Flatten extends Layer {
  static readonly type = "nn/Flatten";
  readonly startDim: number;
  readonly endDim: number;

  constructor(options?: FlattenOptions) {
    super([options]);
    checkOptions("Flatten", options, ["startDim", "endDim"]);
    this.startDim = options?.startDim ?? 1;
    this.endDim = options?.endDim ?? -1;
  }

  forward(x: Tensor): Tensor {
    return x.flatten(this.startDim, this.endDim);
  }
}

/** Splits one dim into several, the inverse of Flatten. Shapes: [.., product, ..] → [.., ...sizes, ..]. */
export class Unflatten extends Layer {
  static readonly type = "nn/Unflatten";

  constructor(readonly dim: number, readonly sizes: Shape) {
    super([dim, sizes]);
  }

  forward(x: Tensor): Tensor {
    return unflatten(x, this.dim, this.sizes);
  }
}
