export type { Answer, BatchContext, Callback, EventCallback, TrainingCallback, TrainingContext } from "./callback.js";
export * from "./callbacks/index.js";
export type { EvaluationBatchEvent, EvaluationEndEvent, EvaluationEvent, PredictionEvent, ReadOptions } from "./evaluation.js";
export type { CheckpointOptions, FitOptions } from "./fit-options.js";
export type { MonitorMode } from "./monitor.js";
export type { Averager, ScheduleOptions, Scheduler, TrainerOptimizer } from "./parts.js";
export { progressIn } from "./position.js";
export { Run, TrainingRun } from "./run.js";
export type { RunParts } from "./run.js";
export { Trainer } from "./trainer.js";
export type { TrainerOptions } from "./trainer.js";
export type {
  Batch, CheckpointEvent, EndEvent, EndReason, EpochEvent, EpochRecord, History, Loader, Metric, Resumable, Scores, StepEvent, TrainEvent,
} from "./types.js";
