import { StateError, checkOptions } from "@dl/registry";
import type { TrainingCallback, TrainingContext } from "../callback.js";
import { flatScores } from "../monitor.js";
import type { EpochEvent, TrainEvent } from "../types.js";
import { LogFile } from "./log-file.js";

export interface CSVLoggerOptions {
  /** Go on behind the lines of a file that is there already. Default false: it is replaced. A resumed training goes on anyway. */
  readonly append?: boolean;
}

/** `lr`, or `lr0`, `lr1`, … where the optimizer has several groups. */
const lrColumns = (groups: number): string[] => (groups === 1 ? ["lr"] : Array.from({ length: groups }, (_, i) => `lr${i}`));

/**
 * Writes a CSV file with a line per epoch: `epoch, step, seconds, lr, trainLoss, …, valLoss, …`, the columns that the training has.
 * Lines are whole at any time, also after a kill; a resumed training's file is that of an uninterrupted one. Node only.
 * @throws UnknownNameError for unknown options; from `fit` StateError for a file that has lost lines, or has other columns
 */
export class CSVLogger implements TrainingCallback {
  readonly name = "CSVLogger";
  readonly #file: LogFile;
  readonly #append: boolean;
  #columns: readonly string[] = [];

  constructor(path: string, options: CSVLoggerOptions = {}) {
    checkOptions("CSVLogger", options, ["append"]);
    this.#file = new LogFile(this.name, path);
    this.#append = options.append ?? false;
  }

  async start({ monitors, optimizer }: TrainingContext, restored: boolean): Promise<undefined> {
    this.#columns = ["epoch", "step", "seconds", ...lrColumns(optimizer.groups?.length ?? 0), ...monitors];
    if (restored && (await this.#file.goOn())) return;
    const first = await this.#file.begin(this.#append);
    const header = this.#columns.join(",");
    if (first === "") this.#file.add(header);
    else if (first !== header) throw new StateError(this.name, `"${this.#file.path}" has the columns ${first}, this training has ${header}`, "Choose another file", { path: this.#file.path });
  }

  async on(event: TrainEvent): Promise<undefined> {
    if (event.type === "epoch") this.#file.add(this.#line(event));
    if (event.type !== "step") await this.#file.flush();
  }

  #line(event: EpochEvent): string {
    const { epoch, step, seconds, lr } = event;
    const rates = Object.fromEntries(lrColumns(lr.length).map((column, i) => [column, lr[i]]));
    const values: Readonly<Record<string, number>> = { epoch, step, seconds, ...rates, ...flatScores(event) };
    return this.#columns.map((column) => String(values[column])).join(",");
  }

  stateDict(): unknown {
    return this.#file.stateDict();
  }

  loadStateDict(state: unknown): void {
    this.#file.loadStateDict(state);
  }
}
