import { customFunction } from "@dl/autograd";
import { cat, elementwise, logSumExp, selectExpr, stack, where as choose } from "@dl/tensor";
import type { Expr, Tensor } from "@dl/tensor";

/** log 0, but finite, so that no −∞ − (−∞) arises; what it stands for is multiplied by e^−1e30 = 0. */
const NEVER = -1e30;

/** A negative log-likelihood from here on is that of no way at all. */
export const IMPOSSIBLE = 1e29;

/** The ways through the labels that are summed over. L = 2S + 1 states: blank, label, blank, …, label, blank. */
export interface Lattice {
  /** Whether state s may be entered from state s − 2: at a label that differs from the one before. [N, L], bool. */
  readonly maySkip: Tensor;
  /** Whether a way may end in state s. [N, L], bool. */
  readonly mayEnd: Tensor;
  /** Number of frames of each sample. [N, 1], int32. */
  readonly lengths: Tensor;
}

/** log(eᵃ + eᵇ + eᶜ); c counts only where it may. */
function logSum(a: Expr, b: Expr, c: Expr, mayTakeC: Expr): Expr {
  const third = selectExpr(mayTakeC, c, NEVER);
  const top = a.max(b).max(third);
  return a.sub(top).exp().add(b.sub(top).exp()).add(third.sub(top).exp()).log().add(top);
}

const orNever = (x: Expr): Expr => selectExpr(x.lt(NEVER), NEVER, x);

/** α of the next frame; after a sample's last frame it stays as it is. */
const advance = /* @__PURE__ */ elementwise("ctcAdvance", (stay, step, skip, maySkip, emitted, length, frame) =>
  selectExpr(length.gt(frame), logSum(stay, step, skip, maySkip).add(orNever(emitted)), stay),
);
/** β of the frame before, which is that of the end from a sample's last frame on. */
const retreat = /* @__PURE__ */ elementwise("ctcRetreat", (stay, step, skip, maySkip, end, length, frame) =>
  selectExpr(length.gt(frame.add(1)), logSum(stay, step, skip, maySkip), end),
);
const emit = /* @__PURE__ */ elementwise("ctcEmit", (beta, emitted) => beta.add(orNever(emitted)));
const occupancy = /* @__PURE__ */ elementwise("ctcOccupancy", (alpha, beta, nll, length, frame) =>
  selectExpr(length.gt(frame).and(nll.lt(IMPOSSIBLE)), alpha.add(beta).add(nll).exp(), 0),
);

const filled = (like: Tensor, columns: number, value: number): Tensor => like.makeEmpty([like.shape[0], columns], like.dtype).add(value);

/**
 * α[t]: log-probability of all ways that have emitted frames 0 … t and stand in state s. The emissions are [T, N, L].
 * @param visit called with α of each frame, [N, L]
 */
function forwardScores(emitted: Tensor, { maySkip, lengths }: Lattice, visit?: (alpha: Tensor) => void): Tensor {
  const [frames, , states] = emitted.shape;
  const first = emitted.select(0, 0);
  // Two states before the first, so that every state has a neighbour and one before it: a way starts in the nearer of them.
  const outside = filled(first, 2, NEVER);
  let padded = cat([filled(first, 1, NEVER), filled(first, 1, 0), filled(first, states, NEVER)], 1);
  for (let t = 0; t < frames; t++) {
    const [stay, step, skip] = [2, 1, 0].map((from) => padded.slice(1, from, from + states));
    const alpha = advance(stay, step, skip, maySkip, emitted.select(0, t), lengths, t);
    visit?.(alpha);
    padded = cat([outside, alpha], 1);
  }
  return padded.slice(1, 2, 2 + states);
}

/** β[t], last frame first: log-probability of all ways on from state s after frame t to an end. */
function backwardScores(emitted: Tensor, { maySkip, mayEnd, lengths }: Lattice): Tensor[] {
  const [frames, , states] = emitted.shape;
  const first = emitted.select(0, 0);
  const outside = filled(first, 2, NEVER);
  const end = choose(mayEnd, filled(first, 1, 0), NEVER);
  // Whether the state after next may be entered from this one.
  const maySkipOn = cat([maySkip.slice(1, 2), outside.gt(0)], 1).slice(1, 0, states);
  const betas = [end];
  for (let t = frames - 2; t >= 0; t--) {
    const padded = cat([emit(betas[betas.length - 1], emitted.select(0, t + 1)), outside], 1);
    const [stay, step, skip] = [0, 1, 2].map((from) => padded.slice(1, from, from + states));
    betas.push(retreat(stay, step, skip, maySkipOn, end, lengths, t));
  }
  return betas;
}

/** Probability that a way stands in state s at frame t, given that it ends well: −∂nll/∂emitted. Shapes: [T, N, L], [N] → [T, N, L]. */
function occupancies(emitted: Tensor, nll: Tensor, lattice: Lattice): Tensor {
  const alphas: Tensor[] = [];
  forwardScores(emitted, lattice, (alpha) => alphas.push(alpha));
  const betas = backwardScores(emitted, lattice).reverse();
  return stack(alphas.map((alpha, t) => occupancy(alpha, betas[t], nll.unsqueeze(1), lattice.lengths, t)));
}

/**
 * −log of the probability of all ways, at least `IMPOSSIBLE` where there are none. Shapes: emitted [T, N, L] → [N].
 * The gradient is the closed form of Graves et al. (2006), in time linear in T; it is written with differentiable ops in turn.
 */
export function latticeNll(emitted: Tensor, lattice: Lattice): Tensor {
  const nll = customFunction({
    name: "ctcNll",
    forward: (x) => logSumExp(choose(lattice.mayEnd, forwardScores(x, lattice), NEVER), 1).neg(),
    backward: ({ grad, inputs: [x], output }) => [occupancies(x, output, lattice).mul(grad.unsqueeze(1)).neg()],
  });
  return nll(emitted);
}
