import { checkOptions, checkWhole, ValueError } from "@dl/registry";
import { checkNotNegative } from "../groups.js";
import { checkName, checkRates, perGroup } from "./checks.js";
import type { Scheduled } from "./schedule.js";

export interface ReduceLROnPlateauOptions {
  /** Whether the metric should fall (`"min"`, default) or rise (`"max"`). */
  readonly mode?: "min" | "max";
  /** Factor on the rate, in [0, 1). Default 0.1. */
  readonly factor?: number;
  /** Epochs without improvement that are borne. Default 10. */
  readonly patience?: number;
  /** By how much the metric must be better to count. Default 1e-4. */
  readonly threshold?: number;
  /** Whether the threshold is a part of the best value (`"rel"`, default) or a difference (`"abs"`). */
  readonly thresholdMode?: "rel" | "abs";
  /** Epochs after a reduction in which nothing is counted. Default 0. */
  readonly cooldown?: number;
  /** The lowest rate, for all groups or for each. Default 0. */
  readonly minLr?: number | readonly number[];
  /** Reductions by no more than this are left out. Default 1e-8. */
  readonly eps?: number;
}

export interface PlateauState {
  readonly name: string;
  readonly lastEpoch: number;
  /** The best metric so far; `null` before the first. */
  readonly best: number | null;
  readonly numBadEpochs: number;
  readonly cooldownCounter: number;
  readonly lr: readonly number[];
}

function checkChoice(name: string, value: string, choices: readonly string[]): void {
  if (!choices.includes(value)) throw new ValueError("ReduceLROnPlateau", `${name} is "${value}"`, `Use "${choices.join('" or "')}"`, { [name]: value });
}

function checked(options: ReduceLROnPlateauOptions): Required<ReduceLROnPlateauOptions> {
  checkOptions("ReduceLROnPlateau", options, ["mode", "factor", "patience", "threshold", "thresholdMode", "cooldown", "minLr", "eps"]);
  const { mode = "min", factor = 0.1, patience = 10, threshold = 1e-4, thresholdMode = "rel", cooldown = 0, minLr = 0, eps = 1e-8 } = options;
  checkChoice("mode", mode, ["min", "max"]);
  checkChoice("thresholdMode", thresholdMode, ["rel", "abs"]);
  checkNotNegative("ReduceLROnPlateau", { factor, threshold, eps });
  if (factor >= 1) throw new ValueError("ReduceLROnPlateau", `factor is ${factor}`, "Give a number in [0, 1)", { factor });
  checkWhole("ReduceLROnPlateau", "patience", patience, 0);
  checkWhole("ReduceLROnPlateau", "cooldown", cooldown, 0);
  return { mode, factor, patience, threshold, thresholdMode, cooldown, minLr, eps };
}

/**
 * Multiplies the rate by `factor` when a metric has not improved for more than `patience` epochs: `scheduler.step(validationLoss)`
 * after every epoch.
 * @throws ValueError for options out of range
 */
export class ReduceLROnPlateau {
  readonly name = "ReduceLROnPlateau";
  readonly #options: Required<ReduceLROnPlateauOptions>;
  readonly #minLrOf: (index: number) => number;
  #lastEpoch = 0;
  #best: number | null = null;
  #bad = 0;
  #cooling = 0;

  constructor(readonly optimizer: Scheduled, options: ReduceLROnPlateauOptions = {}) {
    this.#options = checked(options);
    this.#minLrOf = perGroup(this.name, "minLr", this.#options.minLr, optimizer);
  }

  /** @param metric this epoch's value; NaN counts as no improvement */
  step(metric: number): void {
    if (typeof metric !== "number") throw new ValueError(this.name, `the metric is ${typeof metric}`, "Pass a number: loss.item()");
    const { patience, cooldown } = this.#options;
    this.#lastEpoch += 1;
    const improved = this.#isBetter(metric);
    if (improved) this.#best = metric;
    this.#bad = improved ? 0 : this.#bad + 1;
    if (this.#cooling > 0) {
      this.#cooling -= 1;
      this.#bad = 0;
    }
    if (this.#bad <= patience) return;
    this.#reduce();
    this.#cooling = cooldown;
    this.#bad = 0;
  }

  #isBetter(metric: number): boolean {
    const { mode, threshold, thresholdMode } = this.#options;
    const sign = mode === "min" ? -1 : 1;
    const best = this.#best ?? -sign * Infinity;
    const mark = thresholdMode === "rel" ? best * (1 + sign * threshold) : best + sign * threshold;
    return mode === "min" ? metric < mark : metric > mark;
  }

  #reduce(): void {
    const { factor, eps } = this.#options;
    this.optimizer.groups.forEach((group, index) => {
      const lr = Math.max(group.lr * factor, this.#minLrOf(index));
      if (group.lr - lr > eps) group.lr = lr;
    });
  }

  /** The rate of each group. */
  getLastLr(): readonly number[] {
    return this.optimizer.groups.map(({ lr }) => lr);
  }

  /** Plain JSON, from which `loadStateDict` of a schedule made with the same options goes on exactly. */
  stateDict(): PlateauState {
    const best = this.#best !== null && Number.isFinite(this.#best) ? this.#best : null;
    return { name: this.name, lastEpoch: this.#lastEpoch, best, numBadEpochs: this.#bad, cooldownCounter: this.#cooling, lr: this.getLastLr() };
  }

  /**
   * Continues from a state, and sets the rates of the groups to what they were. On failure nothing changes.
   * @throws StateError for the state of another schedule or of other groups, ValueError for one that was altered
   */
  loadStateDict({ lastEpoch, best, numBadEpochs, cooldownCounter, lr, name }: PlateauState): void {
    const where = `${this.name}.loadStateDict`;
    checkName(where, this.name, { name });
    const { groups } = this.optimizer;
    checkRates(where, lr, groups.length);
    for (const [key, value] of Object.entries({ lastEpoch, numBadEpochs, cooldownCounter })) checkWhole(where, key, value, 0);
    if (best !== null && !Number.isFinite(best)) throw new ValueError(where, `best is ${best}`, "Give a finite number, or null");
    [this.#lastEpoch, this.#best, this.#bad, this.#cooling] = [lastEpoch, best, numBadEpochs, cooldownCounter];
    groups.forEach((group, index) => { group.lr = lr[index]; });
  }
}
