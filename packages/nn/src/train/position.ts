import { FormatError, StateError } from "@dl/registry";
import type { Module } from "../module/module.js";
import { Averages } from "./averages.js";
import type { AveragesState } from "./averages.js";
import { captureGenerators, restoreGenerators } from "./generators.js";
import type { GeneratorStates } from "./generators.js";
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
  /** Generators as they stood when the epoch began. */
  epochStart: GeneratorStates;
}

/** A position with everything that decides what comes next, as plain JSON. */
interface SavedPosition {
  readonly epoch: number;
  readonly step: number;
  readonly batch: number;
  readonly averages: AveragesState;
  readonly records: readonly EpochRecord[];
  readonly epochStart: GeneratorStates;
  readonly generators: GeneratorStates;
  readonly loader: unknown;
}

export const startOf = (model: Module): Position => ({
  epoch: 0,
  step: 0,
  batch: 0,
  averages: new Averages(),
  records: [],
  epochStart: captureGenerators(model),
});

export const savePosition = (position: Position, model: Module, loader: Resumable): { readonly trainer: SavedPosition } => ({
  trainer: { ...position, averages: position.averages.state(), generators: captureGenerators(model), loader: loader.stateDict?.() ?? null },
});

/** What `savePosition` wrote, found in a checkpoint's state. */
export function savedPositionIn(state: unknown): SavedPosition {
  if (typeof state === "object" && state !== null && "trainer" in state && typeof state.trainer === "object" && state.trainer !== null) {
    return state.trainer as SavedPosition;
  }
  throw new FormatError("Trainer", "the checkpoint is not of a training", "Resume from a folder that Trainer.fit wrote");
}

export interface Restored {
  readonly position: Position;
  /** Batches of a loader without a state that have to be passed over. */
  readonly skip: number;
  /** Where the generators go on after that. */
  readonly generators: GeneratorStates;
}

/** Puts the loader and all generators where they stood, or where they can be brought there by skipping batches. */
export function restorePosition(saved: SavedPosition, model: Module, loader: Resumable): Restored {
  const { generators, loader: loaderState, averages, records, ...counts } = saved;
  const skip = loaderState === null ? counts.batch : 0;
  if (loaderState !== null && loader.loadStateDict === undefined) {
    throw new StateError("Trainer", "the checkpoint has the state of a loader, this loader cannot take one", "Resume with a loader of the same kind");
  }
  restoreGenerators(model, skip > 0 ? counts.epochStart : generators);
  if (loaderState !== null) loader.loadStateDict?.(loaderState);
  return { position: { ...counts, averages: new Averages(averages), records: [...records] }, skip, generators };
}
