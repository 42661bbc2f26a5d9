import type { Callback } from "@dl/nn";

/** What the schedule needs of an optimizer. */
interface Adjustable {
  readonly groups: readonly { lr: number }[];
}

/**
 * Lowers the learning rate from its start to 0 along half a cosine: lr·(1 + cos(π·step/steps))/2 before each step.
 * (Loshchilov & Hutter, 2017, without restarts)
 */
export function cosineDecay(optimizer: Adjustable, lr: number, steps: number): Callback {
  return (event) => {
    if (event.type !== "step") return undefined;
    for (const group of optimizer.groups) group.lr = (lr * (1 + Math.cos((Math.PI * event.step) / steps))) / 2;
    return undefined;
  };
}
