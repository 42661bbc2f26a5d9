// Standardising by statistics of one's own, with the gradient in closed form: a third of the passes over memory that the tape of
// the single steps would take.
import { record } from "../../op/apply.js";
import { elementwise } from "../../op/elementwise.js";
import type { GradientRule } from "../../op/origin.js";
import { state, withGradMode } from "../../state.js";
import type { Tensor } from "../../tensor.js";
import { inverseDeviation } from "./standardize.js";

export interface Standardized {
  readonly y: Tensor;
  /** With the reduced dims as size 1. No gradient flows through it. */
  readonly mean: Tensor;
  /** The population's variance, likewise. */
  readonly variance: Tensor;
}

interface Options {
  readonly dims: readonly number[];
  readonly eps: number;
  readonly variance: Tensor;
}

const gradient = elementwise("standardizedGradient", (grad, y, meanGrad, meanProduct, scale) => grad.sub(meanGrad).sub(y.mul(meanProduct)).mul(scale));

/** ∂L/∂x = (g − mean(g) − y·mean(g·y))/σ. What is saved is used as it is, unless this is to be differentiated itself. */
const rule: GradientRule<Options> = {
  name: "standardize",
  flops: ([x]) => 7 * x.size,
  backward: ({ grad, inputs: [x], output: y, options: { dims, eps, variance: saved } }) => {
    const keep = { keepDim: true };
    const variance = state.gradEnabled ? x.sub(x.mean(dims, keep)).square().mean(dims, keep) : saved;
    return [gradient(grad, y, grad.mean(dims, keep), grad.mul(y).mean(dims, keep), inverseDeviation(variance, eps))];
  },
};

/** (x − mean)/√(variance + eps) over `dims`, counted from the front, ascending. */
export function standardize(x: Tensor, dims: readonly number[], eps: number): Standardized {
  const { y, mean, variance } = withGradMode(false, () => {
    const ownMean = x.mean(dims, { keepDim: true });
    const deviation = x.sub(ownMean);
    const ownVariance = deviation.square().mean(dims, { keepDim: true });
    return { y: deviation.mul(inverseDeviation(ownVariance, eps)), mean: ownMean, variance: ownVariance };
  });
  return { y: record(y, rule, [x], { dims, eps, variance }), mean, variance };
}
