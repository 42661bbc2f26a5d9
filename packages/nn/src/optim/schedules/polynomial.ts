import { checkOptions, checkWhole } from "@dl/registry";
import { checkRange } from "../groups.js";
import { Schedule } from "./schedule.js";
import type { Scheduled } from "./schedule.js";

export interface PolynomialLROptions {
  /** Epochs until the rate is 0. Default 5. */
  readonly totalIters?: number;
  /** Exponent. Default 1, a straight line. */
  readonly power?: number;
}

/**
 * Lowers the rate to 0: base·(1 − t/totalIters)^power.
 * @throws ValueError for options out of range
 */
export class PolynomialLR extends Schedule {
  constructor(optimizer: Scheduled, options: PolynomialLROptions = {}) {
    checkOptions("PolynomialLR", options, ["totalIters", "power"]);
    const { totalIters = 5, power = 1 } = options;
    checkWhole("PolynomialLR", "totalIters", totalIters, 1);
    checkRange("PolynomialLR", "power", power);
    const left = (epoch: number): number => 1 - epoch / totalIters;
    super("PolynomialLR", optimizer, {
      next: ({ epoch, lr }) => (epoch === 0 || epoch > totalIters ? lr : lr * (left(epoch) / left(epoch - 1)) ** power),
      closed: ({ epoch, base }) => base * left(Math.min(totalIters, epoch)) ** power,
    });
  }
}
