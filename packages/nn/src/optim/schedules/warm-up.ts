import { checkOptions, checkWhole, ValueError } from "@dl/registry";
import { Schedule } from "./schedule.js";
import type { Scheduled } from "./schedule.js";

export interface ConstantLROptions {
  /** Factor on the rate at the start, in [0, 1]. Default 1/3. */
  readonly factor?: number;
  /** Epochs until the rate is whole again. Default 5. */
  readonly totalIters?: number;
}

export interface LinearLROptions {
  /** Factor on the rate at the start, in (0, 1]. Default 1/3. */
  readonly startFactor?: number;
  /** Factor on the rate at the end, in [0, 1]. Default 1. */
  readonly endFactor?: number;
  /** Epochs from start to end. Default 5. */
  readonly totalIters?: number;
}

function checkFactor(where: string, name: string, value: number): void {
  if (!(value >= 0 && value <= 1)) throw new ValueError(where, `${name} is ${value}`, "Give a number in [0, 1]", { [name]: value });
}

/**
 * Keeps the rate at base·factor for `totalIters` epochs, then at base.
 * @throws ValueError for options out of range
 */
export class ConstantLR extends Schedule {
  constructor(optimizer: Scheduled, options: ConstantLROptions = {}) {
    checkOptions("ConstantLR", options, ["factor", "totalIters"]);
    const { factor = 1 / 3, totalIters = 5 } = options;
    checkFactor("ConstantLR", "factor", factor);
    checkWhole("ConstantLR", "totalIters", totalIters, 1);
    super("ConstantLR", optimizer, {
      next({ epoch, lr, base }) {
        if (epoch === 0) return lr * factor;
        if (epoch !== totalIters) return lr;
        return factor === 0 ? base : lr * (1 / factor);
      },
      closed: ({ epoch, base }) => (epoch >= totalIters ? base : base * factor),
    });
  }
}

/**
 * Linear warm-up: from base·startFactor to base·endFactor in `totalIters` epochs, then constant.
 * @throws ValueError for options out of range
 */
export class LinearLR extends Schedule {
  constructor(optimizer: Scheduled, options: LinearLROptions = {}) {
    checkOptions("LinearLR", options, ["startFactor", "endFactor", "totalIters"]);
    const { startFactor = 1 / 3, endFactor = 1, totalIters = 5 } = options;
    checkFactor("LinearLR", "startFactor", startFactor);
    checkFactor("LinearLR", "endFactor", endFactor);
    checkWhole("LinearLR", "totalIters", totalIters, 1);
    if (startFactor === 0) throw new ValueError("LinearLR", "startFactor is 0, from which no factor leads away", "Start from a small number: 1e-3");
    const rise = endFactor - startFactor;
    super("LinearLR", optimizer, {
      next({ epoch, lr }) {
        if (epoch === 0) return lr * startFactor;
        return epoch > totalIters ? lr : lr * (1 + rise / (totalIters * startFactor + (epoch - 1) * rise));
      },
      closed: ({ epoch, base }) => base * (startFactor + (rise * Math.min(totalIters, epoch)) / totalIters),
    });
  }
}
