import type { CheckpointFiles, CheckpointParts } from "../io/checkpoint.js";
import type { Module } from "../module/module.js";
import { Averages } from "./averages.js";
import { Breath } from "./breath.js";
import type { Callback, TrainingContext } from "./callback.js";
import type { FitOptions } from "./fit-options.js";
import { captureGenerators, restoreGenerators } from "./generators.js";
import type { StepResult } from "./gradient-step.js";
import { checkMonitor, flatScores, monitorNames } from "./monitor.js";
import { Observers } from "./observers.js";
import type { Averager, ScheduleOptions, TrainerOptimizer } from "./parts.js";
import { checkCompany, restorePosition, savePosition, savedPositionIn, startOf } from "./position.js";
import type { Company, Position, Restored } from "./position.js";
import type { EndReason, History, Loader, Scores, TrainEvent } from "./types.js";

/** An update that is put together batch by batch. */
interface OpenStep<B> {
  readonly batches: number;
  readonly isFull: boolean;
  add(batch: B): Promise<void>;
  finish(): Promise<StepResult>;
}

/** What the loop needs of a trainer. */
export interface Steps<B> {
  readonly model: Module;
  readonly optimizer: TrainerOptimizer;
  readonly metricNames: readonly string[];
  readonly callbacks: readonly Callback[];
  readonly schedule: ScheduleOptions | undefined;
  readonly ema: Averager | undefined;
  begin(observers: Observers): OpenStep<B>;
  evaluate(loader: Loader<B>): PromiseLike<Scores>;
}

/** One training: its position and the events it goes through. What reads and writes checkpoints is loaded when one is asked for. */
export class TrainingLoop<B> {
  #position: Position;
  #reason: EndReason | null = null;
  #stopped = false;
  /** The place of the newest checkpoint. */
  #savedAt = "";
  readonly #breath = new Breath();
  readonly #context: TrainingContext;
  readonly #company: Company;

  constructor(private readonly steps: Steps<B>, private readonly loader: Loader<B>, private readonly options: FitOptions<B>) {
    const { model, optimizer, metricNames, callbacks, schedule, ema } = steps;
    this.#position = startOf(model);
    const epoch = (): number => this.#position.epoch;
    this.#context = {
      get epoch() { return epoch(); },
      model,
      optimizer,
      ema: ema ?? null,
      monitors: monitorNames(metricNames, options.validation !== undefined),
      save: (dir, assets) => this.#write(dir, assets),
    };
    this.#company = { model, loader, scheduler: schedule?.scheduler, ema, observers: new Observers(callbacks, this.#context) };
  }

  history(): History {
    const { records, step } = this.#position;
    return { epochs: [...records], steps: step, reason: this.#reason };
  }

  async *events(): AsyncGenerator<TrainEvent, void> {
    const { epochs = 1 } = this.options;
    const { monitor } = this.steps.schedule ?? {};
    if (monitor !== undefined) checkMonitor("Trainer schedule", monitor, this.#context.monitors);
    await this.#company.observers.prepare();
    let restored = await this.#resume();
    if (await this.#company.observers.start()) this.#stopped = true;
    while (this.#position.epoch < epochs && !this.#mustStop()) {
      yield* this.#epoch(restored);
      restored = null;
    }
    const early = this.#position.epoch < epochs;
    this.#reason = !early ? "completed" : this.#stopped ? "stopped" : "aborted";
    if (early) yield* this.#save();
    const { epoch, step } = this.#position;
    yield await this.#emit({ type: "end", epoch, step, reason: this.#reason, history: this.history() });
  }

  /** Runs the present epoch to its end, or to where training must stop. */
  async *#epoch(restored: Restored | null): AsyncGenerator<TrainEvent, void> {
    const position = this.#position;
    const { model } = this.steps;
    const { observers } = this.#company;
    const began = performance.now();
    model.train();
    if (position.batch === 0) position.epochStart = captureGenerators(model);
    let skip = restored?.skip ?? 0;
    let open = this.steps.begin(observers);
    for await (const batch of this.loader) {
      if (skip > 0) {
        skip -= 1;
        if (skip === 0 && restored !== null) restoreGenerators(model, restored.generators);
        continue;
      }
      await open.add(batch);
      if (open.isFull) {
        yield await this.#step(open);
        open = this.steps.begin(observers);
        if (this.#mustStop()) return;
        if (position.step % (this.options.checkpoint?.every ?? Infinity) === 0) yield* this.#save();
      }
      await this.#breath.take();
    }
    // The loader stands in the next epoch already, so this one is finished before anything is saved or packed.
    const last = open.batches > 0 ? [await this.#step(open)] : [];
    const finished = await this.#finishEpoch((performance.now() - began) / 1000);
    yield* [...last, finished];
    yield* this.#save();
  }

  async #step(open: OpenStep<B>): Promise<TrainEvent> {
    const position = this.#position;
    const { scores, samples, lr } = await open.finish();
    position.step += 1;
    position.batch += open.batches;
    position.averages.add(scores, samples);
    position.lr = lr;
    return this.#emit({ type: "step", epoch: position.epoch + 1, step: position.step, batch: position.batch, loss: scores.loss, samples, lr });
  }

  async #finishEpoch(seconds: number): Promise<TrainEvent> {
    const position = this.#position;
    const { validation } = this.options;
    const record = {
      epoch: position.epoch + 1,
      step: position.step,
      lr: position.lr,
      train: position.averages.scores(this.steps.metricNames),
      validation: validation === undefined ? null : await this.steps.evaluate(validation),
    };
    position.records.push(record);
    position.epoch += 1;
    position.batch = 0;
    position.averages = new Averages();
    this.#stepSchedule(flatScores(record));
    return this.#emit({ type: "epoch", ...record, seconds });
  }

  #stepSchedule(scores: Readonly<Record<string, number>>): void {
    const { scheduler, per = "epoch", monitor } = this.steps.schedule ?? {};
    if (per !== "epoch") return;
    if (monitor === undefined) scheduler?.step();
    else scheduler?.step(scores[monitor]);
  }

  async *#save(): AsyncGenerator<TrainEvent, void> {
    const { checkpoint } = this.options;
    const { epoch, step, batch } = this.#position;
    const place = `${epoch} ${step}`;
    if (checkpoint === undefined || this.#savedAt === place) return;
    const { dir, assets } = checkpoint;
    await this.#write(dir, assets);
    this.#savedAt = place;
    yield await this.#emit({ type: "checkpoint", epoch: batch === 0 ? epoch : epoch + 1, step, dir });
  }

  /** Everything as files: the position, the model, the optimizer, and the states of all company. */
  async pack(assets: CheckpointParts["assets"]): Promise<CheckpointFiles> {
    const parts = this.#parts(assets);
    const { packCheckpoint } = await import("../io/checkpoint.js");
    return packCheckpoint(parts);
  }

  async #write(dir: string, assets: CheckpointParts["assets"]): Promise<void> {
    const parts = this.#parts(assets);
    const { saveCheckpoint } = await import("../io/folder.js");
    await saveCheckpoint(dir, parts);
  }

  #parts(assets: CheckpointParts["assets"]): CheckpointParts {
    const { model, optimizer } = this.steps;
    return { model, optimizer, state: savePosition(this.#position, this.#company), ...(assets && { assets }) };
  }

  async #resume(): Promise<Restored | null> {
    const { resume } = this.options;
    if (resume === undefined) return null;
    const [{ loadCheckpoint }, { restoreCheckpoint }] = await Promise.all([import("../io/folder.js"), import("../io/checkpoint.js")]);
    const checkpoint = typeof resume === "string" ? await loadCheckpoint(resume) : resume;
    const saved = savedPositionIn(checkpoint.state);
    checkCompany(saved, this.#company);
    restoreCheckpoint(checkpoint, this.steps);
    const restored = restorePosition(saved, this.#company);
    this.#position = restored.position;
    return restored;
  }

  #mustStop(): boolean {
    return this.#stopped || (this.options.signal?.aborted ?? false);
  }

  async #emit<E extends TrainEvent>(event: E): Promise<E> {
    if (await this.#company.observers.emit(event)) this.#stopped = true;
    return event;
  }
}
