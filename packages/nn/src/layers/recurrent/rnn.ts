import { unknownName } from "@dl/registry";
import type { Tensor } from "@dl/tensor";
import { Recurrent } from "./layer.js";
import { recurrentKeys } from "./options.js";
import type { RecurrentOptions } from "./options.js";
import type { PackedSequence } from "./packing.js";
import { elmanRecurrence } from "./recurrences.js";

/** The function around the sum. */
export type RnnNonlinearity = "tanh" | "relu";

export interface RNNOptions extends RecurrentOptions {
  /** "tanh" (default) or "relu". */
  readonly nonlinearity?: RnnNonlinearity;
}

/** What RNN and GRU return: it can be handed on, `gru.forward(more, before.hidden)`. */
export interface RecurrentResult<X> {
  /** Hidden states of the last layer at all steps, in the form of the input. */
  readonly output: X;
  /** Hidden states after the last step, [numLayers · directions, N, hiddenSize]. */
  readonly hidden: Tensor;
}

export function checkNonlinearity(where: string, nonlinearity: string): void {
  if (nonlinearity !== "tanh" && nonlinearity !== "relu") throw unknownName(where, "non-linearity", nonlinearity, ["tanh", "relu"]);
}

/**
 * Elman's recurrent network: h' = tanh(W_ih·x + b_ih + W_hh·h + b_hh) at each step.
 * Shapes: x [T, N, inputSize] (batchFirst: [N, T, inputSize]), [T, inputSize] or packed; state [numLayers · directions, N,
 * hiddenSize] → output [T, N, directions · hiddenSize], hidden as the state; weight_ih_l0 [hiddenSize, inputSize],
 * weight_hh_l0 [hiddenSize, hiddenSize], bias_ih_l0 and bias_hh_l0 [hiddenSize], with `_reverse` for the way back.
 * All start from U(−1/√hiddenSize, 1/√hiddenSize). (Elman, 1990)
 * @throws ShapeError for another number of features, or a state of another size; ValueError
 */
export class RNN extends Recurrent {
  static readonly type = "nn/RNN";
  readonly nonlinearity: RnnNonlinearity;

  constructor(inputSize: number, hiddenSize: number, options: RNNOptions = {}) {
    super({ where: "RNN", keys: [...recurrentKeys, "nonlinearity"], gates: 1 }, inputSize, hiddenSize, options);
    this.nonlinearity = options.nonlinearity ?? "tanh";
    checkNonlinearity("RNN", this.nonlinearity);
  }

  forward<X extends Tensor | PackedSequence>(x: X, hidden?: Tensor): RecurrentResult<X> {
    const recurrence = elmanRecurrence(this.nonlinearity);
    const { output, last } = this.run(x, hidden && [hidden], [this.hiddenSize], () => recurrence);
    return { output, hidden: last[0] };
  }
}
