import { StateError, checkOptions } from "@dl/registry";
import { isTensor, withGradMode } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { seedFor, sweep } from "./engine.js";

export interface GradOptions {
  /** ∂objective/∂output for each output; needed where an output is not a scalar. */
  readonly gradOutputs?: readonly Tensor[];
  /** Keep the graph for another sweep. Default: the value of `createGraph`. */
  readonly retainGraph?: boolean;
  /** Make the gradients differentiable themselves. Default false. */
  readonly createGraph?: boolean;
  /** Give zeros for inputs that no output depends on, instead of an error. Default false. */
  readonly allowUnused?: boolean;
}

const listed = (x: Tensor | readonly Tensor[]): readonly Tensor[] => (isTensor(x) ? [x] : x);

function gradients(outputs: Tensor | readonly Tensor[], inputs: readonly Tensor[], options: GradOptions): Tensor[] {
  checkOptions("grad", options, ["gradOutputs", "retainGraph", "createGraph", "allowUnused"]);
  const { createGraph = false, retainGraph = createGraph, allowUnused = false, gradOutputs } = options;
  const roots = listed(outputs);
  const found = new Map<Tensor, Tensor>();
  const targets = new Set(inputs);
  sweep({
    roots,
    seeds: roots.map((root, i) => seedFor("grad", root, gradOutputs?.[i])),
    targets,
    createGraph,
    retainGraph,
    visit: (x, gradient) => {
      if (!targets.has(x)) return;
      gradient.hold(Infinity);
      found.set(x, gradient);
    },
  });
  return inputs.map((input, i) => {
    const gradient = found.get(input);
    if (gradient !== undefined) return gradient;
    if (allowUnused) return input.makeEmpty(input.shape, input.dtype);
    throw new StateError("grad", `the outputs do not depend on input ${i}`, "Check that it requires a gradient, or pass { allowUnused: true } for zeros", { input: i });
  });
}

/** A fresh leaf with x's value that requires a gradient. */
export function leafOf(x: Tensor): Tensor {
  const leaf = x.detach();
  leaf.requiresGrad = true;
  return leaf;
}

type Objective<X extends readonly Tensor[]> = (...inputs: X) => Tensor;

/** The gradient of `f` as a function: `grad((x) => x.square().sum())(x)` is 2x. Several arguments give several gradients. */
export function grad(f: (x: Tensor) => Tensor): (x: Tensor) => Tensor;
export function grad<X extends readonly Tensor[]>(f: Objective<X>): (...inputs: X) => Tensor[];
/**
 * ∂outputs/∂inputs, without touching any `.grad`.
 * @throws StateError for an input that the outputs do not depend on
 */
export function grad(outputs: Tensor | readonly Tensor[], inputs: readonly Tensor[], options?: GradOptions): Tensor[];
export function grad(
  subject: Tensor | readonly Tensor[] | ((...inputs: Tensor[]) => Tensor), inputs: readonly Tensor[] = [], options: GradOptions = {},
): Tensor[] | ((...inputs: Tensor[]) => Tensor | Tensor[]) {
  if (typeof subject !== "function") return gradients(subject, inputs, options);
  return (...values) => withGradMode(true, () => {
    // Leaves of their own, so that the caller's tensors need not require gradients; those that do stay connected.
    const points = values.map((value) => (value.requiresGrad ? value : leafOf(value)));
    const nested = values.some((value) => value.requiresGrad);
    const result = gradients(subject(...points), points, { createGraph: nested, allowUnused: true });
    return result.length === 1 ? result[0] : result;
  });
}
