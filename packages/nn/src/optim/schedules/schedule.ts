import { ValueError } from "@dl/registry";
import { checkName, checkRates } from "./checks.js";

/** What schedules need of an optimizer: groups with a learning rate. */
export interface Scheduled<G extends { lr: number } = { lr: number }> {
  readonly groups: readonly G[];
}

/**
 * Changes the learning rates of an optimizer's groups as training goes on. `step()` is called once per epoch or per batch, after
 * `optimizer.step()`; making a schedule already sets the first rates.
 */
export interface LRScheduler<State = unknown> {
  readonly optimizer: Scheduled;
  step(): void;
  /** The rate of each group, as last set. */
  getLastLr(): readonly number[];
  /** Plain JSON, from which `loadStateDict` of a schedule made with the same options goes on exactly. */
  stateDict(): State;
  /** Continues from a state, and sets the rates of the groups to what they were. On failure nothing changes. */
  loadStateDict(state: State): void;
}

/** Where a schedule stands, as plain JSON. Options are not part of it. */
export interface ScheduleState {
  readonly name: string;
  /** How often `step` was called; −1 for a schedule whose turn has not come. */
  readonly lastEpoch: number;
  /** The rate of each group that the schedule starts from. */
  readonly baseLrs: readonly number[];
  /** What `getLastLr` returns. */
  readonly lastLr: readonly number[];
  /** The rates of the groups, which others may have changed since. */
  readonly lr: readonly number[];
}

/** One group at one moment. */
export interface Moment {
  /** Steps so far: 0 when the schedule is made. */
  readonly epoch: number;
  /** The group's rate now. */
  readonly lr: number;
  /** The group's rate before any schedule changed it. */
  readonly base: number;
  /** Which group it is. */
  readonly index: number;
}

/** How rates change. */
export interface ScheduleRule {
  /** The rate at `epoch` from the one before it, so that several schedules may act on one optimizer. */
  next(moment: Moment): number;
  /** The rate at `epoch` from `base` alone, for `SequentialLR`. Default: `next`. */
  closed?(moment: Moment): number;
  /** Sets what else follows the schedule, such as momentum. */
  moved?(epoch: number): void;
}

/** Rates before any schedule changed them, so that a second schedule on an optimizer starts from the same as the first. */
const initialLrs = /* @__PURE__ */ new WeakMap<object, number>();

/** The rate that a group had before any schedule changed it. */
export function initialLrOf(group: { readonly lr: number }): number {
  const known = initialLrs.get(group);
  if (known !== undefined) return known;
  initialLrs.set(group, group.lr);
  return group.lr;
}

/** Makes schedules of a group start from `lr`. */
export function setInitialLr(group: object, lr: number): void {
  initialLrs.set(group, lr);
}

/**
 * Base of the schedules. A rule says how rates change; a subclass only makes one:
 *
 *     class Halving extends Schedule {
 *       constructor(optimizer: Scheduled) { super("Halving", optimizer, { next: ({ epoch, lr }) => (epoch === 0 ? lr : lr / 2) }); }
 *     }
 */
export class Schedule implements LRScheduler<ScheduleState> {
  #lastEpoch = -1;
  #baseLrs: number[] = [];
  #lastLr: readonly number[] = [];

  /** @param name the class's name: it stands in errors and saved states */
  constructor(readonly name: string, readonly optimizer: Scheduled, private readonly rule: ScheduleRule) {
    this.moveTo(0, (moment) => rule.next(moment));
  }

  /** How often `step` was called. */
  get lastEpoch(): number {
    return this.#lastEpoch;
  }

  step(): void {
    this.moveTo(this.#lastEpoch + 1, (moment) => this.rule.next(moment));
  }

  getLastLr(): readonly number[] {
    return this.#lastLr;
  }

  /** Takes back the first step, which making the schedule did. @internal */
  rewind(): void {
    this.#lastEpoch = -1;
  }

  /** Starts over, whatever the rates are now. @internal */
  restart(): void {
    this.moveTo(0, (moment) => this.rule.closed?.(moment) ?? this.rule.next(moment));
  }

  protected moveTo(epoch: number, formula: (moment: Moment) => number): void {
    const { groups } = this.optimizer;
    const bases = this.#bases();
    const lrs = groups.map(({ lr }, index) => formula({ epoch, lr, base: bases[index], index }));
    groups.forEach((group, index) => { group.lr = lrs[index]; });
    this.#lastEpoch = epoch;
    this.#lastLr = lrs;
    this.rule.moved?.(epoch);
  }

  /** Groups added since are taken on with the rate they have. */
  #bases(): readonly number[] {
    const { groups } = this.optimizer;
    for (let i = this.#baseLrs.length; i < groups.length; i++) this.#baseLrs.push(initialLrOf(groups[i]));
    return this.#baseLrs;
  }

  stateDict(): ScheduleState {
    return { name: this.name, lastEpoch: this.#lastEpoch, baseLrs: [...this.#bases()], lastLr: [...this.#lastLr], lr: this.optimizer.groups.map(({ lr }) => lr) };
  }

  /** @throws StateError for the state of another schedule or of other groups, ValueError for one that was altered */
  loadStateDict(state: ScheduleState): void {
    this.checkState(state);
    this.#lastEpoch = state.lastEpoch;
    this.#baseLrs = [...state.baseLrs];
    this.#lastLr = [...state.lastLr];
    this.optimizer.groups.forEach((group, index) => { group.lr = state.lr[index]; });
    if (state.lastEpoch >= 0) this.rule.moved?.(state.lastEpoch);
  }

  /** @internal */
  checkState(state: ScheduleState): void {
    const where = `${this.name}.loadStateDict`;
    checkName(where, this.name, state);
    for (const rates of [state.baseLrs, state.lr]) checkRates(where, rates, this.optimizer.groups.length);
    checkRates(where, state.lastLr, state.lastLr.length);
    if (!(state.lastEpoch >= -1 && state.lastEpoch < Infinity)) {
      throw new ValueError(where, `lastEpoch is ${state.lastEpoch}`, "Give a state as stateDict() returns it");
    }
  }
}
