import { checkOptions, checkWhole, ValueError } from "@dl/registry";
import type { Tensor } from "@dl/tensor";
import type { Answer, TrainingCallback, TrainingContext } from "../callback.js";
import { checkMonitor, flatScores, isBetter, modeFor, worst } from "../monitor.js";
import type { MonitorMode } from "../monitor.js";
import type { EpochEvent, TrainEvent } from "../types.js";
import { fieldsOf } from "./state.js";

export interface EarlyStoppingOptions {
  /** The number to watch, such as "valLoss" or "trainAccuracy". Default "valLoss". */
  readonly monitor?: string;
  /** Epochs without an improvement after which training stops. Default 3. */
  readonly patience?: number;
  /** How much better a value must be to count as an improvement. Default 0. */
  readonly minDelta?: number;
  /** Whether small or large values are good. Default "min" for losses; for anything else it must be said. */
  readonly mode?: MonitorMode;
  /** Give the model the weights of the best epoch when training ends, unless it was aborted. Default false. */
  readonly restoreBestWeights?: boolean;
}

/** The weights of an epoch, and the moving average of that time. */
interface Snapshot {
  readonly model: ReadonlyMap<string, Tensor>;
  readonly ema: unknown;
}

const names = ["best", "bestEpoch", "wait", "snapshot"] as const;

/**
 * Stops a training when a number has not improved for `patience` epochs. An epoch improves it when its value is better than the best
 * so far by more than `minDelta`; NaN never is. What it has counted, and the best weights, are part of checkpoints.
 *
 *     new Trainer({ …, callbacks: [new EarlyStopping({ patience: 5, restoreBestWeights: true })] });
 *
 * (Prechelt, 1998)
 * @throws ValueError, UnknownNameError for bad options; UnknownNameError from `fit` for a number that it does not report
 */
export class EarlyStopping implements TrainingCallback {
  readonly name = "EarlyStopping";
  readonly monitor: string;
  readonly patience: number;
  readonly #mode: MonitorMode;
  readonly #minDelta: number;
  readonly #restores: boolean;
  #best: number;
  #bestEpoch: number | null = null;
  #wait = 0;
  #snapshot: Snapshot | null = null;

  constructor(options: EarlyStoppingOptions = {}) {
    checkOptions("EarlyStopping", options, ["monitor", "patience", "minDelta", "mode", "restoreBestWeights"]);
    const { monitor = "valLoss", patience = 3, minDelta = 0, mode, restoreBestWeights = false } = options;
    checkWhole("EarlyStopping", "patience", patience, 0);
    if (!(minDelta >= 0 && minDelta < Infinity)) throw new ValueError("EarlyStopping", `minDelta is ${minDelta}`, "Give a finite number of at least 0", { minDelta });
    this.monitor = monitor;
    this.patience = patience;
    this.#minDelta = minDelta;
    this.#mode = modeFor("EarlyStopping", monitor, mode);
    this.#restores = restoreBestWeights;
    this.#best = worst(this.#mode);
  }

  /** The best value so far, `null` before there is one. */
  get best(): number | null {
    return this.#bestEpoch === null ? null : this.#best;
  }

  /** The epoch of the best value, counted from 1; `null` before there is one. */
  get bestEpoch(): number | null {
    return this.#bestEpoch;
  }

  start({ monitors }: TrainingContext, restored: boolean): Answer {
    checkMonitor("EarlyStopping", this.monitor, monitors);
    if (!restored) {
      this.#best = worst(this.#mode);
      this.#bestEpoch = null;
      this.#wait = 0;
      this.#snapshot = null;
    }
    // A training that stopped, and is resumed as it was, stops again.
    return this.#verdict();
  }

  on(event: TrainEvent, context: TrainingContext): Answer {
    if (event.type === "epoch") return this.#judge(event, context);
    if (event.type === "end" && event.reason !== "aborted") this.#giveBack(context);
    return undefined;
  }

  #judge(event: EpochEvent, { model, ema }: TrainingContext): Answer {
    const value = flatScores(event)[this.monitor];
    if (!isBetter(this.#mode, value, this.#best, this.#minDelta)) {
      this.#wait += 1;
      return this.#verdict();
    }
    this.#best = value;
    this.#bestEpoch = event.epoch;
    this.#wait = 0;
    if (this.#restores) this.#snapshot = { model: model.stateDict(), ema: ema?.stateDict() ?? null };
    return undefined;
  }

  #verdict(): Answer {
    return this.#wait > 0 && this.#wait >= this.patience ? "stop" : undefined;
  }

  #giveBack({ model, ema }: TrainingContext): void {
    if (this.#snapshot === null) return;
    model.loadStateDict(this.#snapshot.model);
    ema?.loadStateDict(this.#snapshot.ema);
  }

  stateDict(): unknown {
    return { best: this.#best, bestEpoch: this.#bestEpoch, wait: this.#wait, snapshot: this.#snapshot };
  }

  loadStateDict(state: unknown): void {
    const { best, bestEpoch, wait, snapshot } = fieldsOf(this.name, state, names);
    this.#best = Number(best);
    this.#bestEpoch = bestEpoch === null ? null : Number(bestEpoch);
    this.#wait = Number(wait);
    this.#snapshot = this.#restores ? (snapshot as Snapshot | null) : null;
  }
}
