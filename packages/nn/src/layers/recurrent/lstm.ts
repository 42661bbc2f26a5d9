import { ValueError } from "@dl/registry";
import { cat, withGradMode } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import type { Parameter } from "../../module/parameter.js";
import { checkSizes } from "../sizes.js";
import { Recurrent } from "./layer.js";
import { Recorder } from "./lstm-trace.js";
import type { LSTMTrace } from "./lstm-trace.js";
import { recurrentKeys } from "./options.js";
import type { RecurrentOptions } from "./options.js";
import type { PackedSequence } from "./packing.js";
import { lstmRecurrence } from "./recurrences.js";

export interface LSTMOptions extends RecurrentOptions {
  /** Map hidden states to this size before they are used and given out. Default 0: not at all. (Sak et al., 2014) */
  readonly projSize?: number;
  /** What the forget gates' biases add up to at first, such as 1, so that cells start by remembering; by default drawn like the others. (Gers et al., 2000) */
  readonly forgetBias?: number;
}

export interface LSTMState {
  /** [numLayers · directions, N, hiddenSize], or projSize where there is one. */
  readonly hidden: Tensor;
  /** [numLayers · directions, N, hiddenSize]. */
  readonly cell: Tensor;
}

/** What `LSTM.forward` returns: it can be handed on as the state of the next call. */
export interface LSTMResult<X> extends LSTMState {
  /** Hidden states of the last layer at all steps, in the form of the input. */
  readonly output: X;
}

/** Sets the forget gate's part of a bias, which PyTorch keeps second of four. */
export function setForgetBias(bias: Parameter, value: number): void {
  const size = bias.shape[0] / 4;
  const own = bias.detach();
  bias.assign(cat([own.slice(0, 0, size), own.makeEmpty([size], own.dtype).add(value), own.slice(0, 2 * size)]));
}

export function checkForgetBias(where: string, { bias, forgetBias }: Pick<LSTMOptions, "bias" | "forgetBias">): void {
  if (forgetBias === undefined) return;
  if (!Number.isFinite(forgetBias)) throw new ValueError(where, `forgetBias is ${forgetBias}`, "Give a finite number", { forgetBias });
  if (bias === false) throw new ValueError(where, `forgetBias is ${forgetBias} without biases`, "Leave it out, or bias: false", { forgetBias });
}

/**
 * Long short-term memory: a cell c that an input gate i, a forget gate f and an output gate o guard.
 * i, f, o = σ(W·x + U·h + b), g = tanh(W_g·x + U_g·h + b_g), c' = f·c + i·g, h' = o·tanh(c').
 * Shapes: x [T, N, inputSize] (batchFirst: [N, T, inputSize]), [T, inputSize] or packed; hidden and cell [numLayers · directions,
 * N, hiddenSize] → output [T, N, directions · hiddenSize], hidden, cell; the rows of i, f, g, o stand one below the other:
 * weight_ih_l0 [4·hiddenSize, inputSize], weight_hh_l0 [4·hiddenSize, hiddenSize], bias_ih_l0, bias_hh_l0 [4·hiddenSize],
 * weight_hr_l0 [projSize, hiddenSize]. All start from U(−1/√hiddenSize, 1/√hiddenSize).
 * (Hochreiter & Schmidhuber, 1997; forget gates: Gers et al., 2000)
 * @throws ShapeError for another number of features, or a state of another size; ValueError
 */
export class LSTM extends Recurrent {
  static readonly type = "nn/LSTM";

  constructor(inputSize: number, hiddenSize: number, options: LSTMOptions = {}) {
    const { projSize = 0, forgetBias } = options;
    super({ where: "LSTM", keys: [...recurrentKeys, "projSize", "forgetBias"], gates: 4, projSize }, inputSize, hiddenSize, options);
    checkSizes("LSTM", { projSize }, 0);
    if (projSize >= hiddenSize) throw new ValueError("LSTM", `projSize ${projSize} is not below hiddenSize ${hiddenSize}`, "Project to fewer values", { projSize, hiddenSize });
    checkForgetBias("LSTM", options);
    if (forgetBias === undefined) return;
    for (const [key, bias] of this.namedParameters()) {
      if (key.startsWith("bias")) setForgetBias(bias, key.startsWith("bias_ih") ? forgetBias : 0);
    }
  }

  forward<X extends Tensor | PackedSequence>(x: X, state?: LSTMState): LSTMResult<X> {
    const { output, last } = this.run(x, state && [state.hidden, state.cell], this.stateSizes, () => lstmRecurrence);
    return { output, hidden: last[0], cell: last[1] };
  }

  /**
   * Runs like `forward`, and shows what the gates did: one entry per layer and direction, without gradients.
   * Shapes: every part [T, N, size] (batchFirst: [N, T, size]), at the times of x also for the way back.
   */
  trace(x: Tensor, state?: LSTMState): LSTMTrace[] {
    const recorders: Recorder[] = [];
    withGradMode(false, () => this.run(x, state && [state.hidden, state.cell], this.stateSizes, (place) => {
      const recorder = new Recorder(place);
      recorders.push(recorder);
      return recorder;
    }));
    const arrange = (part: Tensor): Tensor => (x.ndim === 2 ? part.squeeze(1) : this.batchFirst ? part.transpose(0, 1) : part);
    return recorders.map((recorder) => recorder.trace(arrange));
  }

  private get stateSizes(): number[] {
    return [this.outputSize, this.hiddenSize];
  }
}
