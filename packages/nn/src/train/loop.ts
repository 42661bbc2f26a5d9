import { restoreCheckpoint } from "../io/checkpoint.js";
import type { Checkpoint } from "../io/checkpoint.js";
import { loadCheckpoint, saveCheckpoint } from "../io/folder.js";
import type { Module } from "../module/module.js";
import type { OptimizerState } from "../optim/optimizer.js";
import { Averages } from "./averages.js";
import { Breath } from "./breath.js";
import { captureGenerators, restoreGenerators } from "./generators.js";
import { restorePosition, savePosition, savedPositionIn, startOf } from "./position.js";
import type { Position, Restored } from "./position.js";
import type { Callback, EndReason, History, Loader, Scores, TrainEvent } from "./types.js";

export interface CheckpointOptions {
  /** Folder of the checkpoint; each one replaces the last. */
  readonly dir: string;
  /** Steps between checkpoints, beside the one after every epoch and the one when training is stopped. */
  readonly every?: number;
  /** Files that belong to the model, by name. */
  readonly assets?: Readonly<Record<string, string | Uint8Array>>;
}

export interface FitOptions<B> {
  /** How many epochs in all, those before a resume included. Default 1. */
  readonly epochs?: number;
  /** Evaluated after every epoch. */
  readonly validation?: Loader<B>;
  /** Stops the training after the current step. */
  readonly signal?: AbortSignal;
  /** Node only. */
  readonly checkpoint?: CheckpointOptions;
  /** The folder of a checkpoint to go on from, or what `loadCheckpoint` or `unpackCheckpoint` gave. */
  readonly resume?: string | Checkpoint;
}

/** What the loop needs of a trainer. */
export interface Steps<B> {
  readonly model: Module;
  readonly optimizer: { stateDict(): OptimizerState; loadStateDict(state: OptimizerState): void };
  readonly metricNames: readonly string[];
  readonly callbacks: readonly Callback[];
  /** One update. */
  train(batch: B): Promise<{ readonly scores: Scores; readonly samples: number }>;
  evaluate(loader: Loader<B>): Promise<Scores>;
}

/** One training: its position and the events it goes through. */
export class TrainingLoop<B> {
  #position: Position;
  #reason: EndReason | null = null;
  #stopped = false;
  /** The place of the newest checkpoint. */
  #savedAt = "";
  readonly #breath = new Breath();

  constructor(private readonly steps: Steps<B>, private readonly loader: Loader<B>, private readonly options: FitOptions<B>) {
    this.#position = startOf(steps.model);
  }

  history(): History {
    const { records, step } = this.#position;
    return { epochs: [...records], steps: step, reason: this.#reason };
  }

  async *events(): AsyncGenerator<TrainEvent, void> {
    const { epochs = 1 } = this.options;
    let restored = await this.#resume();
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
    const began = performance.now();
    this.steps.model.train();
    if (position.batch === 0) position.epochStart = captureGenerators(this.steps.model);
    let skip = restored?.skip ?? 0;
    for await (const batch of this.loader) {
      if (skip > 0) {
        skip -= 1;
        if (skip === 0 && restored !== null) restoreGenerators(this.steps.model, restored.generators);
        continue;
      }
      yield await this.#step(batch);
      if (this.#mustStop()) return;
      if (position.step % (this.options.checkpoint?.every ?? Infinity) === 0) yield* this.#save();
      await this.#breath.take();
    }
    yield await this.#finishEpoch((performance.now() - began) / 1000);
    yield* this.#save();
  }

  async #step(batch: B): Promise<TrainEvent> {
    const position = this.#position;
    const { scores, samples } = await this.steps.train(batch);
    position.step += 1;
    position.batch += 1;
    position.averages.add(scores, samples);
    return this.#emit({ type: "step", epoch: position.epoch + 1, step: position.step, batch: position.batch, loss: scores.loss, samples });
  }

  async #finishEpoch(seconds: number): Promise<TrainEvent> {
    const position = this.#position;
    const { validation } = this.options;
    const record = {
      epoch: position.epoch + 1,
      step: position.step,
      train: position.averages.scores(this.steps.metricNames),
      validation: validation === undefined ? null : await this.steps.evaluate(validation),
    };
    position.records.push(record);
    position.epoch += 1;
    position.batch = 0;
    position.averages = new Averages();
    return this.#emit({ type: "epoch", ...record, seconds });
  }

  async *#save(): AsyncGenerator<TrainEvent, void> {
    const { checkpoint } = this.options;
    const { epoch, step, batch } = this.#position;
    const place = `${epoch} ${step}`;
    if (checkpoint === undefined || this.#savedAt === place) return;
    const { model, optimizer } = this.steps;
    const { dir, assets } = checkpoint;
    const state = savePosition(this.#position, model, this.loader);
    await saveCheckpoint(dir, { model, optimizer, state, ...(assets && { assets }) });
    this.#savedAt = place;
    yield await this.#emit({ type: "checkpoint", epoch: batch === 0 ? epoch : epoch + 1, step, dir });
  }

  async #resume(): Promise<Restored | null> {
    const { resume } = this.options;
    if (resume === undefined) return null;
    const checkpoint = typeof resume === "string" ? await loadCheckpoint(resume) : resume;
    const saved = savedPositionIn(checkpoint.state);
    restoreCheckpoint(checkpoint, this.steps);
    const restored = restorePosition(saved, this.steps.model, this.loader);
    this.#position = restored.position;
    return restored;
  }

  #mustStop(): boolean {
    return this.#stopped || (this.options.signal?.aborted ?? false);
  }

  async #emit<E extends TrainEvent>(event: E): Promise<E> {
    for (const callback of this.steps.callbacks) if ((await callback(event)) === "stop") this.#stopped = true;
    return event;
  }
}
