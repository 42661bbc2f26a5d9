import { checkOptions, checkPositive, ShapeError } from "@dl/registry";
import { constant, defineComposite, elementwise, selectExpr, showShape } from "@dl/tensor";
import type { Expr, Tensor } from "@dl/tensor";
import { checkAlike, checkPair, checkReduction, checkValues, reduceLoss } from "./common.js";
import type { LossOptions, Reduction } from "./common.js";

export interface KlDivOptions {
  /** "batchMean" divides the sum by the size of the first dim: the divergence per sample. Default "mean", per element. */
  readonly reduction?: Reduction | "batchMean";
  /** Whether the target holds logarithms, too. Default false. */
  readonly logTarget?: boolean;
}

export const klDivKeys = ["reduction", "logTarget"] as const satisfies readonly (keyof KlDivOptions)[];
export const klDivReductions: readonly string[] = ["mean", "sum", "none", "batchMean"];

/** A target of 0 adds nothing, whatever the input. */
const divergence = /* @__PURE__ */ elementwise("divergence", (x, t) => selectExpr(t.eq(0), 0, t.mul(t.log().sub(x))));
const logDivergence = /* @__PURE__ */ elementwise("logDivergence", (x, t) => t.exp().mul(t.sub(x)));

/**
 * Kullback–Leibler divergence from log-probabilities to a target distribution: the mean of t·(log t − input).
 * Shapes: input and target any, equal → []. (Kullback & Leibler, 1951)
 */
export const klDivLoss = /* @__PURE__ */ defineComposite("klDivLoss", (input: Tensor, target: Tensor, options: KlDivOptions = {}): Tensor => {
  checkOptions("klDivLoss", options, klDivKeys);
  const { reduction = "mean", logTarget = false } = options;
  checkReduction("klDivLoss", reduction, klDivReductions);
  checkPair("klDivLoss", input, target);
  const losses = logTarget ? logDivergence(input, target) : divergence(input, target);
  if (reduction !== "batchMean") return reduceLoss("klDivLoss", losses, reduction);
  if (input.ndim === 0) throw new ShapeError("klDivLoss", "the input has no batch dim", 'Use reduction "sum"', { shape: input.shape });
  return losses.sum().div(input.shape[0]);
});

export interface PoissonNllOptions extends LossOptions {
  /** Whether the input is the logarithm of the rate. Default true. */
  readonly logInput?: boolean;
  /** Adds Stirling's approximation of log t! where t > 1. Default false. */
  readonly full?: boolean;
  /** Keeps log(rate + eps) finite without logInput. Default 1e-8. */
  readonly eps?: number;
}

export const poissonNllKeys = ["logInput", "full", "eps", "reduction"] as const satisfies readonly (keyof PoissonNllOptions)[];

const stirling = (t: Expr): Expr => selectExpr(t.gt(1), t.mul(t.log()).sub(t).add(t.mul(2 * Math.PI).log().mul(0.5)), 0);

const poissonOfLog = /* @__PURE__ */ elementwise("poissonOfLog", (x, t) => x.exp().sub(t.mul(x)));
const poissonOfRate = /* @__PURE__ */ elementwise("poissonOfRate", (x, t, eps) => x.sub(t.mul(x.add(eps).log())));
const logFactorial = /* @__PURE__ */ elementwise("logFactorial", stirling);

/**
 * Negative log-likelihood of counts under Poisson's distribution: the mean of rate − t·log rate.
 * Shapes: input and target any, equal → [].
 */
export const poissonNllLoss = /* @__PURE__ */ defineComposite("poissonNllLoss", (input: Tensor, target: Tensor, options: PoissonNllOptions = {}): Tensor => {
  checkOptions("poissonNllLoss", options, poissonNllKeys);
  const { logInput = true, full = false, eps = 1e-8, reduction } = options;
  checkPositive("poissonNllLoss", "eps", eps);
  checkPair("poissonNllLoss", input, target);
  const losses = logInput ? poissonOfLog(input, target) : poissonOfRate(input, target, eps);
  return reduceLoss("poissonNllLoss", full ? losses.add(logFactorial(target)) : losses, reduction);
});

export interface GaussianNllOptions extends LossOptions {
  /** Adds the constant ½·log 2π. Default false. */
  readonly full?: boolean;
  /** The least variance. Default 1e-6. */
  readonly eps?: number;
}

export const gaussianNllKeys = ["full", "eps", "reduction"] as const satisfies readonly (keyof GaussianNllOptions)[];

const gaussian = /* @__PURE__ */ elementwise("gaussian", (x, t, v) => v.log().add(x.sub(t).square().div(v)).mul(0.5));
const shortfall = /* @__PURE__ */ elementwise("shortfall", (v, eps) => constant(0).max(eps.sub(v)));

/** The variance in a shape that broadcasts: the input's own, with a last dim of 1, or without the last dim. */
function fitVariance(input: Tensor, variance: Tensor): Tensor {
  const [own, found] = [showShape(input.shape), showShape(variance.shape)];
  if (found === own || (input.ndim > 0 && found === showShape(input.shape.with(-1, 1)))) return variance;
  if (input.ndim > 0 && found === showShape(input.shape.slice(0, -1))) return variance.unsqueeze(-1);
  throw new ShapeError("gaussianNllLoss", `input of shape ${own} and variance of shape ${found} do not fit`, "Give one variance per element, or one per row: [.., 1]", { shapes: [input.shape, variance.shape] });
}

/**
 * Negative log-likelihood under normal distributions: the mean of ½(log v + (input − target)²/v), v the variance but at least eps.
 * As in PyTorch, the bound does not stop the variance's gradient.
 * Shapes: input and target any, equal; variance the same, or [.., 1], or [..] without the last dim → []. (Nix & Weigend, 1994)
 * @throws ValueError for a negative variance; ShapeError, DTypeError
 */
export const gaussianNllLoss = /* @__PURE__ */ defineComposite("gaussianNllLoss", (input: Tensor, target: Tensor, variance: Tensor, options: GaussianNllOptions = {}): Tensor => {
  checkOptions("gaussianNllLoss", options, gaussianNllKeys);
  const { full = false, eps = 1e-6, reduction } = options;
  checkPositive("gaussianNllLoss", "eps", eps);
  checkPair("gaussianNllLoss", input, target);
  const fitted = fitVariance(input, variance);
  checkAlike("gaussianNllLoss", { input, variance: fitted.expand(input.shape) });
  checkValues("gaussianNllLoss", "variance", variance, (v) => !(v < 0), "0 or more", "Apply softplus or exp");
  const losses = gaussian(input, target, fitted.add(shortfall(fitted.detach(), eps)));
  return reduceLoss("gaussianNllLoss", full ? losses.add(0.5 * Math.log(2 * Math.PI)) : losses, reduction);
});
