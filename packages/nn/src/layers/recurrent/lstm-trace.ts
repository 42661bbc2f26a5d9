import { stack } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { gatesOf } from "./gates.js";
import type { Place } from "./layer.js";
import { lstmProducts, lstmRecurrence } from "./recurrences.js";
import type { CellState, CellWeights, Recurrence } from "./recurrences.js";

/** What one direction of one layer of an LSTM did at every step. */
export interface LSTMTrace extends Place {
  /** σ(i): how much of the candidate enters the cell. */
  readonly inputGate: Tensor;
  /** σ(f): how much of the cell stays. */
  readonly forgetGate: Tensor;
  /** tanh(g): what may enter. */
  readonly candidate: Tensor;
  /** σ(o): how much of the cell shows. */
  readonly outputGate: Tensor;
  /** c'. */
  readonly cell: Tensor;
  /** h'. */
  readonly hidden: Tensor;
}

/** An LSTM's recurrence that notes its gates. */
export class Recorder implements Recurrence {
  readonly gates = lstmRecurrence.gates;
  private readonly steps: Tensor[][] = [];

  constructor(private readonly place: Place) {}

  project(x: Tensor, weights: CellWeights): Tensor {
    return lstmRecurrence.project(x, weights);
  }

  step(projected: Tensor, state: CellState, weights: CellWeights): CellState {
    const next = lstmRecurrence.step(projected, state, weights);
    const [input, forget, candidate, output] = gatesOf(lstmProducts(projected, state, weights), 4);
    const seen = [input.sigmoid(), forget.sigmoid(), candidate.tanh(), output.sigmoid(), next[1], next[0]];
    if (this.place.isReverse) this.steps.unshift(seen);
    else this.steps.push(seen);
    return next;
  }

  /** @param arrange from [T, N, size] to the layout of the caller's x */
  trace(arrange: (part: Tensor) => Tensor): LSTMTrace {
    const parts = this.steps[0].map((_, k) => arrange(stack(this.steps.map((seen) => seen[k]))));
    const [inputGate, forgetGate, candidate, outputGate, cell, hidden] = parts;
    return { ...this.place, inputGate, forgetGate, candidate, outputGate, cell, hidden };
  }
}
