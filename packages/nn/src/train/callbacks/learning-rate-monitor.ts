import { ValueError, checkOptions } from "@dl/registry";
import type { Answer, TrainingCallback, TrainingContext } from "../callback.js";
import type { TrainEvent } from "../types.js";
import { fieldsOf } from "./state.js";

export interface LearningRateMonitorOptions {
  /** How often rates are noted. Default "step". */
  readonly per?: "step" | "epoch";
}

/** The rates that a step was taken with, one per group of the optimizer. */
export interface LearningRates {
  readonly epoch: number;
  readonly step: number;
  readonly lr: readonly number[];
}

/** Notes the learning rates of a training: `monitor.rates` afterwards is the curve, that before a resume included. */
export class LearningRateMonitor implements TrainingCallback {
  readonly name = "LearningRateMonitor";
  readonly #per: "step" | "epoch";
  #rates: LearningRates[] = [];

  constructor(options: LearningRateMonitorOptions = {}) {
    checkOptions("LearningRateMonitor", options, ["per"]);
    const per: string = options.per ?? "step";
    if (per !== "step" && per !== "epoch") throw new ValueError("LearningRateMonitor", `per is "${per}"`, 'Give "step" or "epoch"', { per });
    this.#per = per;
  }

  get rates(): readonly LearningRates[] {
    return this.#rates;
  }

  start(_: TrainingContext, restored: boolean): Answer {
    if (!restored) this.#rates = [];
    return undefined;
  }

  on(event: TrainEvent): Answer {
    if (event.type === this.#per) this.#rates.push({ epoch: event.epoch, step: event.step, lr: event.lr });
    return undefined;
  }

  stateDict(): unknown {
    return { rates: this.#rates };
  }

  loadStateDict(state: unknown): void {
    this.#rates = [...(fieldsOf(this.name, state, ["rates"]).rates as readonly LearningRates[])];
  }
}
