import type { ClassifierReport, OptionSchema } from "@dl/recipes";
import type { SummaryRow } from "@dl/nn";

/** What the page and its worker say to each other: plain data that is copied. */

/** Everything that decides what a training is. */
export interface Settings {
  readonly recipe: string;
  readonly data: string;
  readonly backend: string;
  readonly seed: number;
  readonly options: Readonly<Record<string, number | string>>;
}

export interface RecipeFacts {
  readonly name: string;
  readonly title: string;
  readonly chapter: number;
  readonly options: OptionSchema;
  readonly datasets: readonly string[];
}

/** A backend as the menu shows it. */
export interface BackendFacts {
  readonly name: string;
  /** What computes: "WebAssembly", "WebGL 2"… */
  readonly label: string;
  /** What it says of itself, or why it is not available. */
  readonly notes: readonly string[];
  readonly available: boolean;
}

/** A training that was set up. */
export interface Prepared {
  readonly settings: Settings;
  readonly title: string;
  readonly samples: { readonly train: number; readonly test: number };
  readonly classes: readonly string[];
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  /** Steps and epochs that were done before, in the checkpoint it goes on from. */
  readonly done: { readonly steps: number; readonly epochs: number };
  readonly layers: readonly SummaryRow[];
  readonly parameters: number;
  /** Of one sample, forward. */
  readonly flops: number;
  readonly backend: BackendFacts;
}

export interface StepPoint {
  /** From 1, over all epochs. */
  readonly step: number;
  readonly loss: number;
}

/** A test image that the model takes for something else. */
export interface Mistake {
  readonly predicted: number;
  readonly target: number;
  /** The probability of what it was taken for. */
  readonly confidence: number;
  /** [height, width] of 0..1. */
  readonly pixels: Float32Array;
  readonly width: number;
}

/** How good the model is on the test set, now. */
export interface Judgement {
  readonly epoch: number;
  readonly metrics: Readonly<Record<string, number>>;
  readonly report: ClassifierReport;
  /** [N, classes] and [N]: for curves of any threshold. */
  readonly probabilities: Float32Array;
  readonly targets: Int32Array;
  /** The most certain ones first. */
  readonly mistakes: readonly Mistake[];
  readonly wrong: number;
}

export type Phase = "running" | "paused" | "stopped" | "completed" | "diverged" | "failed";

/** What the worker tells without being asked. */
export type Update =
  /** There is more to choose from. */
  | { readonly type: "offer" }
  | { readonly type: "steps"; readonly points: readonly StepPoint[]; readonly epoch: number; readonly rate: number; readonly stepsPerSecond: number; readonly eta: number }
  | { readonly type: "epoch"; readonly epoch: number; readonly step: number; readonly loss: number; readonly accuracy: number | undefined; readonly seconds: number }
  | { readonly type: "judgement"; readonly step: number; readonly judgement: Judgement }
  | { readonly type: "phase"; readonly phase: Phase; readonly message?: string };
