import { ValueError } from "@dl/registry";
import { perGroup } from "./checks.js";
import { Schedule } from "./schedule.js";
import type { Scheduled } from "./schedule.js";

/** The factor on the rate at an epoch, from 0. */
export type LRLambda = (epoch: number) => number;

/**
 * base·lrLambda(t), with one function for all groups or one for each. The function is not part of the state.
 * @throws ValueError for another number of functions than groups, and when a function gives no finite number
 */
export class LambdaLR extends Schedule {
  constructor(optimizer: Scheduled, lrLambda: LRLambda | readonly LRLambda[]) {
    const lambdaOf = perGroup("LambdaLR", "functions", lrLambda, optimizer);
    super("LambdaLR", optimizer, {
      next({ epoch, base, index }) {
        const factor = lambdaOf(index)(epoch);
        if (!Number.isFinite(factor)) throw new ValueError("LambdaLR", `the function gives ${factor} at epoch ${epoch}`, "Return a finite factor", { epoch, factor });
        return base * factor;
      },
    });
  }
}
