import { cat } from "@dl/tensor";
import type { Expr } from "@dl/tensor";
import { Update } from "../../optim/update.js";
import { gatesOf, sigmoidSlope, tanhSlope } from "./gates.js";
import { layOut, product, severalLike, slicesOf } from "./sequence-cell.js";
import type { SequenceCell } from "./sequence-cell.js";
import { release } from "./unrecorded.js";

/** h' = (1 − z)·n + z·h. */
const mixed = (update: Expr, candidate: Expr, hidden: Expr): Expr => candidate.add(update.mul(hidden.sub(candidate)));

/** The gradients of what stands before z's and n's non-linearities. */
const toUpdate = (toHidden: Expr, update: Expr, candidate: Expr, hidden: Expr): Expr => toHidden.mul(hidden.sub(candidate)).mul(sigmoidSlope(update));
const toCandidate = (toHidden: Expr, update: Expr, candidate: Expr): Expr => toHidden.mul(update.neg().add(1)).mul(tanhSlope(candidate));

const nextAfter = /* @__PURE__ */ new Update(7, 0, ([resetIn, updateIn, candidateIn, resetBy, updateBy, candidateBy, hidden]) => {
  const [reset, update] = [resetIn.add(resetBy).sigmoid(), updateIn.add(updateBy).sigmoid()];
  const candidate = candidateIn.add(reset.mul(candidateBy)).tanh();
  return [mixed(update, candidate, hidden), reset, update, candidate, candidateBy];
});

/** Gradients of the projected inputs of r, z, n, then of the products with h, then what flows to h past the products. */
const gradientsAfter = /* @__PURE__ */ new Update(7, 0, ([toHidden, reset, update, candidate, candidateBy, hidden, given]) => {
  const inner = toCandidate(toHidden, update, candidate);
  const both = [inner.mul(candidateBy).mul(sigmoidSlope(reset)), toUpdate(toHidden, update, candidate, hidden)];
  return [...both, inner, ...both, inner.mul(reset), toHidden.mul(update).add(given)];
});

/** The reset gate works on the product. Keeps r, z, n and that product. */
export const gruAfterSequence: SequenceCell = {
  gates: 3,
  parts: 1,
  kept: 4,
  hasProducts: true,
  flops: 11,
  forward: ({ weights, inputs, before: [hidden], after, kept }) => {
    const bias = weights.hiddenBias?.expand(inputs.shape);
    const products = product(hidden, weights.hidden.transpose(), bias);
    nextAfter.write([...gatesOf(inputs, 3), ...gatesOf(products, 3), hidden], [...after, ...kept]);
    release(products);
  },
  backward: ({ weights, before: [hidden], kept, toAfter, given, toInputs, toProducts, toBefore: [toHidden] }) => {
    const all = severalLike(hidden, 7);
    gradientsAfter.write([...toAfter, ...kept, hidden, given], slicesOf(all));
    layOut(all.slice(0, 0, 3), toInputs);
    layOut(all.slice(0, 3, 6), toProducts);
    toHidden.backend.matmul(toProducts, weights.hidden, toHidden, all.select(0, 6));
    release(all);
  },
};

const opening = /* @__PURE__ */ new Update(3, 0, ([resetSum, updateSum, hidden]) => {
  const reset = resetSum.sigmoid();
  return [reset, updateSum.sigmoid(), reset.mul(hidden)];
});

const closing = /* @__PURE__ */ new Update(3, 0, ([candidateSum, update, hidden]) => {
  const candidate = candidateSum.tanh();
  return [candidate, mixed(update, candidate, hidden)];
});

/** Gradients of z and n, and what flows to h past both. */
const openingBack = /* @__PURE__ */ new Update(5, 0, ([toHidden, update, candidate, hidden, given]) => [
  toUpdate(toHidden, update, candidate, hidden), toCandidate(toHidden, update, candidate), toHidden.mul(update).add(given),
]);

/** The gradient of r, and what flows to h past the gates, given that of r·h. */
const closingBack = /* @__PURE__ */ new Update(4, 0, ([toShown, reset, hidden, past]) => [toShown.mul(hidden).mul(sigmoidSlope(reset)), toShown.mul(reset).add(past)]);

/** The reset gate works on the hidden state. Keeps r, z, r·h and n. */
export const gruBeforeSequence: SequenceCell = {
  gates: 3,
  parts: 1,
  kept: 4,
  hasProducts: false,
  flops: 10,
  forward: ({ weights, inputs, before: [hidden], after: [fresh], kept: [reset, update, shown, candidate] }) => {
    const cut = 2 * hidden.shape[1];
    const gates = product(hidden, weights.hidden.slice(0, 0, cut).transpose(), inputs.slice(1, 0, cut));
    opening.write([...gatesOf(gates, 2), hidden], [reset, update, shown]);
    const sum = product(shown, weights.hidden.slice(0, cut).transpose(), inputs.slice(1, cut));
    closing.write([sum, update, hidden], [candidate, fresh]);
    release(gates);
    release(sum);
  },
  backward: ({ weights, before: [hidden], kept: [reset, update, , candidate], toAfter, given, toInputs, toBefore: [toHidden] }) => {
    const cut = 2 * hidden.shape[1];
    const all = severalLike(hidden, 5);
    const [toReset, toUpdateSum, toCandidateSum, pastBoth, pastAll] = slicesOf(all);
    openingBack.write([...toAfter, update, candidate, hidden, given], [toUpdateSum, toCandidateSum, pastBoth]);
    const toShown = product(toCandidateSum, weights.hidden.slice(0, cut));
    closingBack.write([toShown, reset, hidden, pastBoth], [toReset, pastAll]);
    layOut(all.slice(0, 0, 3), toInputs);
    toHidden.backend.matmul(toInputs.slice(1, 0, cut), weights.hidden.slice(0, 0, cut), toHidden, pastAll);
    release(toShown);
    release(all);
  },
  toHiddenWeights: (toSums, before, [, , shown]) => {
    const cut = 2 * before.shape[1];
    return cat([toSums.slice(1, 0, cut).transpose().matmul(before), toSums.slice(1, cut).transpose().matmul(shown)]);
  },
};
