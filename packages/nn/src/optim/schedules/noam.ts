import { checkOptions, checkWhole } from "@dl/registry";
import { Schedule } from "./schedule.js";
import type { Scheduled } from "./schedule.js";

export interface NoamLROptions {
  /** Features of the model. Default 512. */
  readonly dim?: number;
  /** Steps until the rate is highest. Default 4000. */
  readonly warmupSteps?: number;
}

/**
 * The Transformer's schedule: base·dim^-½·min(s^-½, s·warmupSteps^-1.5) for step s = 1, 2, …, a straight rise and then a fall with the root of the
 * steps. Make the optimizer with lr 1 for the paper's rates, and call `step` once per batch. (Vaswani et al., 2017)
 * @throws ValueError for options that are not whole numbers above 0
 */
export class NoamLR extends Schedule {
  constructor(optimizer: Scheduled, options: NoamLROptions = {}) {
    checkOptions("NoamLR", options, ["dim", "warmupSteps"]);
    const { dim = 512, warmupSteps = 4000 } = options;
    checkWhole("NoamLR", "dim", dim, 1);
    checkWhole("NoamLR", "warmupSteps", warmupSteps, 1);
    const factor = (epoch: number): number => dim ** -0.5 * Math.min((epoch + 1) ** -0.5, (epoch + 1) * warmupSteps ** -1.5);
    super("NoamLR", optimizer, {
      next: ({ epoch, lr }) => lr * (epoch === 0 ? factor(0) : factor(epoch) / factor(epoch - 1)),
      closed: ({ epoch, base }) => base * factor(epoch),
    });
  }
}
