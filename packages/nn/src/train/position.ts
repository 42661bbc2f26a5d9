import { FormatError, StateError } from "@dl/registry";
import type { Checkpoint } from "../io/checkpoint.js";
import type { Module } from "../module/module.js";
import { Averages } from "./averages.js";
import type { AveragesState } from "./averages.js";
import { captureGenerators, restoreGenerators } from "./generators.js";
import type { GeneratorStates } from "./generators.js";
import type { Observers } from "./observers.js";
import type { Averager, Scheduler } from "./parts.js";
import type { EpochRecord, Resumable } from "./types.js";

/** How far a training has come. */
export interface Position {
  /** Epochs that are done. */
  epoch: number;
  /** Steps taken, over all epochs. */
  step: number;
  /** Batches of the present epoch that are done. */
  batch: number;
  /** Losses and metrics of the present epoch. */
  averages: Averages;
  records: EpochRecord[];
  /** Learning rates of the last step. */
  lr: readonly number[];
  /** Generators as they stood when the epoch began. */
  epochStart: GeneratorStates;
}

/** All that has a place in a training beside the model and the optimizer. */
export interface Company {
  readonly model: Module;
  readonly loader: Resumable;
  readonly scheduler: Scheduler | undefined;
  readonly ema: Averager | undefined;
  readonly observers: Observers;
}

/** A position with everything that decides what comes next, as plain data. */
interface SavedPosition {
  readonly epoch: number;
  readonly step: number;
  readonly batch: number;
  readonly averages: AveragesState;
  readonly records: readonly EpochRecord[];
  readonly lr: readonly number[];
  readonly epochStart: GeneratorStates;
  readonly generators: GeneratorStates;
  /** `null` for what the training does not have, or has no state. */
  readonly loader: unknown;
  readonly scheduler: unknown;
  readonly ema: unknown;
  readonly callbacks: Readonly<Record<string, unknown>>;
}

export const startOf = (model: Module): Position => ({
  epoch: 0,
  step: 0,
  batch: 0,
  averages: new Averages(),
  records: [],
  lr: [],
  epochStart: captureGenerators(model),
});

export const savePosition = (position: Position, { model, loader, scheduler, ema, observers }: Company): { readonly trainer: SavedPosition } => ({
  trainer: {
    ...position,
    averages: position.averages.state(),
    generators: captureGenerators(model),
    loader: loader.stateDict?.() ?? null,
    scheduler: scheduler?.stateDict() ?? null,
    ema: ema?.stateDict() ?? null,
    callbacks: observers.state(),
  },
});

/** What `savePosition` wrote, found in a checkpoint's state. */
export function savedPositionIn(state: unknown): SavedPosition {
  if (typeof state === "object" && state !== null && "trainer" in state && typeof state.trainer === "object" && state.trainer !== null) {
    return state.trainer as SavedPosition;
  }
  throw new FormatError("Trainer", "the checkpoint is not of a training", "Resume from a folder that Trainer.fit wrote");
}

/** How far the training of a checkpoint has come. @throws FormatError when it is not of a training */
export function progressIn(checkpoint: Pick<Checkpoint, "state">): { readonly epochs: number; readonly steps: number; readonly records: readonly EpochRecord[] } {
  const { epoch, step, records } = savedPositionIn(checkpoint.state);
  return { epochs: epoch, steps: step, records };
}

export interface Restored {
  readonly position: Position;
  /** Batches of a loader without a state that have to be passed over. */
  readonly skip: number;
  /** Where the generators go on after that. */
  readonly generators: GeneratorStates;
}

function checkPart(name: string, saved: unknown, present: boolean): void {
  const has = saved !== null;
  if (has === present) return;
  const fact = has ? `the checkpoint has the state of a ${name}, the trainer has none` : `the trainer has a ${name}, the checkpoint has no state for it`;
  throw new StateError("Trainer", fact, "Resume with a trainer made as the first one was");
}

/** @throws StateError when the training is not made of the parts that the checkpoint has states for; nothing changes */
export function checkCompany(saved: SavedPosition, { loader, scheduler, ema, observers }: Company): void {
  if (saved.loader !== null && loader.loadStateDict === undefined) {
    throw new StateError("Trainer", "the checkpoint has the state of a loader, this loader cannot take one", "Resume with a loader of the same kind");
  }
  checkPart("schedule", saved.scheduler, scheduler !== undefined);
  checkPart("moving average", saved.ema, ema !== undefined);
  observers.check(saved.callbacks);
}

/** Puts everything where it stood, or where it can be brought by skipping batches. */
export function restorePosition(saved: SavedPosition, { model, loader, scheduler, ema, observers }: Company): Restored {
  const { epoch, step, batch, records, lr, epochStart, averages, generators } = saved;
  const skip = saved.loader === null ? batch : 0;
  restoreGenerators(model, skip > 0 ? epochStart : generators);
  if (saved.loader !== null) loader.loadStateDict?.(saved.loader);
  scheduler?.loadStateDict(saved.scheduler);
  ema?.loadStateDict(saved.ema);
  observers.restore(saved.callbacks);
  return { position: { epoch, step, batch, records: [...records], lr, epochStart, averages: new Averages(averages) }, skip, generators };
}
