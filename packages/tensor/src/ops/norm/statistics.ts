// Standardising by statistics of one's own, with the gradient in closed form: a third of the passes over memory that the tape of
// the single steps would take.
import { record } from "../../op/apply.js";
import { elementwise } from "../../op/elementwise.js";
import type { GradientRule } from "../../op/origin.js";
import { sizeOf } from "../../shape.js";
import type { Shape } from "../../shape.js";
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

/** [outer, rows, inner] for which the dims left out of `dims` are the rows; `null` when they do not lie together, or there is nothing. */
function asRows(shape: Shape, dims: readonly number[]): [number, number, number] | null {
  const kept = shape.flatMap((_, d) => (dims.includes(d) ? [] : [d]));
  const [first, end] = kept.length === 0 ? [0, 0] : [kept[0], kept[kept.length - 1] + 1];
  if (end - first !== kept.length || sizeOf(shape) === 0) return null;
  return [sizeOf(shape.slice(0, first)), sizeOf(shape.slice(first, end)), sizeOf(shape.slice(end))];
}

/** In one kernel, where the backend has it. */
function atOnce(x: Tensor, dims: readonly number[], eps: number): Standardized | null {
  const { backend } = x;
  const shape = asRows(x.shape, dims);
  if (backend.standardize === undefined || shape === null || x.dtype !== "float32") return null;
  const [y, mean, variance] = [x.shape, [shape[1]], [shape[1]]].map((own) => x.makeEmpty(own, x.dtype));
  backend.standardize(x.contiguous().reshape(shape), eps, y.reshape(shape), mean, variance);
  const kept = x.shape.map((size, d) => (dims.includes(d) ? 1 : size));
  return { y, mean: mean.reshape(kept), variance: variance.reshape(kept) };
}

function gradientAtOnce(grad: Tensor, y: Tensor, { dims, eps, variance }: Options): Tensor | null {
  const { backend } = y;
  const shape = asRows(y.shape, dims);
  if (backend.standardizeGradient === undefined || state.gradEnabled || shape === null || y.dtype !== "float32") return null;
  const out = y.makeEmpty(y.shape, y.dtype);
  backend.standardizeGradient(grad.contiguous().reshape(shape), y.contiguous().reshape(shape), variance.reshape([shape[1]]), eps, out.reshape(shape));
  return out;
}

/** ∂L/∂x = (g − mean(g) − y·mean(g·y))/σ. What is saved is used as it is, unless this is to be differentiated itself. */
const rule: GradientRule<Options> = {
  name: "standardize",
  flops: ([x]) => 7 * x.size,
  backward: ({ grad, inputs: [x], output: y, options }) => {
    const fast = gradientAtOnce(grad, y, options);
    if (fast !== null) return [fast];
    const { dims, eps, variance: saved } = options;
    const keep = { keepDim: true };
    const variance = state.gradEnabled ? x.sub(x.mean(dims, keep)).square().mean(dims, keep) : saved;
    return [gradient(grad, y, grad.mean(dims, keep), grad.mul(y).mean(dims, keep), inverseDeviation(variance, eps))];
  },
};

/** (x − mean)/√(variance + eps) over `dims`, counted from the front, ascending. */
export function standardize(x: Tensor, dims: readonly number[], eps: number): Standardized {
  const { y, mean, variance } = withGradMode(false, () => {
    const fast = atOnce(x, dims, eps);
    if (fast !== null) return fast;
    const ownMean = x.mean(dims, { keepDim: true });
    const deviation = x.sub(ownMean);
    const ownVariance = deviation.square().mean(dims, { keepDim: true });
    return { y: deviation.mul(inverseDeviation(ownVariance, eps)), mean: ownMean, variance: ownVariance };
  });
  return { y: record(y, rule, [x], { dims, eps, variance }), mean, variance };
}
