import { checkOptions, checkWhole, ValueError } from "@dl/registry";
import { checkRange } from "../groups.js";
import { Schedule } from "./schedule.js";
import type { Moment, Scheduled } from "./schedule.js";

export interface CosineAnnealingLROptions {
  /** The lowest rate. Default 0. */
  readonly etaMin?: number;
}

export interface CosineAnnealingWarmRestartsOptions extends CosineAnnealingLROptions {
  /** By how much each cycle is longer than the one before. Default 1. */
  readonly tMult?: number;
}

/** The rate a part `t/period` of the way from `base` to `etaMin`. */
const along = (t: number, period: number, base: number, etaMin: number): number => etaMin + ((base - etaMin) * (1 + Math.cos((Math.PI * t) / period))) / 2;

/**
 * Half a cosine from base down to etaMin in `tMax` epochs, and up again in the next: etaMin + (base − etaMin)·(1 + cos(π·t/tMax))/2.
 * (Loshchilov & Hutter, 2017, without restarts)
 * @throws ValueError for options out of range
 */
export class CosineAnnealingLR extends Schedule {
  constructor(optimizer: Scheduled, tMax: number, options: CosineAnnealingLROptions = {}) {
    checkWhole("CosineAnnealingLR", "tMax", tMax, 1);
    checkOptions("CosineAnnealingLR", options, ["etaMin"]);
    const { etaMin = 0 } = options;
    checkRange("CosineAnnealingLR", "etaMin", etaMin);
    const height = (epoch: number): number => 1 + Math.cos((Math.PI * epoch) / tMax);
    super("CosineAnnealingLR", optimizer, {
      next({ epoch, lr, base }) {
        if (epoch === 0) return lr;
        // At the bottom the last rate says nothing about the next.
        if ((epoch - 1 - tMax) % (2 * tMax) === 0) return lr + ((base - etaMin) * (1 - Math.cos(Math.PI / tMax))) / 2;
        return (height(epoch) / height(epoch - 1)) * (lr - etaMin) + etaMin;
      },
      closed: ({ epoch, base }) => along(epoch, tMax, base, etaMin),
    });
  }
}

/**
 * Cosines from base to etaMin that start over: the first lasts `t0` epochs, each other tMult times as long as the one before.
 * Within a cycle of T epochs the rate is etaMin + (base − etaMin)·(1 + cos(π·t/T))/2. (Loshchilov & Hutter, 2017)
 * @throws ValueError for options out of range
 */
export class CosineAnnealingWarmRestarts extends Schedule {
  readonly #at: (moment: Moment) => number;

  constructor(optimizer: Scheduled, t0: number, options: CosineAnnealingWarmRestartsOptions = {}) {
    const where = "CosineAnnealingWarmRestarts";
    checkWhole(where, "t0", t0, 1);
    checkOptions(where, options, ["tMult", "etaMin"]);
    const { tMult = 1, etaMin = 0 } = options;
    checkWhole(where, "tMult", tMult, 1);
    checkRange(where, "etaMin", etaMin);
    const at = ({ epoch, base }: Moment): number => {
      const [passed, period] = cycleAt(epoch, t0, tMult);
      return along(passed, period, base, etaMin);
    };
    super(where, optimizer, { next: at });
    this.#at = at;
  }

  /** @param epoch where to go, also between two epochs: `epoch + batch/batches`. Default: one further */
  override step(epoch = this.lastEpoch + 1): void {
    if (!(epoch >= 0 && epoch < Infinity)) throw new ValueError(this.name, `epoch is ${epoch}`, "Give a finite number of at least 0", { epoch });
    this.moveTo(epoch, this.#at);
  }
}

/** How far into its cycle an epoch is, and how long that cycle lasts. */
function cycleAt(epoch: number, t0: number, tMult: number): readonly [passed: number, period: number] {
  if (tMult === 1) return [epoch % t0, t0];
  let [passed, period] = [epoch, t0];
  while (passed >= period) {
    passed -= period;
    period *= tMult;
  }
  return [passed, period];
}
