import type { Checkpoint } from "../io/checkpoint.js";
import type { Loader } from "./types.js";

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
