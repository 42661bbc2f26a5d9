import { checkOptions, checkWhole, ValueError } from "@dl/registry";
import { checkRange } from "../groups.js";
import { Schedule } from "./schedule.js";
import type { Scheduled } from "./schedule.js";

export interface StepLROptions {
  /** Factor on the rate. Default 0.1. */
  readonly gamma?: number;
}

function gammaOf(where: string, options: StepLROptions): number {
  checkOptions(where, options, ["gamma"]);
  const { gamma = 0.1 } = options;
  checkRange(where, "gamma", gamma);
  return gamma;
}

/**
 * Multiplies the rate by gamma every `stepSize` epochs: base·gamma^⌊t/stepSize⌋.
 * @throws ValueError for options out of range
 */
export class StepLR extends Schedule {
  constructor(optimizer: Scheduled, stepSize: number, options: StepLROptions = {}) {
    checkWhole("StepLR", "stepSize", stepSize, 1);
    const gamma = gammaOf("StepLR", options);
    super("StepLR", optimizer, {
      next: ({ epoch, lr }) => (epoch === 0 || epoch % stepSize !== 0 ? lr : lr * gamma),
      closed: ({ epoch, base }) => base * gamma ** Math.floor(epoch / stepSize),
    });
  }
}

/**
 * Multiplies the rate by gamma at every milestone: base·gamma^(milestones ≤ t). One given twice counts twice.
 * @throws ValueError for options out of range
 */
export class MultiStepLR extends Schedule {
  constructor(optimizer: Scheduled, milestones: readonly number[], options: StepLROptions = {}) {
    if (milestones.length === 0) throw new ValueError("MultiStepLR", "got no milestones", "Give epochs: [30, 60]");
    for (const milestone of milestones) checkWhole("MultiStepLR", "a milestone", milestone, 0);
    const gamma = gammaOf("MultiStepLR", options);
    const count = (holds: (milestone: number) => boolean): number => milestones.filter(holds).length;
    super("MultiStepLR", optimizer, {
      next: ({ epoch, lr }) => lr * gamma ** count((milestone) => milestone === epoch),
      closed: ({ epoch, base }) => base * gamma ** count((milestone) => milestone <= epoch),
    });
  }
}

/**
 * Multiplies the rate by gamma every epoch: base·gammaᵗ.
 * @throws ValueError for a negative gamma
 */
export class ExponentialLR extends Schedule {
  constructor(optimizer: Scheduled, gamma: number) {
    checkRange("ExponentialLR", "gamma", gamma);
    super("ExponentialLR", optimizer, {
      next: ({ epoch, lr }) => (epoch === 0 ? lr : lr * gamma),
      closed: ({ epoch, base }) => base * gamma ** epoch,
    });
  }
}
