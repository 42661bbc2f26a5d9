import { elementwise, selectExpr } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { lstmStep } from "./lstm-step.js";

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
}

const plus = (x: Tensor, bias: Tensor | null): Tensor => (bias === null ? x : x.add(bias));

/** Both biases are added where the inputs are projected, since they only ever occur as a sum. */
function projectAll(x: Tensor, { input, inputBias, hiddenBias }: CellWeights): Tensor {
  const bias = inputBias === null || hiddenBias === null ? inputBias : inputBias.add(hiddenBias);
  return plus(x.matmul(input.transpose()), bias);
}

/** Columns of gate k, or of gates k … k + count − 1. */
const gate = (x: Tensor, size: number, k: number, count = 1): Tensor => x.slice(1, k * size, (k + count) * size);

const elmanTanh = /* @__PURE__ */ elementwise("elmanTanh", (a, b) => a.add(b).tanh());
const elmanRelu = /* @__PURE__ */ elementwise("elmanRelu", (a, b) => selectExpr(a.add(b).le(0), 0, a.add(b)));

/** h' = act(W·x + b + U·h). (Elman, 1990) */
export const elmanRecurrence = (nonlinearity: "tanh" | "relu"): Recurrence => ({
  gates: 1,
  project: projectAll,
  step: (projected, [hidden], weights) => [(nonlinearity === "tanh" ? elmanTanh : elmanRelu)(projected, hidden.matmul(weights.hidden.transpose()))],
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
};

const gruCandidate = /* @__PURE__ */ elementwise("gruCandidate", (reset, input, hidden) => input.add(reset.sigmoid().mul(hidden)).tanh());
const gruReset = /* @__PURE__ */ elementwise("gruReset", (reset, hidden) => reset.sigmoid().mul(hidden));
const gruUpdate = /* @__PURE__ */ elementwise("gruUpdate", (update, candidate, hidden) => candidate.add(update.sigmoid().mul(hidden.sub(candidate))));

/** n = tanh(Wₙx + r·(Uₙh + b)), h' = (1 − z)·n + z·h: the reset gate works on the product, so that one product serves all gates. */
const gruAfter: Recurrence = {
  gates: 3,
  project: (x, { input, inputBias }) => plus(x.matmul(input.transpose()), inputBias),
  step: (projected, [hidden], weights) => {
    const size = hidden.shape[1];
    const recurrent = plus(hidden.matmul(weights.hidden.transpose()), weights.hiddenBias);
    const gates = gate(projected, size, 0, 2).add(gate(recurrent, size, 0, 2));
    const candidate = gruCandidate(gate(gates, size, 0), gate(projected, size, 2), gate(recurrent, size, 2));
    return [gruUpdate(gate(gates, size, 1), candidate, hidden)];
  },
};

/** n = tanh(Wₙx + Uₙ(r·h) + b), the original. (Cho et al., 2014) */
const gruBefore: Recurrence = {
  gates: 3,
  project: projectAll,
  step: (projected, [hidden], weights) => {
    const size = hidden.shape[1];
    const gates = gate(projected, size, 0, 2).add(hidden.matmul(weights.hidden.slice(0, 0, 2 * size).transpose()));
    const reset = gruReset(gate(gates, size, 0), hidden);
    const candidate = elmanTanh(gate(projected, size, 2), reset.matmul(weights.hidden.slice(0, 2 * size).transpose()));
    return [gruUpdate(gate(gates, size, 1), candidate, hidden)];
  },
};

export const gruRecurrence = (resetAfter: boolean): Recurrence => (resetAfter ? gruAfter : gruBefore);
