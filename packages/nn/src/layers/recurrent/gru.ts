import type { Tensor } from "@dl/tensor";
import { Recurrent } from "./layer.js";
import { recurrentKeys } from "./options.js";
import type { RecurrentOptions } from "./options.js";
import type { PackedSequence } from "./packing.js";
import { gruRecurrence } from "./recurrences.js";
import type { RecurrentResult } from "./rnn.js";

export interface GRUOptions extends RecurrentOptions {
  /** Apply the reset gate after the product with the hidden state, as PyTorch and cuDNN (default), or before it, as the paper. */
  readonly resetAfter?: boolean;
}

/**
 * Gated recurrent units: a reset gate r, an update gate z and no cell.
 * r = σ(W_r·x + U_r·h), z = σ(W_z·x + U_z·h), n = tanh(W_n·x + r·(U_n·h)), h' = (1 − z)·n + z·h, with biases; with
 * `resetAfter: false` n = tanh(W_n·x + U_n·(r·h)).
 * Shapes: as `RNN`, with the rows of r, z, n one below the other: weight_ih_l0 [3·hiddenSize, inputSize], …
 * (Cho et al., 2014)
 * @throws ShapeError for another number of features, or a state of another size; ValueError
 */
export class GRU extends Recurrent {
  static readonly type = "nn/GRU";
  readonly resetAfter: boolean;

  constructor(inputSize: number, hiddenSize: number, options: GRUOptions = {}) {
    super({ where: "GRU", keys: [...recurrentKeys, "resetAfter"], gates: 3 }, inputSize, hiddenSize, options);
    this.resetAfter = options.resetAfter ?? true;
  }

  forward<X extends Tensor | PackedSequence>(x: X, hidden?: Tensor): RecurrentResult<X> {
    const recurrence = gruRecurrence(this.resetAfter);
    const { output, last } = this.run(x, hidden && [hidden], [this.hiddenSize], () => recurrence);
    return { output, hidden: last[0] };
  }
}
