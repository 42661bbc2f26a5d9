import { checkWhole, StateError, ValueError } from "@dl/registry";
import { checkName } from "./checks.js";
import { initialLrOf } from "./schedule.js";
import type { LRScheduler, Schedule, ScheduleState, Scheduled } from "./schedule.js";

export interface SequentialState {
  readonly name: string;
  readonly lastEpoch: number;
  readonly lastLr: readonly number[];
  readonly schedules: readonly ScheduleState[];
}

/**
 * One schedule after the other: the first until epoch `milestones[0]`, where the second starts from its beginning, and so on.
 * The schedules must be new. A warm-up, for example, and then a cosine:
 *
 *     new SequentialLR(optimizer, [new LinearLR(optimizer, { totalIters: 5 }), new CosineAnnealingLR(optimizer, 95)], [5])
 *
 * @throws ValueError unless all schedules are of this optimizer, with one milestone between two of them, in rising order
 */
export class SequentialLR implements LRScheduler<SequentialState> {
  readonly name = "SequentialLR";
  #lastEpoch = 0;
  #lastLr: readonly number[];

  constructor(
    readonly optimizer: Scheduled,
    private readonly schedules: readonly Schedule[],
    private readonly milestones: readonly number[],
  ) {
    checkSame(this.name, optimizer, schedules);
    if (milestones.length !== schedules.length - 1) {
      throw new ValueError(this.name, `got ${milestones.length} milestones for ${schedules.length} schedules`, "Give one less than there are schedules");
    }
    milestones.forEach((milestone, i) => { checkWhole(this.name, `milestones[${i}]`, milestone, i === 0 ? 1 : milestones[i - 1] + 1); });
    for (const group of optimizer.groups) group.lr = initialLrOf(group);
    for (const schedule of schedules) schedule.rewind();
    schedules[0].step();
    this.#lastLr = schedules[0].getLastLr();
  }

  step(): void {
    const epoch = this.#lastEpoch + 1;
    const turn = this.milestones.filter((milestone) => milestone <= epoch).length;
    const schedule = this.schedules[turn];
    if (turn > 0 && this.milestones[turn - 1] === epoch) schedule.restart();
    else schedule.step();
    this.#lastEpoch = epoch;
    this.#lastLr = schedule.getLastLr();
  }

  getLastLr(): readonly number[] {
    return this.#lastLr;
  }

  stateDict(): SequentialState {
    return { name: this.name, lastEpoch: this.#lastEpoch, lastLr: [...this.#lastLr], schedules: this.schedules.map((schedule) => schedule.stateDict()) };
  }

  /** @throws StateError for the state of other schedules or groups, ValueError for one that was altered */
  loadStateDict({ name, lastEpoch, lastLr, schedules }: SequentialState): void {
    const where = `${this.name}.loadStateDict`;
    checkName(where, this.name, { name });
    checkCount(where, schedules, this.schedules);
    checkWhole(where, "lastEpoch", lastEpoch, 0);
    this.schedules.forEach((schedule, i) => { schedule.checkState(schedules[i]); });
    const turn = this.milestones.filter((milestone) => milestone <= lastEpoch).length;
    // The one whose turn it is comes last: what it sets beside the rates holds.
    this.schedules.forEach((schedule, i) => { if (i !== turn) schedule.loadStateDict(schedules[i]); });
    this.schedules[turn].loadStateDict(schedules[turn]);
    this.#lastEpoch = lastEpoch;
    this.#lastLr = [...lastLr];
  }
}

export interface ChainedState {
  readonly name: string;
  readonly schedules: readonly unknown[];
}

/**
 * Several schedules at once, each of which changes what the one before left: a warm-up and a decay, for example.
 * @throws ValueError unless all schedules are of one optimizer
 */
export class ChainedScheduler implements LRScheduler<ChainedState> {
  readonly name = "ChainedScheduler";
  readonly optimizer: Scheduled;

  constructor(private readonly schedules: readonly LRScheduler[]) {
    if (schedules.length === 0) throw new ValueError(this.name, "got no schedules", "Give at least one");
    this.optimizer = schedules[0].optimizer;
    checkSame(this.name, this.optimizer, schedules);
  }

  step(): void {
    for (const schedule of this.schedules) schedule.step();
  }

  getLastLr(): readonly number[] {
    return this.schedules[this.schedules.length - 1].getLastLr();
  }

  stateDict(): ChainedState {
    return { name: this.name, schedules: this.schedules.map((schedule) => schedule.stateDict()) };
  }

  /** @throws StateError for the state of other schedules or groups, ValueError for one that was altered */
  loadStateDict({ name, schedules }: ChainedState): void {
    const where = `${this.name}.loadStateDict`;
    checkName(where, this.name, { name });
    checkCount(where, schedules, this.schedules);
    const before = this.stateDict();
    try {
      this.schedules.forEach((schedule, i) => { schedule.loadStateDict(schedules[i]); });
    } catch (error) {
      this.schedules.forEach((schedule, i) => { schedule.loadStateDict(before.schedules[i]); });
      throw error;
    }
  }
}

function checkSame(where: string, optimizer: Scheduled, schedules: readonly LRScheduler[]): void {
  if (schedules.length === 0) throw new ValueError(where, "got no schedules", "Give at least one");
  const other = schedules.findIndex((schedule) => schedule.optimizer !== optimizer);
  if (other !== -1) throw new ValueError(where, `schedule ${other} is of another optimizer`, "Make all of them for one optimizer", { index: other });
}

function checkCount(where: string, states: readonly unknown[], schedules: readonly unknown[]): void {
  if (states.length !== schedules.length) {
    throw new StateError(where, `the state is of ${states.length} schedules, this one has ${schedules.length}`, "Make it with the same schedules");
  }
}
