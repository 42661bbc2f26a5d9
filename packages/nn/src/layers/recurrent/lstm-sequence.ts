import { Update } from "../../optim/update.js";
import { gatesOf } from "./gates.js";
import { gateGradients, gateValues, nextState } from "./lstm-step.js";
import { layOut, product, severalLike, slicesOf } from "./sequence-cell.js";
import type { SequenceCell } from "./sequence-cell.js";
import { release } from "./unrecorded.js";

const next = /* @__PURE__ */ new Update(5, 0, ([input, forget, candidate, output, cell]) => {
  const values = gateValues([input, forget, candidate, output]);
  return [...nextState(values, cell), ...values];
});

/** From the gradients of h' and c', the gates' values, c and c'. */
const gradients = /* @__PURE__ */ new Update(8, 0, ([toHidden, toCell, input, forget, candidate, output, cell, fresh]) =>
  gateGradients([input, forget, candidate, output], cell, fresh.tanh(), toHidden, toCell));

/** Keeps the gates' values. */
export const lstmSequence: SequenceCell = {
  gates: 4,
  parts: 2,
  kept: 4,
  hasProducts: false,
  flops: 13,
  forward: ({ weights, inputs, before: [hidden, cell], after, kept }) => {
    const sums = product(hidden, weights.hidden.transpose(), inputs);
    next.write([...gatesOf(sums, 4), cell], [...after, ...kept]);
    release(sums);
  },
  backward: ({ weights, before: [, cell], after: [, fresh], kept, toAfter, given, toInputs, toBefore: [toHidden, toCell] }) => {
    const gates = severalLike(cell, 4);
    gradients.write([...toAfter, ...kept, cell, fresh], [...slicesOf(gates), toCell]);
    layOut(gates, toInputs);
    release(gates);
    toHidden.backend.matmul(toInputs, weights.hidden, toHidden, given);
  },
};
