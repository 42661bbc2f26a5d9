import { checkOptions } from "@dl/registry";
import type { Tensor } from "@dl/tensor";
import { Layer } from "../../module/layer.js";
import { Linear } from "../linear.js";
import { jsonOptions } from "../options.js";
import type { CellOptions } from "./options.js";
import { parameterRows } from "./parameter-table.js";
import type { ParameterRow } from "./parameter-table.js";
import { RNN } from "./rnn.js";
import type { RNNOptions, RecurrentResult } from "./rnn.js";

export interface ElmanOptions extends Pick<CellOptions, "dtype" | "generator">, Pick<RNNOptions, "batchFirst" | "nonlinearity"> {
  /** "single" (default), the textbook's b, or "double", PyTorch's two. */
  readonly bias?: "single" | "double";
}

/**
 * The textbook's recurrent network: h' = tanh(U·x + W·h + b) and o = V·h' + c at each step.
 * Shapes: x [T, N, inputSize] (batchFirst: [N, T, inputSize]) or [T, inputSize], state [1, N, hiddenSize] → output
 * [T, N, outputSize], hidden as the state. H·n + H·H + H + o·H + o parameters for n inputs, H hidden units and o outputs.
 * (Elman, 1990)
 * @throws ShapeError, ValueError as `RNN`
 */
export class Elman extends Layer {
  static readonly type = "nn/Elman";
  readonly rnn: RNN;
  readonly output: Linear;

  constructor(inputSize: number, hiddenSize: number, outputSize: number, options: ElmanOptions = {}) {
    super([inputSize, hiddenSize, outputSize, jsonOptions(options)]);
    checkOptions("Elman", options, ["bias", "batchFirst", "nonlinearity", "dtype", "generator"]);
    const { dtype = "float32", generator } = options;
    this.rnn = new RNN(inputSize, hiddenSize, { ...options, bias: options.bias ?? "single" });
    this.output = new Linear(hiddenSize, outputSize, { dtype, ...(generator && { generator }) });
  }

  forward(x: Tensor, hidden?: Tensor): RecurrentResult<Tensor> {
    const states = this.rnn.forward(x, hidden);
    return { output: this.output.forward(states.output), hidden: states.hidden };
  }

  /** U, W, V, b and c with their keys, shapes and sizes. */
  paramTable(): ParameterRow[] {
    return parameterRows(this.namedParameters());
  }
}
