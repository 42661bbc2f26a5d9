import { elementwise, linear, selectExpr } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { reluSequence, tanhSequence } from "./elman-sequence.js";
import { gatesOf } from "./gates.js";
import { gruAfterSequence, gruBeforeSequence } from "./gru-sequence.js";
import { lstmSequence } from "./lstm-sequence.js";
import { lstmStep } from "./lstm-step.js";
import type { SequenceCell } from "./sequence-cell.js";

/** What one direction of one layer learns, in PyTorch's layouts; rows of the gates stand one below the other. */
export interface CellWeights {
  /** [gates·H, I]. */
  readonly input: Tensor;
  /** [gates·H, R], R the size of the hidden state. */
  readonly hidden: Tensor;
  readonly inputBias: Tensor | null;
  readonly hiddenBias: Tensor | null;
  /** [R, H], for an LSTM with projections. */
  readonly projection: Tensor | null;
}

/** The hidden state, and an LSTM's cell. Shapes: [N, R], [N, H]. */
export type CellState = readonly Tensor[];

/** One kind of cell: what can be computed for all steps at once, and what must wait for the step before. */
export interface Recurrence {
  /** How many gates' rows the weights hold. */
  readonly gates: number;
  /** All inputs [rows, I] → [rows, gates·H], in one product. */
  project(x: Tensor, weights: CellWeights): Tensor;
  /** The next state from a step's rows of the projection and the state before it. */
  step(projected: Tensor, state: CellState, weights: CellWeights): CellState;
  /** How a whole sequence is computed at once; where it is missing, and with a projection, every step is recorded. */
  readonly sequence?: SequenceCell;
}

/** Both biases are added where the inputs are projected, since they only ever occur as a sum. */
function projectAll(x: Tensor, { input, inputBias, hiddenBias }: CellWeights): Tensor {
  const bias = inputBias === null || hiddenBias === null ? inputBias : inputBias.add(hiddenBias);
  return linear(x, input, bias);
}

const elmanTanh = /* @__PURE__ */ elementwise("elmanTanh", (a, b) => a.add(b).tanh());
const elmanRelu = /* @__PURE__ */ elementwise("elmanRelu", (a, b) => selectExpr(a.add(b).le(0), 0, a.add(b)));

/** h' = act(W·x + b + U·h). (Elman, 1990) */
export const elmanRecurrence = (nonlinearity: "tanh" | "relu"): Recurrence => ({
  gates: 1,
  project: projectAll,
  step: (projected, [hidden], weights) => [(nonlinearity === "tanh" ? elmanTanh : elmanRelu)(projected, hidden.matmul(weights.hidden.transpose()))],
  sequence: nonlinearity === "tanh" ? tanhSequence : reluSequence,
});

/** What stands before the non-linearities of an LSTM's input gate, forget gate, candidate and output gate, side by side. */
export const lstmProducts = (projected: Tensor, [hidden]: CellState, weights: CellWeights): Tensor => projected.add(hidden.matmul(weights.hidden.transpose()));

/** c' = σ(f)·c + σ(i)·tanh(g), h' = σ(o)·tanh(c'). (Hochreiter & Schmidhuber, 1997; Gers et al., 2000) */
export const lstmRecurrence: Recurrence = {
  gates: 4,
  project: projectAll,
  step: (projected, state, weights) => {
    const [hidden, cell] = lstmStep(lstmProducts(projected, state, weights), state[1]);
    return [weights.projection === null ? hidden : hidden.matmul(weights.projection.transpose()), cell];
  },
  sequence: lstmSequence,
};

const gruCandidate = /* @__PURE__ */ elementwise("gruCandidate", (reset, input, hidden) => input.add(reset.sigmoid().mul(hidden)).tanh());
const gruReset = /* @__PURE__ */ elementwise("gruReset", (reset, hidden) => reset.sigmoid().mul(hidden));
const gruUpdate = /* @__PURE__ */ elementwise("gruUpdate", (update, candidate, hidden) => candidate.add(update.sigmoid().mul(hidden.sub(candidate))));

/** n = tanh(Wₙx + r·(Uₙh + b)), h' = (1 − z)·n + z·h: the reset gate works on the product, so that one product serves all gates. */
const gruAfter: Recurrence = {
  gates: 3,
  project: (x, { input, inputBias }) => linear(x, input, inputBias),
  step: (projected, [hidden], weights) => {
    const [resetIn, updateIn, candidateIn] = gatesOf(projected, 3);
    const [resetBy, updateBy, candidateBy] = gatesOf(linear(hidden, weights.hidden, weights.hiddenBias), 3);
    return [gruUpdate(updateIn.add(updateBy), gruCandidate(resetIn.add(resetBy), candidateIn, candidateBy), hidden)];
  },
  sequence: gruAfterSequence,
};

/** n = tanh(Wₙx + Uₙ(r·h) + b), the original. (Cho et al., 2014) */
const gruBefore: Recurrence = {
  gates: 3,
  project: projectAll,
  step: (projected, [hidden], weights) => {
    const cut = 2 * hidden.shape[1];
    const [reset, update] = gatesOf(projected.slice(1, 0, cut).add(hidden.matmul(weights.hidden.slice(0, 0, cut).transpose())), 2);
    const candidate = elmanTanh(projected.slice(1, cut), gruReset(reset, hidden).matmul(weights.hidden.slice(0, cut).transpose()));
    return [gruUpdate(update, candidate, hidden)];
  },
  sequence: gruBeforeSequence,
};

export const gruRecurrence = (resetAfter: boolean): Recurrence => (resetAfter ? gruAfter : gruBefore);
