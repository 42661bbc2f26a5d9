import { backward } from "@dl/autograd";
import { SGD, parameter } from "@dl/nn";
import type { SGDOptions } from "@dl/nn";
import { tensor } from "@dl/tensor";

export type Place = readonly [w0: number, w1: number];

/** Where an optimizer goes on f(w) = a·w₀² + ½w₁² from (1, 1): a valley with steep sides and a floor that is nearly flat. */
export function trajectory(options: Partial<SGDOptions>, steps: number, a = 5): Place[] {
  const w = parameter(tensor([1, 1]));
  const optimizer = new SGD([w], { lr: 0.25 / a, ...options });
  const steepness = tensor([a, 0.5]);
  const visited: Place[] = [[1, 1]];
  for (let step = 0; step < steps; step++) {
    const f = w.square().mul(steepness).sum();
    optimizer.zeroGrad();
    backward(f);
    optimizer.step();
    const [w0, w1] = w.dataSync();
    visited.push([w0, w1]);
  }
  return visited;
}

/** f(x, y) = a·x² + ½y² */
export const valleyHeight = (x: number, y: number, a = 5): number => a * x * x + 0.5 * y * y;

/** Steps until f stays below a ten-thousandth of where it began. */
export const stepsToFloor = (visited: readonly Place[], a = 5): number => visited.findLastIndex(([x, y]) => valleyHeight(x, y, a) > valleyHeight(1, 1, a) / 10_000) + 1;
