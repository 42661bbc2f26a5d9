import { checkOptions, checkWhole, FormatError, StateError } from "@dl/registry";
import { fileSystem, ifPresent, listFolder, writeWhole } from "../../io/file-system.js";
import type { TrainingCallback, TrainingContext } from "../callback.js";
import { checkMonitor, flatScores, isBetter, modeFor } from "../monitor.js";
import type { MonitorMode } from "../monitor.js";
import type { EpochEvent, TrainEvent } from "../types.js";
import { fieldsOf } from "./state.js";

export interface ModelCheckpointOptions {
  /** The folder that holds the checkpoints' folders and their index. */
  readonly dir: string;
  /** The number to judge by, such as "valLoss" or "trainAccuracy". Default "valLoss". */
  readonly monitor?: string;
  /** Whether small or large values are good. Default "min" for losses; for anything else it must be said. */
  readonly mode?: MonitorMode;
  /** How many checkpoints are kept. Default 1. */
  readonly saveTopK?: number;
  /** Files that belong to the model, by name. */
  readonly assets?: Readonly<Record<string, string | Uint8Array>>;
}

/** A checkpoint that is kept. */
export interface KeptCheckpoint {
  /** Its folder in `dir`. */
  readonly folder: string;
  readonly epoch: number;
  readonly step: number;
  readonly value: number;
}

const indexFile = "best.json";

const folderOf = (epoch: number): string => `best-${String(epoch).padStart(4, "0")}`;

/**
 * Keeps the checkpoints of the best epochs: folders `best-0007` (the epoch) in `dir`, each complete, so that `loadCheckpoint` reads
 * it and `fit` resumes from it, and `best.json`, which lists them, the best first: `{ monitor, mode, best: [{ folder, epoch, step,
 * value }] }`. Each is written whole before a worse one is removed. NaN is never kept. Node only.
 *
 *     new Trainer({ …, callbacks: [new ModelCheckpoint({ dir: "runs/digits", monitor: "valAccuracy", mode: "max", saveTopK: 3 })] });
 *
 * @throws ValueError, UnknownNameError for bad options; from `fit` UnknownNameError for a number that it does not report, and
 * StateError for a folder that holds the checkpoints of another training
 */
export class ModelCheckpoint implements TrainingCallback {
  readonly name = "ModelCheckpoint";
  readonly runsLast = true;
  readonly dir: string;
  readonly monitor: string;
  readonly #mode: MonitorMode;
  readonly #saveTopK: number;
  readonly #assets: ModelCheckpointOptions["assets"];
  #kept: readonly KeptCheckpoint[] = [];

  constructor(options: ModelCheckpointOptions) {
    checkOptions("ModelCheckpoint", options, ["dir", "monitor", "mode", "saveTopK", "assets"]);
    const { dir, monitor = "valLoss", mode, saveTopK = 1, assets } = options;
    checkWhole("ModelCheckpoint", "saveTopK", saveTopK, 1);
    this.dir = dir;
    this.monitor = monitor;
    this.#mode = modeFor("ModelCheckpoint", monitor, mode);
    this.#saveTopK = saveTopK;
    this.#assets = assets;
  }

  /** The checkpoints that are kept, the best first. */
  get kept(): readonly KeptCheckpoint[] {
    return this.#kept;
  }

  async start({ monitors }: TrainingContext, restored: boolean): Promise<undefined> {
    checkMonitor("ModelCheckpoint", this.monitor, monitors);
    const present = await this.#readIndex();
    if (restored) return this.#adopt(present);
    this.#kept = [];
    if (present.length === 0) return;
    throw new StateError("ModelCheckpoint", `"${this.dir}" holds the best checkpoints of another training`, "Resume that one, or choose another folder", { dir: this.dir });
  }

  /** Goes on with what is there of the checkpoints that were kept; later ones belong to a future that will be trained again. */
  async #adopt(present: readonly KeptCheckpoint[]): Promise<undefined> {
    const names = (await listFolder(this.dir)) ?? [];
    this.#kept = this.#kept.filter(({ folder }) => names.includes(folder));
    const wanted = this.#kept.map(({ folder }) => folder);
    await this.#finish(present.filter(({ folder }) => !wanted.includes(folder)));
  }

  async on(event: TrainEvent, context: TrainingContext): Promise<undefined> {
    if (event.type === "epoch") await this.#consider(event, context);
  }

  async #consider(event: EpochEvent, context: TrainingContext): Promise<void> {
    const value = flatScores(event)[this.monitor];
    const worst = this.#kept.at(this.#saveTopK - 1);
    if (Number.isNaN(value) || (worst !== undefined && !isBetter(this.#mode, value, worst.value))) return;
    const { epoch, step } = event;
    const folder = folderOf(epoch);
    const position = this.#kept.findIndex((other) => isBetter(this.#mode, value, other.value));
    const ranked = this.#kept.toSpliced(position < 0 ? this.#kept.length : position, 0, { folder, epoch, step, value });
    // The checkpoint must know of itself.
    this.#kept = ranked.slice(0, this.#saveTopK);
    await context.save(`${this.dir}/${folder}`, this.#assets);
    await this.#finish(ranked.slice(this.#saveTopK));
  }

  /** Writes the index, and then removes what is not in it any more. */
  async #finish(dropped: readonly KeptCheckpoint[]): Promise<void> {
    const { mkdir, rm } = await fileSystem();
    await mkdir(this.dir, { recursive: true });
    await writeWhole(`${this.dir}/${indexFile}`, `${JSON.stringify({ monitor: this.monitor, mode: this.#mode, best: this.#kept }, null, 2)}\n`);
    await Promise.all(dropped.map(({ folder }) => rm(`${this.dir}/${folder}`, { recursive: true, force: true })));
  }

  async #readIndex(): Promise<readonly KeptCheckpoint[]> {
    const { readFile } = await fileSystem();
    const file = `${this.dir}/${indexFile}`;
    const text = await ifPresent(() => readFile(file, "utf8"));
    if (text === null) return [];
    try {
      const { best } = fieldsOf("ModelCheckpoint", JSON.parse(text), ["best"]);
      if (Array.isArray(best) && best.every((entry) => isEntry(entry))) return best as readonly KeptCheckpoint[];
    } catch {
      // Told below, as every other damage.
    }
    throw new FormatError("ModelCheckpoint", `"${file}" is not an index of checkpoints`, "Remove it, or choose another folder", { file });
  }

  stateDict(): unknown {
    return { kept: this.#kept };
  }

  loadStateDict(state: unknown): void {
    this.#kept = fieldsOf(this.name, state, ["kept"]).kept as readonly KeptCheckpoint[];
  }
}

/** A folder is removed only when its name is one of ours. */
const isEntry = (entry: unknown): boolean => typeof entry === "object" && entry !== null && "folder" in entry && /^best-\d{4,}$/.test(String(entry.folder));
