export type { CheckpointOptions, FitOptions } from "./loop.js";
export { TrainingRun } from "./run.js";
export { Trainer } from "./trainer.js";
export type { TrainerOptimizer, TrainerOptions } from "./trainer.js";
export type {
  Batch, Callback, CheckpointEvent, EndEvent, EndReason, EpochEvent, EpochRecord, History, Loader, Metric, Resumable, Scores, StepEvent,
  TrainEvent,
} from "./types.js";
