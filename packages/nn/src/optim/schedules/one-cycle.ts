import { checkOptions, checkWhole, ValueError } from "@dl/registry";
import { checkRange } from "../groups.js";
import { perGroup } from "./checks.js";
import { Schedule, setInitialLr } from "./schedule.js";
import type { Scheduled } from "./schedule.js";

export interface OneCycleLROptions {
  /** The highest rate, for all groups or for each. */
  readonly maxLr: number | readonly number[];
  /** Steps of the whole cycle; or give `epochs` and `stepsPerEpoch`, whose product it is. */
  readonly totalSteps?: number;
  readonly epochs?: number;
  readonly stepsPerEpoch?: number;
  /** Part of the steps on which the rate rises, in [0, 1]. Default 0.3. */
  readonly pctStart?: number;
  /** The way between two rates. Default `"cos"`. */
  readonly annealStrategy?: "cos" | "linear";
  /** Let momentum, or Adam's first beta, fall while the rate rises, and rise while it falls. Default true. */
  readonly cycleMomentum?: boolean;
  /** The lowest momentum. Default 0.85. */
  readonly baseMomentum?: number | readonly number[];
  /** The highest momentum. Default 0.95. */
  readonly maxMomentum?: number | readonly number[];
  /** The first rate is maxLr/divFactor. Default 25. */
  readonly divFactor?: number;
  /** The last rate is the first/finalDivFactor. Default 1e4. */
  readonly finalDivFactor?: number;
  /** Fall back to the first rate as fast as it rose, and then on to the last. Default false. */
  readonly threePhase?: boolean;
}

/** A group whose momentum can be cycled, too. */
export interface CycledGroup {
  lr: number;
  momentum?: number;
  betas?: readonly [number, number];
}

type Level = "first" | "max" | "last";

/** A stretch of the cycle, up to and with the step `end`. */
interface Phase {
  readonly end: number;
  readonly from: Level;
  readonly to: Level;
}

const known = [
  "maxLr", "totalSteps", "epochs", "stepsPerEpoch", "pctStart", "annealStrategy", "cycleMomentum", "baseMomentum", "maxMomentum",
  "divFactor", "finalDivFactor", "threePhase",
];

function totalOf({ totalSteps, epochs, stepsPerEpoch }: OneCycleLROptions): number {
  if (totalSteps !== undefined) {
    checkWhole("OneCycleLR", "totalSteps", totalSteps, 1);
    return totalSteps;
  }
  if (epochs === undefined || stepsPerEpoch === undefined) throw new ValueError("OneCycleLR", "the number of steps is not given", "Give totalSteps, or epochs and stepsPerEpoch");
  checkWhole("OneCycleLR", "epochs", epochs, 1);
  checkWhole("OneCycleLR", "stepsPerEpoch", stepsPerEpoch, 1);
  return epochs * stepsPerEpoch;
}

function phasesOf(total: number, pctStart: number, threePhase: boolean): readonly Phase[] {
  const rise: Phase = { end: pctStart * total - 1, from: "first", to: "max" };
  if (!threePhase) return [rise, { end: total - 1, from: "max", to: "last" }];
  return [rise, { end: 2 * pctStart * total - 2, from: "max", to: "first" }, { end: total - 1, from: "first", to: "last" }];
}

const ways = {
  cos: (from: number, to: number, part: number) => to + ((from - to) / 2) * (Math.cos(Math.PI * part) + 1),
  linear: (from: number, to: number, part: number) => (to - from) * part + from,
} as const;

type Between = (step: number, levels: Readonly<Record<Level, number>>) => number;

/** What a step of the cycle is between two levels. */
function cycleOf(options: OneCycleLROptions): Between {
  const { pctStart = 0.3, annealStrategy = "cos", threePhase = false } = options;
  const total = totalOf(options);
  if (!(pctStart >= 0 && pctStart <= 1)) throw new ValueError("OneCycleLR", `pctStart is ${pctStart}`, "Give a number in [0, 1]", { pctStart });
  if (!Object.hasOwn(ways, annealStrategy)) throw new ValueError("OneCycleLR", `annealStrategy is "${annealStrategy}"`, 'Use "cos" or "linear"', { annealStrategy });
  const phases = phasesOf(total, pctStart, threePhase);
  return (step, levels) => {
    if (step > total) throw new ValueError("OneCycleLR", `step ${step} of a cycle of ${total}`, "Give the totalSteps of the whole training", { step, total });
    const reached = phases.findIndex(({ end }) => step <= end);
    const now = reached === -1 ? phases.length - 1 : reached;
    const start = now === 0 ? 0 : phases[now - 1].end;
    const { end, from, to } = phases[now];
    return ways[annealStrategy](levels[from], levels[to], end === start ? 1 : (step - start) / (end - start));
  };
}

/** Sets a group's momentum, or its first beta. */
function setMomentum(group: CycledGroup, momentum: number): void {
  if (group.betas !== undefined) group.betas = [momentum, group.betas[1]];
  else group.momentum = momentum;
}

type MomentumOptions = Pick<OneCycleLROptions, "cycleMomentum" | "baseMomentum" | "maxMomentum">;

/** What lets momentum go the other way than the rate. */
function momentumCycle(optimizer: Scheduled<CycledGroup>, between: Between, options: MomentumOptions): (step: number) => void {
  const { cycleMomentum = true, baseMomentum = 0.85, maxMomentum = 0.95 } = options;
  if (!cycleMomentum) return () => undefined;
  if (!optimizer.groups.every((group) => "momentum" in group || "betas" in group)) {
    throw new ValueError("OneCycleLR", "the optimizer has neither momentum nor betas", "Pass cycleMomentum: false");
  }
  const lowest = perGroup("OneCycleLR", "baseMomentum", baseMomentum, optimizer);
  const highest = perGroup("OneCycleLR", "maxMomentum", maxMomentum, optimizer);
  optimizer.groups.forEach((_, index) => {
    checkRange("OneCycleLR", "baseMomentum", lowest(index), 0, 1);
    checkRange("OneCycleLR", "maxMomentum", highest(index), 0, 1);
  });
  return (step) => {
    optimizer.groups.forEach((group, index) => { setMomentum(group, between(step, { first: highest(index), max: lowest(index), last: highest(index) })); });
  };
}

/**
 * One cycle for the whole training, with one step per batch: the rate rises from maxLr/divFactor to maxLr, then falls to
 * maxLr/divFactor/finalDivFactor, along cosines; momentum goes the other way. (Smith & Topin, 2019)
 * @throws ValueError for options out of range, and for more steps than the cycle has
 */
export class OneCycleLR extends Schedule {
  constructor(optimizer: Scheduled<CycledGroup>, options: OneCycleLROptions) {
    checkOptions("OneCycleLR", options, known);
    const { divFactor = 25, finalDivFactor = 1e4 } = options;
    for (const [name, value] of Object.entries({ divFactor, finalDivFactor })) {
      if (!(value > 0 && value < Infinity)) throw new ValueError("OneCycleLR", `${name} is ${value}`, "Give a finite number above 0", { [name]: value });
    }
    const maxLrOf = perGroup("OneCycleLR", "maxLr", options.maxLr, optimizer);
    optimizer.groups.forEach((_, index) => { checkRange("OneCycleLR", "maxLr", maxLrOf(index)); });
    const between = cycleOf(options);
    const moved = momentumCycle(optimizer, between, options);
    optimizer.groups.forEach((group, index) => { setInitialLr(group, maxLrOf(index) / divFactor); });
    super("OneCycleLR", optimizer, {
      next({ epoch, index }) {
        const first = maxLrOf(index) / divFactor;
        return between(epoch, { first, max: maxLrOf(index), last: first / finalDivFactor });
      },
      moved,
    });
  }
}
