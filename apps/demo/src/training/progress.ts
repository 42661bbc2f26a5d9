import type { Judgement, Phase, Prepared, Update } from "../worker/protocol.js";

/** Losses and accuracies of a training as they come in. The arrays grow in place: `version` tells of it. */
export interface Curves {
  readonly steps: number[];
  readonly losses: number[];
  /** The running mean of the losses. */
  readonly smooth: number[];
  readonly epochSteps: number[];
  readonly trainAccuracy: (number | null)[];
  readonly testAccuracy: (number | null)[];
}

export interface Pace {
  readonly epoch: number;
  readonly rate: number;
  readonly stepsPerSecond: number;
  readonly eta: number;
}

/** What the page knows of the present training. */
export interface Progress {
  readonly phase: "waiting" | "preparing" | "ready" | Phase;
  readonly message?: string;
  readonly prepared?: Prepared;
  readonly curves: Curves;
  readonly version: number;
  readonly pace?: Pace;
  readonly judgement?: Judgement;
}

const noCurves = (): Curves => ({ steps: [], losses: [], smooth: [], epochSteps: [], trainAccuracy: [], testAccuracy: [] });

export const nothing: Progress = { phase: "waiting", curves: noCurves(), version: 0 };

/** How much of the mean a step replaces, when there were many; the first ones count alike. */
const FRESH = 0.1;

/** More points than a chart has pixels are thinned: every other one goes. */
const MOST_POINTS = 4000;

function thin(curves: Curves): void {
  for (const values of [curves.steps, curves.losses, curves.smooth]) {
    const kept = values.filter((_, i) => i % 2 === 1);
    values.splice(0, values.length, ...kept);
  }
}

function addSteps(curves: Curves, { points }: Extract<Update, { type: "steps" }>): void {
  for (const { step, loss } of points) {
    const before = curves.smooth.at(-1) ?? loss;
    curves.steps.push(step);
    curves.losses.push(loss);
    curves.smooth.push(before + Math.max(FRESH, 1 / curves.losses.length) * (loss - before));
  }
  if (curves.steps.length > MOST_POINTS) thin(curves);
}

export type Action = Exclude<Update, { type: "offer" }> | { readonly type: "preparing" } | { readonly type: "prepared"; readonly prepared: Prepared; readonly message?: string } | { readonly type: "problem"; readonly message: string };

/** The next state of the page after something happened. */
export function advance(progress: Progress, action: Action): Progress {
  const { curves, version } = progress;
  switch (action.type) {
    case "preparing":
      return { ...progress, phase: "preparing", message: undefined };
    case "prepared":
      return { phase: "ready", prepared: action.prepared, message: action.message, curves: noCurves(), version: version + 1 };
    case "problem":
      return { ...progress, phase: "failed", message: action.message };
    case "phase":
      return { ...progress, phase: action.phase, message: action.message };
    case "steps": {
      addSteps(curves, action);
      const { epoch, rate, stepsPerSecond, eta } = action;
      return { ...progress, version: version + 1, pace: { epoch, rate, stepsPerSecond, eta } };
    }
    case "epoch":
      curves.epochSteps.push(action.step);
      curves.trainAccuracy.push(action.accuracy ?? null);
      curves.testAccuracy.push(null);
      return { ...progress, version: version + 1 };
    case "judgement": {
      const at = curves.epochSteps.lastIndexOf(action.step);
      if (at >= 0) curves.testAccuracy[at] = action.judgement.report.accuracy;
      return { ...progress, version: version + 1, judgement: action.judgement };
    }
  }
}
