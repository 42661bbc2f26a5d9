import { ValueError, checkOptions } from "@dl/registry";
import { isTensor, withGradMode } from "@dl/tensor";
import type { Tensor } from "@dl/tensor";
import { grad, leafOf } from "./grad.js";

export interface MinimizeOptions {
  /** Length of a step along −∇f. Default 0.1. */
  readonly lr?: number;
  /** Most steps taken. Default 1,000. */
  readonly steps?: number;
  /** Stop when ‖∇f‖ falls below. Default 1e-6. */
  readonly tolerance?: number;
}

export interface Minimum {
  readonly x: Tensor;
  readonly value: number;
  readonly steps: number;
  readonly converged: boolean;
}

/**
 * Gradient descent x ← x − lr·∇f(x) on any scalar function of one tensor.
 * @throws ValueError when x or the value is no longer finite, which a smaller `lr` may mend
 */
export function minimize(f: (x: Tensor) => Tensor, start: Tensor, options: MinimizeOptions = {}): Minimum {
  checkOptions("minimize", options, ["lr", "steps", "tolerance"]);
  const { lr = 0.1, steps = 1000, tolerance = 1e-6 } = options;
  let x = leafOf(start);
  for (let step = 0; ; step++) {
    const value = withGradMode(true, () => f(x));
    if (!isTensor(value) || !Number.isFinite(value.item())) {
      throw new ValueError("minimize", `the value after ${step} steps is ${value.item()}`, `Use a smaller lr than ${lr}`, { step, lr });
    }
    const [gradient] = grad(value, [x]);
    const converged = Math.sqrt(gradient.square().sum().item()) < tolerance;
    if (converged || step === steps) return { x: x.detach(), value: value.item(), steps: step, converged };
    x = leafOf(withGradMode(false, () => x.sub(gradient.mul(lr))));
  }
}
