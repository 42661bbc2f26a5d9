import type { Tensor } from "@dl/tensor";

/** Inputs and what the model should make of them. */
export interface Batch<X = Tensor, Y = Tensor> {
  readonly x: X;
  readonly y: Y;
}

/** How a source of batches says where it stands. */
export interface Resumable {
  /** Plain JSON. Taken while a batch is in use, it counts that batch as done. */
  stateDict?(): unknown;
  /** Makes the next loop continue from a state. */
  loadStateDict?(state: unknown): void;
}

/**
 * Where batches come from: one epoch for each loop over it. One that is `Resumable` continues a training exactly; with another
 * the epoch is begun again and the batches that were seen are skipped.
 */
export type Loader<B = Batch> = (AsyncIterable<B> | Iterable<B>) & Resumable;

/** Averages over the samples of an epoch: the loss, and every metric by its name. */
export type Scores = Readonly<Record<string, number>> & { readonly loss: number };

export interface EpochRecord {
  /** Counted from 1. */
  readonly epoch: number;
  /** Steps taken since the start of the training. */
  readonly step: number;
  /** Learning rates of the last step, one per group of the optimizer. */
  readonly lr: readonly number[];
  readonly train: Scores;
  /** `null` without validation data. */
  readonly validation: Scores | null;
}

/** Why a training ended: all epochs done, the signal aborted it, or a callback stopped it. */
export type EndReason = "completed" | "aborted" | "stopped";

/** What a training gives. Equal seeds give equal histories. */
export interface History {
  readonly epochs: readonly EpochRecord[];
  readonly steps: number;
  /** `null` when the loop over the events was left early. */
  readonly reason: EndReason | null;
}

export interface StepEvent {
  readonly type: "step";
  readonly epoch: number;
  readonly step: number;
  /** Batches done in this epoch. */
  readonly batch: number;
  /** Mean over the samples of the step, before it. */
  readonly loss: number;
  /** Samples in the step's batches. */
  readonly samples: number;
  /** Learning rates that the step was taken with, one per group of the optimizer. */
  readonly lr: readonly number[];
}

export interface EpochEvent extends EpochRecord {
  readonly type: "epoch";
  readonly seconds: number;
}

export interface CheckpointEvent {
  readonly type: "checkpoint";
  readonly epoch: number;
  readonly step: number;
  readonly dir: string;
}

export interface EndEvent {
  readonly type: "end";
  readonly epoch: number;
  readonly step: number;
  readonly reason: EndReason;
  readonly history: History;
}

export type TrainEvent = StepEvent | EpochEvent | CheckpointEvent | EndEvent;

/** A number for one batch, averaged over an epoch weighted by the samples. */
export type Metric<O, Y> = (output: O, target: Y) => number | Promise<number>;
