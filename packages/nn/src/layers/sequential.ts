import { Chain } from "./chain.js";
import type { TensorModule } from "./chain.js";

/**
 * Runs modules one after the other: fₙ(…f₁(x)). Indexable and iterable; keys are `0.weight`, `2.bias`, … as PyTorch's.
 * Shapes: those of the first input and the last output; without modules any → same.
 */
export class Sequential extends Chain {
  static readonly type = "nn/Sequential";

  constructor(...layers: readonly TensorModule[]) {
    super(layers, layers);
  }
}
