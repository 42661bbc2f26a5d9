import { noGrad } from "@dl/autograd";
import type { Point } from "@dl/figures";
import { SGD } from "@dl/nn";
import { judgeLine, learnLine, LinearClassifier, lineLosses, lineOf, type LineLoss } from "@dl/recipes";
import { Generator } from "@dl/tensor";
import type { Points } from "./points.js";

export type LossName = keyof typeof lineLosses;
export const lossNames: readonly LossName[] = ["perceptron", "hinge", "logistic"];

/** Training ends here: the line has long come to rest, or creeps. */
export const MOST_STEPS = 2000;

/** Of everything random: the same line to begin with, whatever the loss. */
const SEED = 0;

export interface LineState {
  readonly step: number;
  readonly loss: number;
  /** Share of points on the right side. */
  readonly accuracy: number;
  /** From the line to the nearest point. */
  readonly nearest: number;
  readonly line: readonly Point[];
}

/** A line that learns to separate two classes by one of the losses, step by step. */
export class LineTraining {
  readonly #points: Points;
  readonly #lossOf: LineLoss;
  readonly #classifier = new LinearClassifier(2, { generator: new Generator(SEED) });
  readonly #optimizer = new SGD(this.#classifier.parameters());
  #state: LineState;

  constructor(points: Points, loss: LossName) {
    this.#points = points;
    this.#lossOf = lineLosses[loss];
    this.#state = this.#look(0);
  }

  /** Where the line is after the steps so far. */
  get state(): LineState {
    return this.#state;
  }

  /** Whether no loss is left, so that nothing pulls any more, or all steps are done. */
  get isDone(): boolean {
    return this.#state.loss === 0 || this.#state.step >= MOST_STEPS;
  }

  /** Takes up to `steps` steps at a learning rate. */
  advance(steps: number, lr: number): void {
    const { x, y } = this.#points;
    for (const group of this.#optimizer.groups) group.lr = lr;
    const goal = Math.min(MOST_STEPS, this.#state.step + steps);
    for (let step = this.#state.step; step < goal; step++) learnLine(this.#classifier, this.#optimizer, this.#lossOf, x, y);
    this.#state = this.#look(goal);
  }

  #look(step: number): LineState {
    const { x, y, domains } = this.#points;
    return noGrad(() => ({
      step,
      loss: this.#lossOf(this.#classifier.decisionFunction(x), y).item(),
      ...judgeLine(this.#classifier, x, y),
      line: lineOf(this.#classifier, domains.x),
    }));
  }
}
