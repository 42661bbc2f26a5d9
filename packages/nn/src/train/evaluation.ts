import type { Scores } from "./types.js";

/** One batch of an evaluation is done. */
export interface EvaluationBatchEvent {
  readonly type: "batch";
  /** Batches done. */
  readonly batch: number;
  /** Samples in the batch. */
  readonly samples: number;
  /** Averages so far. */
  readonly scores: Scores;
}

export interface EvaluationEndEvent {
  readonly type: "end";
  readonly batches: number;
  readonly samples: number;
  readonly scores: Scores;
}

export type EvaluationEvent = EvaluationBatchEvent | EvaluationEndEvent;

/** The model's output for one batch. */
export interface PredictionEvent<O> {
  readonly type: "batch";
  /** Batches done. */
  readonly batch: number;
  /** Samples in the batch. */
  readonly samples: number;
  readonly output: O;
}

export interface ReadOptions {
  /** Ends the run with the signal's reason as an error. */
  readonly signal?: AbortSignal;
}
