import { selectExpr } from "@dl/tensor";
import { Update } from "../../optim/update.js";
import { tanhSlope } from "./gates.js";
import { product } from "./sequence-cell.js";
import type { SequenceCell } from "./sequence-cell.js";
import { release } from "./unrecorded.js";

const elmanSequence = (next: Update, gradient: Update): SequenceCell => ({
  gates: 1,
  parts: 1,
  kept: 0,
  hasProducts: false,
  flops: 2,
  forward: ({ weights, inputs, before: [hidden], after }) => {
    const sum = product(hidden, weights.hidden.transpose(), inputs);
    next.write([sum], after);
    release(sum);
  },
  backward: ({ weights, after, toAfter, given, toInputs, toBefore: [toHidden] }) => {
    gradient.write([...toAfter, ...after], [toInputs]);
    toHidden.backend.matmul(toInputs, weights.hidden, toHidden, given);
  },
});

export const tanhSequence: SequenceCell = /* @__PURE__ */ elmanSequence(
  /* @__PURE__ */ new Update(1, 0, ([sum]) => [sum.tanh()]),
  /* @__PURE__ */ new Update(2, 0, ([toHidden, hidden]) => [toHidden.mul(tanhSlope(hidden))]),
);

export const reluSequence: SequenceCell = /* @__PURE__ */ elmanSequence(
  /* @__PURE__ */ new Update(1, 0, ([sum]) => [selectExpr(sum.le(0), 0, sum)]),
  /* @__PURE__ */ new Update(2, 0, ([toHidden, hidden]) => [selectExpr(hidden.le(0), 0, toHidden)]),
);
