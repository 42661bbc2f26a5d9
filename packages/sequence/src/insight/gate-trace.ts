import { evaluating, LSTM, type LSTMTrace } from "@dl/nn";
import { noGrad } from "@dl/autograd";
import { ValueError, checkOptions, checkWhole } from "@dl/registry";
import { indexSelect, type Tensor } from "@dl/tensor";
import { checkIds } from "../language-models/check-call.js";
import type { RecurrentLM } from "../language-models/recurrent/recurrent-lm.js";
import { vectorsOf } from "./vectors-of.js";

export interface GateTraceOptions {
  /** Units to look at, in this order. Default all. */
  readonly units?: readonly number[];
  /** Counted from 0, the one that reads the tokens. Default the last one. */
  readonly layer?: number;
}

/** What an LSTM's gates did at each token; every part is [N, T, units]. */
export type GateTrace = Omit<LSTMTrace, "layer" | "isReverse">;

const where = "gateTrace";

/**
 * What chosen units of an LSTM language model do at each token: the input, forget and output gates from 0 to 1, the candidate, the cell and the hidden
 * state. Some units count, or know that they are between quotes. Shapes: ids [N, T] int32 → each [N, T, units]. (Karpathy et al., 2015)
 * @throws ValueError for a model of other cells, or for a layer or unit that it does not have; ShapeError, DTypeError for what are no ids
 */
export function gateTrace(model: RecurrentLM, ids: Tensor, options: GateTraceOptions = {}): GateTrace {
  checkOptions(where, options, ["units", "layer"]);
  checkIds(where, ids);
  const { rnn } = model;
  if (!(rnn instanceof LSTM)) throw new ValueError(where, `the model's cells are ${rnn.constructor.name}`, 'Make it with cell: "lstm", the only ones with these gates');
  const { layer = rnn.numLayers - 1, units = Array.from({ length: rnn.hiddenSize }, (_, unit) => unit) } = options;
  checkPlace("layer", layer, rnn.numLayers);
  for (const unit of units) checkPlace("unit", unit, rnn.hiddenSize);
  const { inputGate, forgetGate, candidate, outputGate, cell, hidden } = evaluating(rnn, () => noGrad(() => rnn.trace(vectorsOf(model, ids))))[layer];
  const chosen = (part: Tensor): Tensor => indexSelect(part, 2, part.makeFrom(Int32Array.from(units), "int32", [units.length]));
  return {
    inputGate: chosen(inputGate), forgetGate: chosen(forgetGate), candidate: chosen(candidate),
    outputGate: chosen(outputGate), cell: chosen(cell), hidden: chosen(hidden),
  };
}

function checkPlace(name: string, value: number, count: number): void {
  checkWhole(where, name, value);
  if (value >= count) throw new ValueError(where, `${name} ${value} is not in [0, ${count})`, "Count from 0", { [name]: value, count });
}
