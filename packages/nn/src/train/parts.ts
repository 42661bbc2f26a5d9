import { ValueError, checkOptions } from "@dl/registry";
import type { Tensor } from "@dl/tensor";
import type { OptimizerState } from "../optim/optimizer.js";

/** What a trainer needs of an optimizer. */
export interface TrainerOptimizer {
  readonly params: readonly Tensor[];
  /** Where learning rates are reported from. */
  readonly groups?: readonly { readonly lr: number }[];
  step(): void;
  zeroGrad(): void;
  stateDict(): OptimizerState;
  loadStateDict(state: OptimizerState): void;
}

/** What changes learning rates as a training goes on. */
export interface Scheduler {
  /** @param metric what a scheduler that waits for a plateau looks at */
  step(metric?: number): void;
  stateDict(): unknown;
  loadStateDict(state: unknown): void;
}

export interface ScheduleOptions {
  readonly scheduler: Scheduler;
  /** When it steps: after every update, or at the end of every epoch. Default "epoch". */
  readonly per?: "step" | "epoch";
  /** The number that it is fed with at the end of an epoch, such as "valLoss". Default none. */
  readonly monitor?: string;
}

/** @throws UnknownNameError, ValueError for options that do not fit */
export function checkSchedule(options: ScheduleOptions): void {
  checkOptions("Trainer schedule", options, ["scheduler", "per", "monitor"]);
  const { per = "epoch", monitor }: { readonly per?: string; readonly monitor?: string } = options;
  if (per !== "step" && per !== "epoch") throw new ValueError("Trainer schedule", `per is "${per}"`, 'Give "step" or "epoch"', { per });
  if (per === "step" && monitor !== undefined) {
    throw new ValueError("Trainer schedule", `${monitor} is known once per epoch, and the scheduler steps per step`, 'Give per: "epoch"', { monitor });
  }
}

/** What keeps a running average of a model's weights. */
export interface Averager {
  /** Takes the present weights into the average. */
  update(): void;
  /** Runs `body` with the average in the place of the weights. */
  swap<T>(body: () => T): T;
  stateDict(): unknown;
  loadStateDict(state: unknown): void;
}
