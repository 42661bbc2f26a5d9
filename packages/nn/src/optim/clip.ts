import { ValueError, checkOptions } from "@dl/registry";
import { noGrad } from "@dl/autograd";
import { norm, stack } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { checkRange } from "./groups.js";

export interface ClipOptions {
  /** The order of the norm: 2 (default), 1, or Infinity for the largest magnitude. */
  readonly normType?: number;
}

const withGrad = (params: Iterable<Tensor>): [p: Tensor, grad: Tensor][] =>
  Array.from(params).flatMap((p) => (p.gradient === null ? [] : [[p, p.gradient]]));

/**
 * Scales all gradients together so that their norm, taken as one vector, is at most `maxNorm`.
 * @returns the norm before, 0-d
 * @throws ValueError when no parameter has a gradient
 */
export function clipGradNorm(params: Iterable<Tensor>, maxNorm: number, options: ClipOptions = {}): Tensor {
  checkOptions("clipGradNorm", options, ["normType"]);
  checkRange("clipGradNorm", "maxNorm", maxNorm);
  const { normType: p = 2 } = options;
  const pairs = withGrad(params);
  if (pairs.length === 0) throw new ValueError("clipGradNorm", "no parameter has a gradient", "Call backward(loss) first");
  return noGrad(() => {
    const total = norm(stack(pairs.map(([, grad]) => norm(grad, undefined, { p }))), undefined, { p });
    const scale = total.add(1e-6).pow(-1).mul(maxNorm).clamp(-Infinity, 1);
    for (const [parameter, grad] of pairs) parameter.grad = grad.mul(scale);
    return total;
  });
}

/** Limits every element of the gradients to [−maxValue, maxValue]. */
export function clipGradValue(params: Iterable<Tensor>, maxValue: number): void {
  checkRange("clipGradValue", "maxValue", maxValue);
  noGrad(() => { for (const [p, grad] of withGrad(params)) p.grad = grad.clamp(-maxValue, maxValue); });
}
