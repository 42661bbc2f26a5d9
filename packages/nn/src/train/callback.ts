import type { Tensor } from "@dl/tensor";
import type { Module } from "../module/module.js";
import type { Averager, TrainerOptimizer } from "./parts.js";
import type { Batch, TrainEvent } from "./types.js";

/** What a callback answers: "stop" ends the training after the current step. */
export type Answer = "stop" | undefined;

/** A training as its callbacks see it. */
export interface TrainingContext {
  readonly model: Module;
  readonly optimizer: TrainerOptimizer;
  /** The running average of the weights, if the trainer keeps one. */
  readonly ema: Averager | null;
  /** Epochs that are done. */
  readonly epoch: number;
  /** The names that `monitor` options take: `trainLoss`, `valAccuracy`, … */
  readonly monitors: readonly string[];
  /** Writes a checkpoint from which `fit` resumes, atomically. Node only. */
  save(dir: string, assets?: Readonly<Record<string, string | Uint8Array>>): Promise<void>;
}

/** One batch of a training, between its forward and the update. */
export interface BatchContext {
  readonly model: Module;
  readonly batch: Batch<unknown, unknown>;
  readonly output: unknown;
  readonly loss: Tensor;
  /** Runs the batch through the model and the loss again. */
  readonly again: () => { readonly output: unknown; readonly loss: Tensor };
}

/** Sees every event before the caller of `fit` does. */
export type EventCallback = (event: TrainEvent) => Answer | Promise<Answer>;

/**
 * A callback with more than events: a state that checkpoints keep, and a view into a step. All members but the name are optional.
 *
 *     const slow: TrainingCallback = { name: "slow", on: (event) => (event.type === "epoch" && event.seconds > 600 ? "stop" : undefined) };
 */
export interface TrainingCallback {
  /** What its state is called in checkpoints, and it in errors. */
  readonly name: string;
  /** Called for an event after the callbacks without it: for those that save what the others keep. Default false. */
  readonly runsLast?: boolean;
  /** Called first of all, before a state is restored: for callbacks that change what the model consists of. */
  prepare?(model: Module): void | Promise<void>;
  /**
   * Called when a training begins, or goes on.
   * @param restored whether `loadStateDict` was called for this training
   */
  start?(context: TrainingContext, restored: boolean): Answer | Promise<Answer>;
  on?(event: TrainEvent, context: TrainingContext): Answer | Promise<Answer>;
  /** Called before the forward of every batch. */
  beforeForward?(model: Module): void;
  /** Called with the loss of every batch, before its backward. */
  afterLoss?(context: BatchContext): void | Promise<void>;
  /** Called with the gradients of every batch, before they are clipped and used. */
  afterBackward?(context: BatchContext): void | Promise<void>;
  /** What the callback needs to go on: numbers, text, tensors, and arrays, maps and plain objects of them. */
  stateDict?(): unknown;
  loadStateDict?(state: unknown): void;
}

/** What sees a training: a function of its events, or an object that may have a state. */
export type Callback = EventCallback | TrainingCallback;
