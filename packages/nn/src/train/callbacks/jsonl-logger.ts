import { checkOptions } from "@dl/registry";
import type { TrainingCallback, TrainingContext } from "../callback.js";
import { flatScores } from "../monitor.js";
import type { TrainEvent } from "../types.js";
import { LogFile } from "./log-file.js";

export interface JSONLLoggerOptions {
  /** Write a line per step, too. Default false: per epoch only. */
  readonly steps?: boolean;
  /** Go on behind the lines of a file that is there already. Default false: it is replaced. A resumed training goes on anyway. */
  readonly append?: boolean;
}

/**
 * Writes a file of JSON lines: `{ "event": "epoch", "epoch", "step", "seconds", "lr", "trainLoss", …, "valLoss", … }`, for steps
 * `{ "event": "step", "epoch", "step", "batch", "samples", "lr", "loss" }`; NaN and infinities are null. They are written once per
 * epoch, so that lines are whole at any time, also after a kill; a resumed training's file is that of an uninterrupted one. Node only.
 * @throws UnknownNameError for unknown options; from `fit` StateError for a file that has lost lines
 */
export class JSONLLogger implements TrainingCallback {
  readonly name = "JSONLLogger";
  readonly #file: LogFile;
  readonly #steps: boolean;
  readonly #append: boolean;

  constructor(path: string, options: JSONLLoggerOptions = {}) {
    checkOptions("JSONLLogger", options, ["steps", "append"]);
    this.#file = new LogFile(this.name, path);
    this.#steps = options.steps ?? false;
    this.#append = options.append ?? false;
  }

  async start(_: TrainingContext, restored: boolean): Promise<undefined> {
    if (restored && (await this.#file.goOn())) return;
    await this.#file.begin(this.#append);
  }

  async on(event: TrainEvent): Promise<undefined> {
    if (event.type === "epoch") {
      const { epoch, step, seconds, lr } = event;
      this.#file.add(JSON.stringify({ event: "epoch", epoch, step, seconds, lr, ...flatScores(event) }));
    } else if (event.type === "step" && this.#steps) {
      const { epoch, step, batch, samples, lr, loss } = event;
      this.#file.add(JSON.stringify({ event: "step", epoch, step, batch, samples, lr, loss }));
    }
    if (event.type !== "step") await this.#file.flush();
  }

  stateDict(): unknown {
    return this.#file.stateDict();
  }

  loadStateDict(state: unknown): void {
    this.#file.loadStateDict(state);
  }
}
