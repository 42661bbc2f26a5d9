import { checkOptions } from "@dl/registry";
import type { Tensor } from "@dl/tensor";
import { seedFor, sweep } from "./engine.js";

export interface BackwardOptions {
  /** ∂objective/∂loss, when `loss` is not a scalar. */
  readonly gradient?: Tensor;
  /** Keep the graph for another backward. Default: the value of `createGraph`. */
  readonly retainGraph?: boolean;
  /** Record the gradients' own computation, for gradients of gradients. Default false. */
  readonly createGraph?: boolean;
}

/**
 * Computes ∂loss/∂x for every leaf x that requires a gradient (and for tensors marked by `retainGrad`) and adds it to `x.grad`.
 * The graph is freed as it is used, unless `retainGraph` says otherwise.
 * @throws StateError when nothing leads to a parameter, or the graph was freed before; ShapeError unless loss is a scalar
 */
export function backward(loss: Tensor, options: BackwardOptions = {}): void {
  checkOptions("backward", options, ["gradient", "retainGraph", "createGraph"]);
  const { createGraph = false, retainGraph = createGraph } = options;
  sweep({
    roots: [loss],
    seeds: [seedFor("backward", loss, options.gradient)],
    createGraph,
    retainGraph,
    visit: (x, gradient) => {
      if (x.origin === null || x.retainsGrad) x.grad = x.gradient === null ? gradient : x.gradient.add(gradient);
    },
  });
}

/** Makes `backward` keep the gradient of a tensor that is no leaf. Returns the tensor. */
export function retainGrad(x: Tensor): Tensor {
  x.retainsGrad = true;
  return x;
}
