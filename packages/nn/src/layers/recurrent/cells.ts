import { ShapeError } from "@dl/registry";
import { showShape } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { Layer } from "../../module/layer.js";
import type { Parameter } from "../../module/parameter.js";
import { jsonOptions } from "../options.js";
import type { GRUOptions } from "./gru.js";
import { checkForgetBias, setForgetBias } from "./lstm.js";
import type { LSTMOptions, LSTMState } from "./lstm.js";
import { cellKeys, checkCell, drawCell } from "./options.js";
import type { CellOptions } from "./options.js";
import { elmanRecurrence, gruRecurrence, lstmRecurrence } from "./recurrences.js";
import type { CellState, Recurrence } from "./recurrences.js";
import { checkNonlinearity } from "./rnn.js";
import type { RNNOptions, RnnNonlinearity } from "./rnn.js";

/** One step of a recurrent network, for loops of one's own. */
abstract class Cell extends Layer {
  readonly weightIh: Parameter;
  readonly weightHh: Parameter;
  readonly biasIh: Parameter | null;
  readonly biasHh: Parameter | null;

  constructor(private readonly where: string, gates: number, readonly inputSize: number, readonly hiddenSize: number, options: CellOptions, keys: readonly string[]) {
    super([inputSize, hiddenSize, jsonOptions(options)]);
    checkCell(where, inputSize, hiddenSize, options, [...cellKeys, ...keys]);
    const { weightIh, weightHh, biasIh, biasHh } = drawCell(gates * hiddenSize, inputSize, hiddenSize, options);
    this.weightIh = weightIh;
    this.weightHh = weightHh;
    this.biasIh = biasIh;
    this.biasHh = biasHh;
  }

  /** @param given the parts of the state; zeros where left out */
  protected step(recurrence: Recurrence, x: Tensor, given: Readonly<Record<string, Tensor | undefined>>): CellState {
    this.checkInput(x);
    const rows = (tensor: Tensor): Tensor => (x.ndim === 1 ? tensor.unsqueeze(0) : tensor);
    const shape = [...x.shape.slice(0, -1), this.hiddenSize];
    const state = Object.entries(given).map(([name, part]) => {
      if (part !== undefined && showShape(part.shape) !== showShape(shape)) {
        throw new ShapeError(this.where, `the ${name} state has shape ${showShape(part.shape)}, not ${showShape(shape)}`, "Give what an earlier call returned for a batch of this size, or leave it out for zeros", {
          shapes: [part.shape, shape],
        });
      }
      return rows(part ?? x.makeEmpty(shape, x.dtype));
    });
    const weights = { input: this.weightIh, hidden: this.weightHh, inputBias: this.biasIh, hiddenBias: this.biasHh, projection: null };
    const next = recurrence.step(recurrence.project(rows(x), weights), state, weights);
    return x.ndim === 1 ? next.map((part) => part.squeeze(0)) : next;
  }

  private checkInput({ shape, ndim }: Tensor): void {
    if ((ndim === 1 || ndim === 2) && shape[ndim - 1] === this.inputSize) return;
    throw new ShapeError(this.where, `expected x of shape [N, ${this.inputSize}] or [${this.inputSize}], got ${showShape(shape)}`, "Give one step at a time: x.select(0, t)", { shape });
  }
}

/** One step of `RNN`. Shapes: x [N, inputSize] or [inputSize], hidden [N, hiddenSize] or [hiddenSize] → as hidden. @throws ShapeError */
export class RNNCell extends Cell {
  static readonly type = "nn/RNNCell";
  readonly nonlinearity: RnnNonlinearity;

  constructor(inputSize: number, hiddenSize: number, options: CellOptions & Pick<RNNOptions, "nonlinearity"> = {}) {
    super("RNNCell", 1, inputSize, hiddenSize, options, ["nonlinearity"]);
    this.nonlinearity = options.nonlinearity ?? "tanh";
    checkNonlinearity("RNNCell", this.nonlinearity);
  }

  forward(x: Tensor, hidden?: Tensor): Tensor {
    return this.step(elmanRecurrence(this.nonlinearity), x, { hidden })[0];
  }
}

/** One step of `LSTM`. Shapes: x [N, inputSize] or [inputSize]; hidden and cell [N, hiddenSize] or [hiddenSize]. @throws ShapeError */
export class LSTMCell extends Cell {
  static readonly type = "nn/LSTMCell";

  constructor(inputSize: number, hiddenSize: number, options: CellOptions & Pick<LSTMOptions, "forgetBias"> = {}) {
    super("LSTMCell", lstmRecurrence.gates, inputSize, hiddenSize, options, ["forgetBias"]);
    checkForgetBias("LSTMCell", options);
    if (options.forgetBias === undefined) return;
    if (this.biasIh !== null) setForgetBias(this.biasIh, options.forgetBias);
    if (this.biasHh !== null) setForgetBias(this.biasHh, 0);
  }

  forward(x: Tensor, state?: LSTMState): LSTMState {
    const [hidden, cell] = this.step(lstmRecurrence, x, { hidden: state?.hidden, cell: state?.cell });
    return { hidden, cell };
  }
}

/** One step of `GRU`. Shapes: x [N, inputSize] or [inputSize], hidden [N, hiddenSize] or [hiddenSize] → as hidden. @throws ShapeError */
export class GRUCell extends Cell {
  static readonly type = "nn/GRUCell";
  readonly resetAfter: boolean;

  constructor(inputSize: number, hiddenSize: number, options: CellOptions & Pick<GRUOptions, "resetAfter"> = {}) {
    super("GRUCell", 3, inputSize, hiddenSize, options, ["resetAfter"]);
    this.resetAfter = options.resetAfter ?? true;
  }

  forward(x: Tensor, hidden?: Tensor): Tensor {
    return this.step(gruRecurrence(this.resetAfter), x, { hidden })[0];
  }
}
