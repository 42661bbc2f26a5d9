import type { EventCallback } from "@dl/nn";

/** What the schedule needs of an optimizer. */
interface Adjustable {
  readonly groups: readonly { lr: number }[];
}

/**
 * Lowers the learning rate to 0 along half a cosine: lr·(1 + cos(π·t))/2 before each step, t from 0 to 1.
 * (Loshchilov & Hutter, 2017, without restarts)
 * @param warmUp part of the steps before, over which the rate rises in a line to lr. (Goyal et al., 2017)
 */
export function cosineDecay(optimizer: Adjustable, lr: number, steps: number, warmUp = 0): EventCallback {
  const rising = warmUp * steps;
  const rateAt = (step: number): number => (step < rising ? (lr * (step + 1)) / (rising + 1) : (lr * (1 + Math.cos((Math.PI * (step - rising)) / (steps - rising)))) / 2);
  const set = (step: number): void => { for (const group of optimizer.groups) group.lr = rateAt(step); };
  set(0);
  return (event) => {
    // It comes after the step: what is set here is for the next one.
    if (event.type === "step") set(event.step);
    return undefined;
  };
}
