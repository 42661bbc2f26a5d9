import type { Progress } from "@dl/data/node";
import type { Evaluation } from "@dl/recipes";

/** A training as it starts. */
export interface RunStart {
  readonly recipe: string;
  readonly title: string;
  readonly data: string;
  readonly samples: { readonly train: number; readonly test: number };
  /** What samples are. */
  readonly unit: "images" | "sequences";
  readonly options: Readonly<Record<string, unknown>>;
  readonly epochs: number;
  readonly parameters: number;
  readonly seed: number;
  readonly backend: string;
  readonly threads: number;
}

export interface StepReport {
  /** From 1. */
  readonly epoch: number;
  /** Samples of this epoch that were used. */
  readonly samples: number;
  readonly loss: number;
  /** Samples per second. */
  readonly rate: number;
  /** Seconds until the last epoch ends. */
  readonly eta: number;
}

export interface EpochReport {
  /** From 1. */
  readonly epoch: number;
  /** Mean over the epoch. */
  readonly loss: number;
  /** Share of right predictions while training, for classifiers. */
  readonly accuracy?: number;
  readonly seconds: number;
}

export interface RunEnd {
  readonly seconds: number;
  readonly evaluation: Evaluation;
  /** Training losses in the order of steps. */
  readonly losses: readonly number[];
  /** Epochs that were done before the first of them. */
  readonly from: number;
  readonly checkpoint: string;
  /** Pictures and curves that were written. */
  readonly files: readonly string[];
  /** What to try next, as commands. */
  readonly next: readonly string[];
}

export interface RunStop {
  readonly epoch: number;
  readonly checkpoint: string;
  /** The command that continues. */
  readonly resume: string;
}

/** Shows a training to people or to programs. */
export interface TrainView {
  download(progress: Progress): void;
  start(run: RunStart): void;
  step(report: StepReport): void;
  epoch(report: EpochReport): void;
  stop(report: RunStop): void;
  end(report: RunEnd): void;
  /** Puts the terminal back in order, however the run ended. */
  close(): void;
}
